"""The desk in numbers and short lists, for one person: one query for all of it.

Counts stop at a thousand (`Capped`): nobody reads further.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.queues.models import Presence, Waiting
from helpdesk.queues.querysets import WaitingQuerySet
from helpdesk.tickets.models import Answer, Promise, Ticket
from helpdesk.tickets.querysets import TicketQuerySet
from helpdesk.tickets.subqueries import CAP, Capped, Listed

MINE, SHARED, DUE, WAITING_RELEASE = 12, 12, 8, 8
"""Rows each section of the desk shows."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def counted(number: int) -> str:
    """`186`, or `1 000+` where counting stopped."""
    return str(number) if number <= CAP else f"{CAP:,}".replace(",", "\u00a0") + "+"


@dataclass(frozen=True)
class Figures:
    mine_count: int
    waiting_count: int
    due_count: int
    release_count: int
    late_count: int
    waiting_since: datetime | None
    waiting_due: datetime | None
    state: str
    mine: list[int]
    shared: list[int]
    due: list[int]
    """Tickets of promises, the earliest first."""
    release: list[int]
    """Tickets of answers that wait."""
    also_count: int = 0


def read(
    user: Any, *, at: datetime, also: TicketQuerySet | None = None, late: bool = True
) -> Figures:
    """Everything the top bar and the lists of the desk count, for who may read tickets.

    `also` is a further list to count in the same question; `late=False` where no late ones are shown.
    """
    none = Ticket.objects.filter(pk=0)
    overdue = Ticket.objects.visible_to(user, at=at).late(at=at) if late else none
    mine, waiting = my_turn(user, at=at), _waiting(user)
    due, release = _due(user, at=at), awaiting_release(user)
    first = waiting.order_by("since")
    row = (
        User.objects.filter(pk=user.pk)
        .order_by()
        .values(
            mine_count=Capped(mine),
            waiting_count=Capped(waiting),
            due_count=Capped(due),
            release_count=Capped(release),
            also_count=Capped(also if also is not None else none),
            late_count=Capped(overdue),
            waiting_since=Subquery(first.values("since")[:1]),
            waiting_due=Subquery(first.values("due_at")[:1]),
            state=Subquery(Presence.objects.filter(user=user.pk).values("state")[:1]),
            mine=Listed(_by_due(mine), ("id",), MINE),
            shared=Listed(first, ("ticket_id",), SHARED),
            due=Listed(due.order_by("window_until"), ("ticket_id",), DUE),
            release=Listed(release.order_by("written_at"), ("ticket_id",), WAITING_RELEASE),
        )
        .get()
    )
    lists: dict[str, Any] = {
        name: _once(row.pop(name)) for name in ("mine", "shared", "due", "release")
    }
    return Figures(**{**row, "state": row["state"] or Presence.State.AWAY}, **lists)


def my_turn(user: Any, *, at: datetime) -> TicketQuerySet:
    """Tickets that wait for this person: with them, and the next word is theirs."""
    rows = Ticket.objects.visible_to(user, at=at)
    return rows.filter(assignee=user, state__in=["new", "open"])


def _by_due(rows: TicketQuerySet) -> TicketQuerySet:
    """The nearest answer first, those without a date last.

    By an expression: ordered by the bare column, SQLite walks every ticket of the team in the order
    of its index instead of sorting the few that one person has.
    """
    return rows.order_by(Coalesce("answer_due_at", Value(NEVER, DateTimeField())), "-moved_at")


def _waiting(user: Any) -> WaitingQuerySet:
    return Waiting.objects.now().visible_to(user)


def _due(user: Any, *, at: datetime) -> Any:
    """Calls owed today or before, by this person or by nobody in particular."""
    local = timezone.localtime(at)
    tonight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    owed = Promise.objects.owed().filter(window_from__lt=tonight)
    own = Q(owed_by=user) | Q(owed_by=None)
    return owed.filter(own).filter(_readable(user))


def awaiting_release(user: Any) -> Any:
    """Answers of others for who may release; one's own for everybody, to see that they wait."""
    rows = Answer.objects.awaiting().filter(_readable(user))
    return rows if user.has_perm("tickets.release_answer") else rows.filter(author=user)


def _readable(user: Any) -> Exists:
    return Exists(Ticket.objects.visible_to(user).filter(pk=OuterRef("ticket_id")))


def _once(rows: list[list[int]]) -> list[int]:
    return list(dict.fromkeys(row[0] for row in rows))
