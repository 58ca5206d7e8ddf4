"""Doorways to tickets: the only way from a key in an address to a row. Unknown and forbidden are one 404."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.accounts.actions import audit
from helpdesk.tickets.models import Answer, Promise, Ticket
from helpdesk.tickets.rules import Level

_READS = {Level.RESTRICTED: "read-restricted", Level.SEALED: "read-sealed"}


def ticket_for(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A ticket the user may read at the desk; reads above ordinary are written to the audit."""
    ticket = _or_404(Ticket.objects.visible_to(user, at=at).for_list().filter(pk=pk).first())
    if act := _READS.get(Level(ticket.level)):
        audit(act, by=user, at=at, subject=ticket)
    return ticket


def handled_ticket(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A ticket the user may work on."""
    if not user.has_perm("tickets.handle_ticket"):
        raise PermissionDenied
    return _or_404(Ticket.objects.visible_to(user, at=at).for_list().filter(pk=pk).first())


def answer_for(user: Any, pk: int) -> Answer:
    rows = Answer.objects.visible_to(user).select_related(
        "ticket", "author", "released_by", "entry"
    )
    return _or_404(rows.filter(pk=pk).first())


def promise_for(user: Any, pk: int) -> Promise:
    return _or_404(Promise.objects.visible_to(user).select_related("ticket").filter(pk=pk).first())


def _or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
