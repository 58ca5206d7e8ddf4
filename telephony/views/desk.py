"""The desk line: one key when a telephone rings, the number, the call card, the wrap-up."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.live.actions import draft_of, drop_draft, save_draft
from helpdesk.tickets import access as readable
from helpdesk.tickets import papers
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.facts import asked
from helpdesk.tickets.rules import CAUTION
from knowledge.articles import advising
from telephony import access, actions, callers
from telephony.forms import NEW, CardForm, RingForm
from telephony.rules import has_call, recognition
from telephony.suggesting import facts as facts_for
from telephony.suggesting import offered, refused, settle, told
from telephony.views.acts import led
from telephony.views.ringing import band_of, speaks_on


@require_http_methods(["GET", "POST"])
def ring(request: HttpRequest) -> HttpResponse:
    """A telephone rings: type the number it shows."""
    access.may_answer(request.user)
    form = RingForm(request.POST or None, initial={"key": uuid.uuid4().hex})
    if request.method == "POST" and form.is_valid():
        call = actions.answer_telephone(
            by=request.user, at=timezone.now(), number=form.cleaned_data["number"],
            key=form.cleaned_data["key"],
        )  # fmt: skip
        return redirect("telephony:card", call.pk)
    unwrapped = access.unwrapped_calls(request.user)
    return render(
        request, "telephony/ring.html", {"form": form, "unwrapped": unwrapped},
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The call card, and its wrap-up."""
    call = access.call_for(request.user, pk)
    if call.wrapped_at:
        return done(call)
    form = bound(request, call)
    if request.method == "POST":
        if form.is_valid():
            return _wrap_up(request, call, form)
        keep(request, call)
    return shown(request, call, form)


def done(call: Any) -> HttpResponse:
    """Where a call that was wrapped up is to be found."""
    if call.ticket_id:
        return redirect("tickets:ticket", call.ticket_id)
    return redirect("queues:desk")


def shown(request: HttpRequest, call: Any, form: CardForm) -> HttpResponse:
    """The card, with what could not be taken said on it."""
    language, persons = _page_language(form), list(form.persons.values())
    theme = form.themes.get(str(form["theme"].value() or ""))
    context = {
        **band_of(request, call),
        "conflicts": callers.signs(call.ticket, request.user),
        "call": call, "form": form, "persons": persons, "place": _place(call),
        "recognition": recognition(len(persons), withheld=not call.number),
        "caution": CAUTION[language], "menu": papers.menu(theme, language),
        "offered": offered(
            str(form["words"].value() or ""), language, given=form.given,
            refused=refused(form.data or form.initial),
        ),
    }  # fmt: skip
    page = render(request, "telephony/card.html", context, status=422 if form.errors else 200)
    return speaks_on(page, context["band"])


def bound(request: HttpRequest, call: Any) -> CardForm:
    """The card's form with what was typed, or with the draft."""
    return _form(request, call, callers.persons_of(call))


def keep(request: HttpRequest, call: Any) -> None:
    """Keep what was typed, whatever becomes of it."""
    save_draft(place=_place(call), fields=_typed(request), at=timezone.now(), user=request.user)


def _wrap_up(request: HttpRequest, call: Any, form: CardForm) -> HttpResponse:
    try:
        ticket = actions.wrap_up(call, form.wrapup(), by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("telephony:card", call.pk)
    settle(
        ticket, form.cleaned_data["words"], _page_language(form), _typed(request), at=timezone.now()
    )
    drop_draft(place=_place(call), user=request.user)
    messages.success(request, _("The call is written into %(ticket)s.") % {"ticket": ticket})
    return redirect("tickets:ticket", ticket.pk)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The advisor hangs up: what was typed stays, the wrap-up goes on. Others only leave the call."""
    now = timezone.now()
    leg = access.leg_in(request.user, pk)
    if leg is not None and not has_call(leg):
        actions.end(leg, at=now)
        return led(request, reverse("queues:desk"))
    call = access.call_for(request.user, pk)
    if typed := _typed(request):
        save_draft(place=_place(call), fields=typed, at=now, user=request.user)
    if "later" in request.POST:
        actions.put_off(call, by=request.user, at=now)
        messages.info(request, _("The call waits for its wrap-up among your calls."))
        return redirect("queues:desk")
    actions.hang_up(call, at=now)
    return led(request, reverse("telephony:card", args=[pk]))


@require_GET
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Articles for what is asked, with the lines to read aloud.

    A theme that is not known yet follows the answers as long as nobody chose another.
    """
    access.call_for(request.user, pk)
    asked = request.GET
    language = "fr" if asked.get("language") == "fr" else "ar"
    given = readable.versions_for(request.user, told(asked.dict()))
    found = offered(asked.get("words", ""), language, given=given, refused=refused(asked.dict()))
    theme, preset = asked.get("theme", ""), asked.get("preset", "")
    follows = bool(found.theme) and theme == preset
    context = {
        "offered": found, "preset": found.theme if follows else preset, "follows": follows,
        "themes": advising.themes() if follows else [],
    }  # fmt: skip
    return render(request, "telephony/suggestions.html", context)


def _form(request: HttpRequest, call: Any, persons: list[Any]) -> CardForm:
    now = timezone.now()
    tickets = access.open_tickets(request.user, persons, at=now)
    if call.ticket and call.ticket not in tickets:
        tickets = [call.ticket, *tickets]
    draft = draft_of(place=_place(call), user=request.user)
    only = persons[0] if len(persons) == 1 else None
    initial = {
        "person": str(only.pk) if only else "",
        "ticket": str(call.ticket_id) if call.ticket_id else NEW,
        "language": call.language or (only.speaks or only.language if only else "ary"),
        "call_back": "", **callers.told(call), **draft,
    }  # fmt: skip
    typed = _typed(request) if request.method == "POST" else None
    language = "fr" if (typed or initial).get("language") == "fr" else "ar"
    words = str((typed or initial).get("words", ""))
    told_of = {
        name.removeprefix("fact_"): value
        for name, value in (typed or draft).items() if name.startswith("fact_")
    }  # fmt: skip
    theme = str((typed or initial).get("theme", ""))
    facts = asked([*facts_for(words, language), *told_of], theme=theme)
    facts += [code for code, value in told_of.items() if value and code not in facts]
    return CardForm(
        typed, initial=initial, persons=persons, tickets=tickets,
        themes=advising.themes(call.ticket.theme if call.ticket else None),
        facts=facts, at=now, own=call.ticket, is_own=actions.was_opened_by(call),
        chosen=access.chosen_ticket(request.user, (typed or draft).get("reference", ""), at=now),
        given=readable.versions_for(request.user, told(typed or draft)),
    )  # fmt: skip


def _typed(request: HttpRequest) -> dict[str, str]:
    return {
        name: value for name, value in request.POST.items()
        if isinstance(value, str) and name not in ("csrfmiddlewaretoken", "later", "file")
    }  # fmt: skip


def _place(call: Any) -> str:
    return f"call:{call.pk}"


def _page_language(form: CardForm) -> str:
    return "fr" if form["language"].value() == "fr" else "ar"
