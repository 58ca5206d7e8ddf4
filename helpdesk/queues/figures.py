"""The desk in numbers and short lists, for one person: one query for all of it.

Counts stop at a thousand (`Capped`): nobody reads further.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.queues.models import Handling, Presence, Waiting
from helpdesk.queues.querysets import WaitingQuerySet, load_of
from helpdesk.queues.rules import Waits
from helpdesk.tickets.models import Answer, Promise, Ticket
from helpdesk.tickets.querysets import TicketQuerySet
from helpdesk.tickets.rules import Channel
from helpdesk.tickets.subqueries import CAP, Capped, Listed

MINE, SHARED, LEFT, DUE, WAITING_RELEASE = 12, 12, 8, 8, 8
"""Rows each section of the desk shows."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def counted(number: int) -> str:
    """`186`, or `1 000+` where counting stopped."""
    return str(number) if number <= CAP else f"{CAP:,}".replace(",", "\u00a0") + "+"


@dataclass(frozen=True)
class Figures:
    mine_count: int
    waiting_count: int
    waiting_since: datetime | None
    waiting_due: datetime | None
    state: str
    sent_at: datetime | None = None
    """When ignored offers put this person on a break, while they have not come back."""
    late_count: int = 0
    left_count: int = 0
    """Calls in vain, messages and call-backs nobody has taken: nobody waits there now."""
    due_count: int = 0
    release_count: int = 0
    load: int = 0
    """Live contacts in hand, of as many as there is `room` for."""
    room: int = 0
    in_call: bool = False
    in_wrap: bool = False
    """A call that has ended is being written down."""
    offer: list[int] = field(default_factory=list)
    """The ticket of the contact offered first to this person, if there is one."""
    mine: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    """Tickets of promises, the earliest first."""
    release: list[int] = field(default_factory=list)
    """Tickets of answers that wait."""
    also_count: int = 0


def read(
    user: Any, *, at: datetime, also: TicketQuerySet | None = None, late: bool = True,
    lists: bool = True,
) -> Figures:  # fmt: skip
    """Everything the top bar and the lists of the desk count, for who may read tickets.

    `also` is a further list to count in the same question; `late=False` where no late ones are shown,
    `lists=False` where the lists of the start pane are not: they are most of the question.
    """
    seen = Ticket.objects.visible_to(user, at=at)
    # Read once: asking anew who may see what, for each figure, cost more than the figures.
    readable = Exists(seen.filter(pk=OuterRef("ticket_id")))
    mine, now = _my_turn(user, seen, at=at), Waiting.objects.now().filter(readable)
    waiting = now.here()
    first = waiting.order_by("since")
    calls = Handling.objects.in_hand(at=at).filter(user=OuterRef("pk"), channel=Channel.PHONE)
    asked: dict[str, Any] = {
        "mine_count": Capped(mine),
        "waiting_count": Capped(waiting),
        "waiting_since": Subquery(first.values("since")[:1]),
        "waiting_due": Subquery(first.values("due_at")[:1]),
        "load": load_of(OuterRef("pk"), at=at, capacity=F("capacity")),
        "room": F("capacity"),
        "in_call": Exists(calls.filter(ended_at=None)),
        "in_wrap": Exists(calls.exclude(ended_at=None)),
        "state": Subquery(Presence.objects.filter(user=user.pk).values("state")[:1]),
        "sent_at": Subquery(Presence.objects.filter(user=user.pk).values("sent_at")[:1]),
    }
    if also is not None:
        asked["also_count"] = Capped(also)
    if late:
        # Two questions, each served by an index of its own; together they walked every open ticket.
        asked |= {"late_count": Capped(seen.late(at=at)), "over_count": Capped(seen.overdue(at=at))}
    if lists:
        asked |= _lists(user, readable, mine, first, at=at)
        asked |= _left(now.left_behind())
    row = User.objects.filter(pk=user.pk).order_by().values(**asked).get()
    row["state"] = row["state"] or Presence.State.AWAY
    row["late_count"] = row.get("late_count", 0) + row.pop("over_count", 0)
    found: dict[str, Any] = {k: _once(v) if isinstance(v, list) else v for k, v in row.items()}
    return Figures(**found)


def _lists(
    user: Any, readable: Exists, mine: TicketQuerySet, first: WaitingQuerySet, *, at: datetime
) -> dict[str, Any]:
    """What the start pane shows besides the bar: lists, and the counts that stand over them."""
    due = _due(user, at=at).filter(readable)
    release = _awaiting_release(user).filter(readable)
    return {
        "due_count": Capped(due),
        "release_count": Capped(release),
        "mine": Listed(_by_due(mine), ("id",), MINE),
        "offer": Listed(Waiting.objects.offered_to(user, at=at), ("ticket_id",), 1),
        "shared": Listed(first, ("ticket_id",), SHARED),
        "due": Listed(due.order_by("window_until"), ("ticket_id",), DUE),
        "release": Listed(release.order_by("written_at"), ("ticket_id",), WAITING_RELEASE),
    }


def _left(rows: WaitingQuerySet) -> dict[str, Any]:
    return {
        "left_count": Capped(rows), "left": Listed(rows.order_by("due_at"), ("ticket_id",), LEFT)
    }  # fmt: skip


def _my_turn(user: Any, seen: TicketQuerySet, *, at: datetime) -> TicketQuerySet:
    """Tickets that wait for this person: with them, the next word is theirs, and not put off."""
    return seen.filter(assignee=user, state__in=["new", "open"]).awake(user, at=at)


def _by_due(rows: TicketQuerySet) -> TicketQuerySet:
    """The nearest answer first, those without a date last.

    By an expression: ordered by the bare column, SQLite walks every ticket of the team in the order
    of its index instead of sorting the few that one person has.
    """
    return rows.order_by(Coalesce("answer_due_at", Value(NEVER, DateTimeField())), "-moved_at")


def _due(user: Any, *, at: datetime) -> Any:
    """Calls owed today or before, by this person or by nobody in particular; those for calls in vain
    once somebody has taken them."""
    local = timezone.localtime(at)
    tonight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    owed = Promise.objects.owed().filter(window_from__lt=tonight)
    rung = Q(made_by=None, kind__in=Waits.values)
    own = Q(owed_by=user) | (Q(owed_by=None) & ~rung) | (rung & Q(ticket__assignee=user))
    return owed.filter(own)


def _awaiting_release(user: Any) -> Any:
    """Answers of others for who may release; one's own for everybody, to see that they wait."""
    rows = Answer.objects.awaiting()
    return rows if user.has_perm("tickets.release_answer") else rows.filter(author=user)


def _once(rows: list[list[int]]) -> list[int]:
    return list(dict.fromkeys(row[0] for row in rows))
