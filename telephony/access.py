"""Doorways to calls."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.associations.models import Person
from helpdesk.tickets.models import Ticket
from telephony.models import Call


def may_answer(user: Any) -> None:
    """Raises PermissionDenied for who does not work on tickets."""
    if not user.has_perm("tickets.handle_ticket"):
        raise PermissionDenied


def call_for(user: Any, pk: int) -> Call:
    """One's own call: somebody else's is unknown here."""
    may_answer(user)
    call = Call.objects.of(user).for_card().filter(pk=pk).first()
    if call is None:
        raise Http404
    return call


def unwrapped_calls(user: Any) -> list[Call]:
    """Calls the user still owes a wrap-up."""
    return list(Call.objects.of(user).unwrapped().select_related("payload"))


def open_tickets(user: Any, persons: list[Person], *, at: datetime) -> list[Ticket]:
    """Open tickets of these persons and their associations that the user may read."""
    if not persons:
        return []
    rows = Ticket.objects.visible_to(user, at=at).open().for_list()
    of_person = rows.filter(person__in=persons)
    of_association = rows.filter(association__mandates__person__in=persons)
    return list((of_person | of_association).distinct().order_by("-moved_at")[:6])
