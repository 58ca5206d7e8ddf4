"""Calls that are owed: made from their item, and what came of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.tickets import access as readable
from helpdesk.tickets.errors import Refusal
from telephony import access
from telephony.actions import owed


@require_POST
def call_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the call: its card opens with the number."""
    promise, now = readable.promise_for(request.user, pk), timezone.now()
    readable.handled_ticket(request.user, promise.ticket_id, at=now)
    try:
        call = owed.call_now(promise, by=request.user, at=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("tickets:ticket", promise.ticket_id)
    return redirect("telephony:card", call.pk)


@require_POST
def not_reached(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody answered: the next try is set, and the card is done with."""
    call = access.call_for(request.user, pk)
    try:
        owed.not_reached(call, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Noted: not reached."))
    return redirect("tickets:ticket", call.ticket_id) if call.ticket_id else redirect("queues:desk")
