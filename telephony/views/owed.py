"""Calls that are made: owed ones from their item, others from a request or a person; and what came of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.tickets import access as readable
from helpdesk.tickets.errors import Refusal
from telephony import access, providers
from telephony.actions import dialling, owed


@require_POST
def call_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the call: its card opens with the number."""
    promise, now = readable.promise_for(request.user, pk), timezone.now()
    readable.handled_ticket(request.user, promise.ticket_id, at=now)
    make = dialling.call_promised if providers.dials() else owed.call_now
    back = reverse("tickets:ticket", args=[promise.ticket_id])
    return _made(request, back, partial(make, promise, by=request.user, at=now))


@require_POST
def call_asker(request: HttpRequest, pk: int) -> HttpResponse:
    """Call whoever asks, from their request."""
    now = timezone.now()
    ticket = readable.handled_ticket(request.user, pk, at=now)
    back = reverse("tickets:ticket", args=[ticket.pk])
    return _made(request, back, partial(dialling.call_asker, ticket, by=request.user, at=now))


@require_POST
def call_person(request: HttpRequest, pk: int, phone: int) -> HttpResponse:
    """Call one of the numbers of somebody we know."""
    person, number = access.number_of(request.user, pk, phone)
    back = reverse("associations:person", args=[pk])
    act = partial(dialling.call_person, person, number, by=request.user, at=timezone.now())
    return _made(request, back, act)


def _made(request: HttpRequest, back: str, act: Callable[[], Any]) -> HttpResponse:
    """The card of the call; where it is refused, why, on the page that asked."""
    try:
        call = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect("telephony:card", call.pk)


@require_POST
def not_reached(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody answered, or a machine: the next try is set, and the card is done with."""
    call = access.call_for(request.user, pk)
    say = dialling.not_reached if dialling.is_by_page(call) else owed.not_reached
    try:
        say(call, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Noted: not reached."))
    return redirect("tickets:ticket", call.ticket_id) if call.ticket_id else redirect("queues:desk")
