"""Conflict check: whom an advisor may not serve without knowing it.

Three signs: the other side of an open dispute, a former office-holder asking about an association
whose present office-holders ask too, another open question of governance (theme C) of the same
association. A warning never shows more of another ticket than its reader may open.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from helpdesk.associations.rules import Standing
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import State

GOVERNANCE = "C"
SHOWN = 5
PRESENT = (Standing.OFFICE_HOLDER, Standing.MEMBER)


@dataclass(frozen=True)
class Warned:
    """One sign. `ticket` is empty when the reader may not open the other ticket."""

    text: str
    ticket: Any = None
    grave: bool = False


def warnings(ticket: Any, user: Any) -> list[Warned]:
    """Signs of a conflict around a ticket, the gravest first; one query."""
    if ticket.association_id is None:
        return []
    found = [w for other in _others(ticket, user) if (w := _sign(ticket, other, user))]
    return sorted(found, key=lambda warned: not warned.grave)[:SHOWN]


def _others(ticket: Any, user: Any) -> Any:
    """Open or disputed tickets of the same association."""
    readable = Ticket.objects.visible_to(user).filter(pk=OuterRef("pk"))
    live = ~Q(state=State.CLOSED) | Q(
        dispute_side__isnull=False, dispute_side__dispute__ended_at=None
    )
    return (
        Ticket.objects.unmerged()
        .filter(live, association_id=ticket.association_id)
        .exclude(pk=ticket.pk)
        .select_related("theme", "assignee", "dispute_side__dispute")
        .annotate(can_open=Exists(readable))
        .order_by("-moved_at")[:20]
    )


def _sign(ticket: Any, other: Any, user: Any) -> Warned | None:
    shown = other if other.can_open else None
    mine, theirs = side_of(ticket), side_of(other)
    if theirs and theirs != mine:
        if other.assignee_id == user.pk:
            return Warned(_("You already answer the other side of this dispute."), shown, True)
        return Warned(_("The other side of an open dispute asks too."), shown, True)
    if ticket.standing == Standing.FORMER and other.standing in PRESENT:
        return Warned(_("A former office-holder asks; the present board asks too."), shown, True)
    if other.standing == Standing.FORMER and ticket.standing != Standing.FORMER:
        return Warned(_("A former office-holder of this association asks too."), shown, True)
    if other.theme_id and other.theme.code == GOVERNANCE and other.state != State.CLOSED:
        return Warned(_("Another question of governance of this association is open."), shown)
    return None


def side_of(ticket: Any) -> str:
    """`a` or `b` in a dispute that is still open; empty otherwise."""
    row = getattr(ticket, "dispute_side", None)
    return row.side if row is not None and row.dispute.ended_at is None else ""
