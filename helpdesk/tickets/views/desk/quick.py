"""What makes the desk quick: tags, putting off, phrases at hand, a colleague's unsent text."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.live.actions import draft_of, save_draft
from helpdesk.tickets import access, desk_access
from helpdesk.tickets.actions import snoozing, tagging
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.forms.composing import KEPT, kept_quotes, written_quotes
from helpdesk.tickets.forms.phrases import SnoozeForm
from helpdesk.tickets.phrases import filled
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.views.desk.acts import form_view, typed
from helpdesk.tickets.views.desk.page import Panel, back, open_panel


@require_POST
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a word on the ticket."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    tagging.tag(ticket, request.POST.get("name", ""), by=request.user, at=timezone.now())
    return _tags(request, pk)


@require_POST
def untag(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word off."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    tagging.untag(ticket, _number(request.POST.get("tag", "")))
    return _tags(request, pk)


def _tags(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return back(pk)
    row = access.shown_ticket(request.user, pk, at=timezone.now())
    context = {"ticket": row, "handles": True, "is_fresh": True}
    return render(request, "tickets/parts/tags.html", context)


@form_view
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the ticket off until a moment in the centre's hours."""
    now = timezone.now()
    ticket = access.handled_ticket(request.user, pk, at=now)
    form = SnoozeForm(
        typed(request), timetable=desk_access.timetable(ticket), at=now,
        initial={"base": ticket.last, "hour": "09:00"},
    )  # fmt: skip
    panel = Panel(
        title=_("Put off"), act=reverse("tickets:snooze", args=[pk]), submit=_("Put off"),
        form=form, template="tickets/panels/snooze.html",
        lead=_("It leaves your turn and comes back at its time, or at once when the person writes."),
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, pk, panel)
    try:
        snoozing.snooze(
            ticket, until=form.moment, base=form.cleaned_data["base"], by=request.user, at=now
        )
    except Refusal as refusal:
        return open_panel(request, pk, panel, said=str(refusal))
    return back(pk)


@require_POST
def waking(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it up again now."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    if not snoozing.wake(ticket, by=request.user, at=timezone.now()):
        messages.info(request, _("It had come back already."))
    return back(pk)


@form_view
def phrases(request: HttpRequest, pk: int) -> HttpResponse:
    """Ready phrases filled for this ticket: a list to choose from, or the one that `word` fetches.

    Without script a chosen phrase (`phrase`) is put at the end of the draft.
    """
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    about = {"name": str(ticket.person) if ticket.person else "", "reference": ticket.reference}
    language = "fr" if request.GET.get("language") == "fr" else "ar"
    if word := request.GET.get("word", "")[:60]:
        one = desk_access.phrase_by_word(request.user, word)
        return JsonResponse({"text": filled(_text(one, language), **about) if one else ""})
    listed = [
        {
            "phrase": one, "ar": filled(_text(one, "ar"), **about),
            "fr": filled(_text(one, "fr"), **about),
        }
        for one in desk_access.phrases(request.user)
    ]  # fmt: skip
    if request.method == "POST":
        chosen = [row for row in listed if str(row["phrase"].pk) == request.POST.get("phrase")]
        own = _own_draft(request, pk)
        code = "fr" if own.get("language", ticket.language) == "fr" else "ar"
        for row in chosen:
            own["body"] = "\n".join(filter(None, [own.get("body", "").rstrip(), row[code]]))
        save_draft(place=draft_place(pk), fields=own, at=timezone.now(), user=request.user)
        return back(pk)
    if "list" in request.GET:
        return render(request, "tickets/parts/phrases.html", {"listed": listed})
    panel = Panel(
        title=_("Ready phrases"), act=reverse("tickets:phrases", args=[pk]), submit="",
        template="tickets/panels/phrases.html", extra=listed,
    )  # fmt: skip
    return open_panel(request, pk, panel)


@require_POST
def take_draft(request: HttpRequest, pk: int, colleague: int) -> HttpResponse:
    """Copy a colleague's unsent answer into one's own composer; theirs stays where it is."""
    access.handled_ticket(request.user, pk, at=timezone.now())
    ticket = access.shown_ticket(request.user, pk, at=timezone.now())
    theirs = desk_access.unsent_of(ticket, request.user, colleague)
    own = _own_draft(request, pk)
    body = own.get("body", "").rstrip()
    quotes = kept_quotes(theirs.fields) | kept_quotes(own)
    own |= {
        "kind": "answer", "body": "\n\n".join(filter(None, [body, theirs.text])),
        "help": own.get("help") or theirs.fields.get("help", ""),
        "quotes": ";".join(written_quotes(quotes)),
    }  # fmt: skip
    if not body:
        own["language"] = theirs.language
    save_draft(place=draft_place(pk), fields=own, at=timezone.now(), user=request.user)
    return back(pk)


def _own_draft(request: HttpRequest, pk: int) -> dict[str, str]:
    """What stands in the composer: as sent with the click, else as it was kept."""
    kept = dict(draft_of(place=draft_place(pk), user=request.user))
    return kept | {name: request.POST[name] for name in KEPT if name in request.POST}


def _text(phrase: Any, language: str) -> str:
    """In that language, else in the other."""
    both = (
        (phrase.text_fr, phrase.text_ar) if language == "fr" else (phrase.text_ar, phrase.text_fr)
    )
    return str(both[0] or both[1])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
