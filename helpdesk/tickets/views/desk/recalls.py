"""Recalls after a change of law: the list, one recall with whom it concerns, telling, closing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from helpdesk.accounts.actions import audit
from helpdesk.tickets import access, recall_page, recall_words
from helpdesk.tickets.actions import recalling
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.forms.recalls import ClosingForm, TellingForm
from helpdesk.tickets.views.desk.acts import form_view, typed


@require_safe
def recalls(request: HttpRequest) -> HttpResponse:
    """Every recall with how far it is."""
    return render(request, "tickets/recalls.html", {"rows": recall_page.recalls(request.user)})


@require_safe
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it concerns: told how, when, by whom; who remains."""
    return _page(request, recall_page.recall_for(request.user, pk))


@form_view
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """The ready message to everybody whom a notice reaches: looked at first, then sent."""
    user: Any = request.user
    found, now = recall_page.led_recall(user, pk), timezone.now()
    rows = recall_page.sendable(user, found)
    if request.method == "POST":
        sent = recalling.send_all(rows, by=user, at=now)
        if sent:
            audit("recall-told", by=user, at=now, subject=found, facts={"sent": sent})
        said = ngettext("%(n)d message was written.", "%(n)d messages were written.", sent)
        messages.success(request, said % {"n": sent})
        return redirect("tickets:recall", pk)
    samples = {row.ticket.language == "fr": row for row in reversed(rows)}
    context = {
        "recall": found, "count": len(rows),
        "samples": [
            ("fr" if french else "ar", recall_words.message(row))
            for french, row in sorted(samples.items())
        ],
    }  # fmt: skip
    return render(request, "tickets/recall_sending.html", context)


@form_view
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody was followed to the end."""
    found = recall_page.led_recall(request.user, pk)
    form = ClosingForm(typed(request))
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        recalling.close_recall(found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form=form)
    messages.success(request, _("The recall is closed."))
    return redirect("tickets:recalls")


@form_view
def recalled(request: HttpRequest, pk: int) -> HttpResponse:
    """One request of a recall: the message, and what was done about it."""
    user: Any = request.user
    row, now = recall_page.recalled_for(user, pk), timezone.now()
    access.ticket_for(user, row.ticket_id, at=now)
    by_message = recall_page.reach_by_message(row.ticket)
    initial = {
        "text": recall_words.message(row),
        "what": "message" if by_message else "call",
    }
    form = TellingForm(typed(request), by_message=by_message, initial=initial)
    if form.is_valid():
        try:
            _done(row, by=user, at=now, **form.cleaned_data)
            messages.success(request, _("Kept on the list and in the request."))
        except Refusal as refusal:
            messages.info(request, str(refusal))
        return redirect("tickets:recall", row.recall_id)
    context = {"row": row, "form": form, "recall": row.recall}
    status = 422 if form.errors else 200
    return render(request, "tickets/recalled.html", context, status=status)


def _done(row: Any, *, what: str, text: str, note: str, by: Any, at: Any) -> None:
    if what == "message":
        recalling.send(row, by=by, at=at, text=text)
    elif what == "spared":
        recalling.spare(row, by=by, at=at, why=note)
    elif what == "unreached":
        recalling.give_up(row, by=by, at=at, why=note)
    else:
        recalling.note_told(row, way=what, by=by, at=at, note=note)


def _page(request: HttpRequest, found: Any, *, form: Any = None) -> HttpResponse:
    user: Any = request.user
    only = "all" if request.GET.get("view") == "all" else "due"
    rows = recall_page.lines(user, found)
    progress = recall_page.progress(user, found)
    if not progress.due:
        only = "all"
    context = {
        "recall": found,
        "progress": progress,
        "lines": recall_page.shown_lines(rows, only),
        "only": only,
        "hides": recall_page.hides_due(user, found),
        "leads": user.has_perm("tickets.release_answer"),
        "handles": user.has_perm("tickets.handle_ticket"),
        "sendable": sum(line.row.is_due and line.by_message for line in rows),
        "form": form or ClosingForm(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "tickets/recall.html", context, status=status)
