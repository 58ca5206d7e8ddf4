"""Answers that wait for a second person, and what proves one that went out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpdesk.live.actions import save_draft
from helpdesk.tickets import access, provenance
from helpdesk.tickets.actions import answering
from helpdesk.tickets.errors import NotYours, Refusal
from helpdesk.tickets.forms.acts import ReturnForm
from helpdesk.tickets.forms.composing import written_quotes
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.views.desk.acts import form_view, typed
from helpdesk.tickets.views.desk.page import Panel, back, open_panel


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a waiting answer go out; never one's own where four eyes are required."""
    answer = access.handled_answer(request.user, pk)
    try:
        answering.release(answer, by=request.user, at=timezone.now())
        messages.success(request, _("The answer went out."))
    except NotYours as refusal:
        messages.error(request, str(refusal))
    except Refusal:
        _say_moved(request, answer)
    return back(answer.ticket_id)


@form_view
def returning(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a waiting answer back to its author, with what is to be changed."""
    answer = access.handled_answer(request.user, pk)
    form = ReturnForm(typed(request))
    panel = Panel(
        title=_("Return the answer to its author"), act=reverse("tickets:return", args=[pk]),
        submit=_("Return"), form=form,
    )  # fmt: skip
    if not form.is_valid():
        return open_panel(request, answer.ticket_id, panel)
    try:
        answering.send_back(
            answer, by=request.user, at=timezone.now(), why=form.cleaned_data["why"]
        )
    except NotYours as refusal:
        return open_panel(request, answer.ticket_id, panel, said=str(refusal))
    except Refusal:
        _say_moved(request, answer)
    return back(answer.ticket_id)


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a returned answer back into its author's composer, with its articles."""
    answer = access.answer_for(request.user, pk)
    access.handled_ticket(request.user, answer.ticket_id, at=timezone.now())
    if answer.author_id == request.user.pk and answer.is_returned:
        quotes = {row.version_id: tuple(row.statements) for row in answer.given.all()}
        fields = {
            "kind": "answer", "language": answer.language, "body": answer.text,
            "help": answer.help, "quotes": ";".join(written_quotes(quotes)),
        }  # fmt: skip
        place = draft_place(answer.ticket_id)
        save_draft(place=place, fields=fields, at=timezone.now(), user=request.user)
    return back(answer.ticket_id)


@require_GET
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an answer comes from, as of its day, and what has changed since. Prints on one page."""
    user: Any = request.user
    answer = access.answer_for(user, pk)
    access.ticket_for(user, answer.ticket_id, at=timezone.now())
    shown = provenance.of(answer, unsure=bool(user.has_perm("articles.read_unsure")))
    return render(request, "tickets/provenance.html", {"proof": shown, "answer": answer})


def _say_moved(request: HttpRequest, answer: Any) -> None:
    answer.refresh_from_db()
    if answer.is_out:
        messages.info(request, _("This answer went out already."))
    else:
        messages.info(request, _("This answer was returned to its author already."))
