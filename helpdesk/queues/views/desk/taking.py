"""Taking and passing on: one winner, and the loser learns who."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.queues import access, actions
from helpdesk.tickets import access as tickets
from helpdesk.tickets.errors import AlreadyTaken, Overtaken
from helpdesk.tickets.forms.acts import PassForm
from helpdesk.tickets.views.desk.acts import form_view, typed
from helpdesk.tickets.views.desk.page import Panel, open_panel

TRIES = 5
"""How many rows "take the next" tries while colleagues take them first."""


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a ticket; it opens either way, with the winner's name when it was somebody else."""
    ticket = tickets.handled_ticket(request.user, pk, at=timezone.now())
    if ticket.is_closed:
        messages.info(request, _("This request is closed. Reopen it to take it."))
        return redirect("tickets:ticket", pk)
    try:
        actions.claim(ticket, by=request.user, at=timezone.now())
    except AlreadyTaken as taken:
        messages.warning(request, str(taken))
    return redirect("tickets:ticket", pk)


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an offer go by; the next advisor is asked at once."""
    at = timezone.now()
    ticket = tickets.handled_ticket(request.user, pk, at=at)
    if not actions.decline(ticket, by=request.user, at=at):
        messages.info(request, _("The offer had gone on already."))
    return redirect("queues:desk")


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take whoever has waited longest; rows that colleagues take first are passed over."""
    lost: set[int] = set()
    while len(lost) < TRIES:
        waiting = access.next_waiting(request.user, but=lost)
        if waiting is None:
            break
        try:
            actions.claim(waiting.ticket, by=request.user, at=timezone.now())
        except AlreadyTaken:
            lost.add(waiting.ticket_id)
            continue
        return redirect("tickets:ticket", waiting.ticket_id)
    messages.info(request, _("Nobody is waiting now."))
    return redirect("queues:desk")


@form_view
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a ticket to a colleague, take it over, or give it back to the queue."""
    user: Any = request.user
    ticket = tickets.handled_ticket(user, pk, at=timezone.now())
    colleagues = tickets.colleagues(ticket, but=user, on=timezone.localdate())
    me = None if ticket.assignee_id == user.pk else user
    form = PassForm(typed(request), colleagues=colleagues, me=me)
    panel = Panel(
        title=_("Pass on"), act=reverse("queues:handover", args=[pk]), submit=_("Pass on"),
        form=form,
    )  # fmt: skip
    if ticket.is_closed:
        messages.info(request, _("This request is closed. Reopen it to pass it on."))
        return redirect("tickets:ticket", pk)
    if not form.is_valid():
        return open_panel(request, pk, panel)
    try:
        actions.pass_on(
            ticket, to=form.receiver, by=user, at=timezone.now(), note=form.cleaned_data["note"]
        )
    except Overtaken as overtaken:
        return open_panel(request, pk, panel, said=str(overtaken))
    return redirect(
        "queues:desk" if form.receiver != user else reverse("tickets:ticket", args=[pk])
    )
