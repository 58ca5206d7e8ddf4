"""The queues of the board: open or closed, paused with its reason; and, read with them, what has moved.

The stamp is read in the query of the queues, since both are asked at every poll: newest rows by their
index, and a few small counts. When it says what it said before, no figure has moved but by the clock.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Subquery, Value, prefetch_related_objects
from django.utils import timezone

from helpdesk.accounts.models import Audit
from helpdesk.accounts.scope import Scope
from helpdesk.associations.models import LegalDeadline
from helpdesk.hours import rules, timetables
from helpdesk.queues.models import Handling, Presence, Queue, Waiting
from helpdesk.queues.rules import GONE_AFTER
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.subqueries import Capped


@dataclass(frozen=True)
class QueueLine:
    """One queue. `turns_at` is when it opens or closes next, None where no hour is known."""

    pk: int
    name: str
    waiting: int
    oldest: datetime | None
    late: int
    is_open: bool
    is_paused: bool
    why: str
    turns_at: datetime | None


def queues(user: Any) -> list[Queue]:
    """Those of the reader's teams, each with the columns of the stamp, in one query."""
    teams = {reach.team for reach in Scope.of(user).reaches}
    rows = Queue.objects.filter(team__in=teams).select_related("schedule__centre")
    return list(rows.annotate(**_moved(user)))


def stamp(rows: list[Queue]) -> str:
    """Short text that changes whenever something moved; empty for who has no queue."""
    if not rows:
        return ""
    told = [str(getattr(rows[0], name)) for name in STAMP]
    told += [f"{row.pk}:{row.paused_until}:{row.schedule_id}" for row in rows]
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:20]


STAMP = (
    "m_entry", "m_waiting", "m_now", "m_audit", "m_filed", "m_said", "m_here", "m_hand", "m_ended",
    "m_calls",
)  # fmt: skip


def _moved(user: Any) -> dict[str, Any]:
    hand = Handling.objects.under_way()
    here = Presence.objects.filter(seen_at__gte=timezone.now() - GONE_AFTER)
    calls = LegalDeadline.objects.visible_to(user).to_call(on=timezone.localdate())
    filed = Ticket.objects.filter(filed_at__isnull=False).order_by("-filed_at")
    return {
        "m_entry": Subquery(Entry.objects.order_by("-pk").values("pk")[:1]),
        "m_waiting": Subquery(Waiting.objects.order_by("-pk").values("pk")[:1]),
        "m_now": Capped(Waiting.objects.now()),
        "m_audit": Subquery(Audit.objects.order_by("-pk").values("pk")[:1]),
        "m_filed": Subquery(filed.values("filed_at")[:1]),
        "m_said": _one(Presence.objects.all(), Max("since")),
        "m_here": _one(here, Count("pk")),
        "m_hand": _one(hand, Max("pk")),
        "m_ended": _one(hand.filter(ended_at=None), Count("pk")),
        "m_calls": Capped(calls),
    }


def _one(rows: Any, value: Any) -> Subquery:
    one = rows.order_by().annotate(same=Value(1)).values("same")
    return Subquery(one.annotate(value=value).values("value"))


def lines(rows: list[Queue], waiting: Any, *, at: datetime) -> list[QueueLine]:
    """`waiting` are the groups of `figures.read`."""
    prefetch_related_objects([row for row in rows if row.schedule], "schedule__openings")
    tables = timetables.timetables_of([row.schedule for row in rows])
    found = []
    for row in rows:
        mine = [group for group in waiting if group.queue == row.pk]
        table = tables[row.schedule_id]
        paused = row.is_paused(at=at)
        is_open = rules.is_open(table, at) and not paused
        turns = row.paused_until if paused else rules.closes_at(table, at)
        found.append(
            QueueLine(
                pk=row.pk, name=str(row), waiting=sum(group.count for group in mine),
                oldest=min((group.since for group in mine), default=None),
                late=sum(group.late for group in mine), is_open=is_open, is_paused=paused,
                why=row.pause_text if paused else "",
                turns_at=turns if is_open or paused else rules.next_opening(table, at),
            )
        )  # fmt: skip
    return found
