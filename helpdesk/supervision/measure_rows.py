"""The rows from which the service is measured: waiting, handling, calls owed and presence, for one reader.

Only rows the reader may open are read, so every figure equals the list behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from helpdesk.accounts.models import Posting
from helpdesk.accounts.scope import Scope
from helpdesk.hours import rules as hours
from helpdesk.hours.timetables import timetables_of
from helpdesk.queues.models import Handling, Presence, PresenceSpell, Queue, Waiting
from helpdesk.queues.rules import GONE_AFTER, LIVE
from helpdesk.supervision.measures import REPEAT, Owed, Spell, Wait, Work
from helpdesk.supervision.periods import Period, midnight
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Channel


@dataclass(frozen=True)
class Asked:
    """What the figures are asked of; empty = all."""

    period: Period
    channel: str = Channel.PHONE
    queue: int | None = None
    language: str = ""

    def takes(self, row: Wait | Work) -> bool:
        return self.queue in (None, row.queue) and self.language in ("", row.language)


@dataclass(frozen=True)
class Rows:
    """Everything the figures of one period are made of."""

    asked: Asked
    waits: list[Wait]
    later: list[Wait]
    """Contacts of the period and of the seven days after it, whatever the filters."""
    works: list[Work]
    all_works: list[Work]
    """Of every channel, queue and language: what people had in hand."""
    free: list[Spell]
    owed: list[Owed]
    at: datetime

    def of_kind(self, *kinds: str) -> list[Owed]:
        return [one for one in self.owed if one.kind in kinds]


def read(user: Any, asked: Asked, *, at: datetime) -> Rows:
    """All of it, in a handful of queries however many rows there are."""
    period, tickets = asked.period, Ticket.objects.visible_to(user)
    later = _waits(tickets, asked.channel, period.start, min(period.end + REPEAT, at))
    waits = [one for one in later if one.since < period.end and asked.takes(one)]
    all_works = _works(tickets, period.start, min(period.end, at))
    works = [work for channel, work in all_works if channel == asked.channel and asked.takes(work)]
    queues = _queues(user)
    return Rows(
        asked, waits, later, works, [work for _channel, work in all_works],
        _free(user, period, at=at), _owed(tickets, asked, queues, at=at), at,
    )  # fmt: skip


def waits_today(user: Any, *, at: datetime) -> list[Wait]:
    """Of the telephone, for the board."""
    today = midnight(timezone.localdate(at))
    return _waits(Ticket.objects.visible_to(user), Channel.PHONE, today, today + timedelta(days=1))


def _waits(tickets: Any, channel: str, start: datetime, end: datetime) -> list[Wait]:
    rows = Waiting.objects.of(tickets).came_within(channel, start, end).order_by("since", "pk")
    return [
        Wait(pk, ticket, queue, language, theme, province or "", _asker(person, ticket), *times)
        for pk, ticket, queue, language, theme, province, person, *times in rows.values_list(
            "pk", "ticket", "queue", "ticket__language", "ticket__theme", "ticket__province",
            "ticket__person", "since", "due_at", "ended_at", "ended_how", "is_again",
        )
    ]  # fmt: skip


def _asker(person: int | None, ticket: int) -> str:
    return f"person:{person}" if person else f"request:{ticket}"


def _works(tickets: Any, start: datetime, end: datetime) -> list[tuple[str, Work]]:
    """With the queue in which its request waited, and whether it went on from somebody else's."""
    stood = Waiting.objects.filter(ticket=OuterRef("ticket"), channel__in=LIVE)
    again = stood.filter(
        is_again=True, claimed_by=OuterRef("user"), claimed_at=OuterRef("started_at")
    )
    before = Handling.objects.filter(
        ticket=OuterRef("ticket"), channel=OuterRef("channel"), wrapped_at=OuterRef("started_at"),
        answered_at__isnull=False,
    ).exclude(user=OuterRef("user"))  # fmt: skip
    rows = Handling.objects.of(tickets).wrapped_within(start, end).exclude(answered_at=None)
    rows = rows.annotate(
        stood=Subquery(stood.order_by("-since").values("queue")[:1]),
        again=Subquery(again.values("pk")[:1]), before=Subquery(before.values("pk")[:1]),
    ).order_by("started_at", "pk")  # fmt: skip
    return [
        (channel, replace(Work(*row), is_passed=bool(one or other)))
        for channel, one, other, *row in rows.values_list(
            "channel", "again", "before", "pk", "ticket", "user", "stood", "ticket__language",
            "ticket__theme", "ticket__province", "started_at", "answered_at", "wrapped_at",
            "talk_seconds", "hold_seconds", "wrapup_seconds",
        )
    ]  # fmt: skip


def _free(user: Any, period: Period, *, at: datetime) -> list[Spell]:
    """When the people of the reader's teams were there for work. A spell that goes on ends with its desk."""
    teams = {reach.team for reach in Scope.of(user).reaches}
    people = Posting.objects.filter(team__in=teams).values("user")
    rows = PresenceSpell.objects.within(period.start, min(period.end, at)).filter(
        user__in=people, state=Presence.State.FREE
    )
    found = []
    for who, began, ended, seen in rows.values_list(
        "user", "began_at", "ended_at", "user__presence__seen_at"
    ):
        stops = ended or (min(at, seen + GONE_AFTER) if seen else at)
        begins, stops = max(began, period.start), min(stops, at, period.end)
        if begins < stops:
            found.append(Spell(who, begins, stops))
    return found


def _queues(user: Any) -> list[Queue]:
    teams = {reach.team for reach in Scope.of(user).reaches}
    rows = Queue.objects.filter(team__in=teams).select_related("schedule__centre")
    return list(rows.prefetch_related("schedule__openings"))


def _owed(tickets: Any, asked: Asked, queues: Sequence[Queue], *, at: datetime) -> list[Owed]:
    """Calls owed that were made, or whose window ended, in the period; and every one still open.

    Dropped ones were not owed after all.
    """
    if asked.channel != Channel.PHONE:
        return []
    stood = Waiting.objects.filter(ticket=OuterRef("ticket")).order_by("-since")
    rows = Promise.objects.measured(asked.period.start, asked.period.end)
    rows = rows.filter(ticket__in=tickets.order_by().values("pk"))
    found, days = [], _Days(queues)
    for row in rows.annotate(stood=Subquery(stood.values("queue")[:1])).values(
        "pk", "ticket", "kind", "state", "made_at", "window_until", "ended_at", "attempts", "stood",
        "ticket__language",
    ):  # fmt: skip
        if asked.queue not in (None, row["stood"]):
            continue
        if asked.language not in ("", row["ticket__language"]):
            continue
        made = row["made_at"]
        found.append(
            Owed(
                row["pk"], row["ticket"], row["kind"], row["state"], made, row["window_until"],
                days.next_end(row["stood"], timezone.localdate(made)), row["ended_at"],
                row["attempts"],
            )
        )  # fmt: skip
    return found


class _Days:
    """The end of the next working day of a queue, each reckoned once."""

    def __init__(self, queues: Sequence[Queue]) -> None:
        tables = timetables_of([queue.schedule for queue in queues])
        self._tables = {queue.pk: tables[queue.schedule_id] for queue in queues}
        self._known: dict[tuple[int | None, date], datetime] = {}

    def next_end(self, queue: int | None, day: date) -> datetime:
        if (queue, day) not in self._known:
            table = self._tables.get(queue or 0, hours.Timetable())
            after = hours.add_working_days(table, day, 1) + timedelta(days=1)
            self._known[queue, day] = midnight(after)
        return self._known[queue, day]
