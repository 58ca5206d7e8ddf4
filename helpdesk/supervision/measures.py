"""The figures of the telephone and the chat, each a function of rows that are listed. No query here.

Words: a contact is *offered* when it enters the queue; *short* when given up within five seconds, and
counted apart; *in time* when taken by the instant its queue's target fell due. Shares go from 0 to 1 and
are None of nothing. What telephony fills is read from `queues.Waiting` and `queues.Handling` only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import fmean, median

from helpdesk.hours.rules import CASABLANCA
from helpdesk.queues.rules import Ended

REPEAT = timedelta(days=7)
"""A contact of the same person on the same theme within so long was not settled at the first."""
OCCUPANCY_MOST = 0.85
"""Above it people tire, and waits grow out of hand."""
LEVEL_LEAST = 0.8
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Wait:
    """One stand in line. `asker` names the same person by the same text."""

    pk: int
    ticket: int
    queue: int
    language: str
    theme: int | None
    province: str
    asker: str
    since: datetime
    due_at: datetime
    ended_at: datetime | None
    how: str
    is_again: bool = False

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.since).total_seconds() if self.ended_at else 0.0

    @property
    def is_in_time(self) -> bool:
        return self.ended_at is not None and self.ended_at <= self.due_at

    @property
    def hour(self) -> int:
        return self.since.astimezone(CASABLANCA).hour


@dataclass(frozen=True)
class Work:
    """One handling that has ended. `is_passed`: it went on from somebody else's."""

    pk: int
    ticket: int
    user: int
    queue: int | None
    language: str
    theme: int | None
    province: str
    started_at: datetime
    answered_at: datetime | None
    wrapped_at: datetime
    talk: int
    hold: int
    wrapup: int
    is_passed: bool = False

    @property
    def seconds(self) -> int:
        return self.talk + self.hold + self.wrapup

    @property
    def hour(self) -> int:
        return self.started_at.astimezone(CASABLANCA).hour


@dataclass(frozen=True)
class Owed:
    """One call owed; `closed_by` is the end of the next working day after it was made."""

    pk: int
    ticket: int
    kind: str
    state: str
    made_at: datetime
    until: datetime
    closed_by: datetime
    ended_at: datetime | None
    attempts: int


@dataclass(frozen=True)
class Spell:
    user: int
    began_at: datetime
    ended_at: datetime


def offered(waits: Iterable[Wait]) -> list[Wait]:
    """Each contact once: a wait after a transfer is none, nor one that went on in another row."""
    inner = (Ended.NO_VOICE, Ended.SETTLED, Ended.CAME_BACK)
    return [one for one in waits if not one.is_again and one.how not in inner]


def ended(waits: Iterable[Wait], *how: Ended) -> list[Wait]:
    return [one for one in offered(waits) if one.how in how]


def answered(waits: Iterable[Wait]) -> list[Wait]:
    return ended(waits, Ended.CLAIMED)


def in_time(waits: Iterable[Wait]) -> list[Wait]:
    return [one for one in answered(waits) if one.is_in_time]


def abandoned(waits: Iterable[Wait]) -> list[Wait]:
    """Given up after the short threshold."""
    return ended(waits, Ended.ABANDONED)


def abandoned_late(waits: Iterable[Wait]) -> list[Wait]:
    return [one for one in abandoned(waits) if not one.is_in_time]


def service_level(waits: Iterable[Wait]) -> float | None:
    """Answered in time ÷ (answered + abandoned after the target)."""
    rows = offered(waits)
    return share(len(in_time(rows)), len(answered(rows)) + len(abandoned_late(rows)))


def service_level_strict(waits: Iterable[Wait]) -> float | None:
    """Answered in time ÷ (answered + abandoned)."""
    rows = offered(waits)
    return share(len(in_time(rows)), len(answered(rows)) + len(abandoned(rows)))


def abandonment(waits: Iterable[Wait]) -> float | None:
    """Abandoned ÷ (offered - short)."""
    rows = offered(waits)
    return share(len(abandoned(rows)), len(rows) - len(ended(rows, Ended.SHORT)))


@dataclass(frozen=True)
class Speed:
    """Seconds until answered."""

    mean: float
    median: float
    p90: float
    """Nine of ten were answered within."""


def speed(waits: Iterable[Wait]) -> Speed | None:
    found = sorted(one.seconds for one in answered(waits))
    if not found:
        return None
    return Speed(fmean(found), median(found), found[ceil(len(found) * 0.9) - 1])


def handling_time(works: Sequence[Work]) -> float | None:
    """(Talk + hold + wrap-up) ÷ handled, in seconds."""
    return fmean(one.seconds for one in works) if works else None


def hold_share(works: Iterable[Work]) -> float | None:
    rows = list(works)
    return share(sum(one.hold for one in rows), sum(one.talk + one.hold for one in rows))


def transfers(works: Sequence[Work]) -> float | None:
    """Went on with somebody else ÷ handled."""
    return share(sum(one.is_passed for one in works), len(works))


def occupancy(
    works: Iterable[Work], free: Iterable[Spell], *, start: datetime, end: datetime
) -> float | None:
    """Time with a contact in hand ÷ (that + time available without one); breaks are in neither."""
    busy: dict[int, list[Stretch]] = {}
    for work in works:
        if work.answered_at:
            busy.setdefault(work.user, []).append((work.answered_at, work.wrapped_at))
    there: dict[int, list[Stretch]] = {}
    for spell in free:
        there.setdefault(spell.user, []).append((spell.began_at, spell.ended_at))
    in_hand = available = timedelta()
    for user in busy.keys() | there.keys():
        held = _union(busy.get(user, []), start, end)
        both = _union([*held, *there.get(user, [])], start, end)
        in_hand += _length(held)
        available += _length(both) - _length(held)
    return share(in_hand.total_seconds(), (in_hand + available).total_seconds())


def people_there(free: Iterable[Spell], hour: int) -> float:
    """Advisors who said they are available in this hour of the day, added up over the days."""
    seconds = 0.0
    for spell in free:
        at = spell.began_at
        while at < spell.ended_at:
            local = at.astimezone(CASABLANCA)
            following = (
                at
                + timedelta(hours=1)
                - timedelta(
                    minutes=local.minute, seconds=local.second, microseconds=local.microsecond
                )
            )
            if local.hour == hour:
                seconds += (min(following, spell.ended_at) - at).total_seconds()
            at = following
    return seconds / 3600


def kept(owed: Iterable[Owed]) -> list[Owed]:
    """Reached by the end of the window promised."""
    return [
        one for one in owed if one.state == "kept" and one.ended_at and one.ended_at <= one.until
    ]


def tries(owed: Iterable[Owed]) -> float | None:
    """Attempts of those reached ÷ reached; who was in contact before we tried is in neither."""
    rows = [one.attempts for one in owed if one.state == "kept" and one.attempts]
    return fmean(rows) if rows else None


def closed_soon(missed: Iterable[Owed]) -> list[Owed]:
    return [one for one in missed if one.ended_at and one.ended_at <= one.closed_by]


def repeated(waits: Iterable[Wait], later: Iterable[Wait]) -> list[Wait]:
    """Of the answered, those whose person came again on the theme within seven days.

    `later` holds all contacts from the beginning of the period to seven days after its end.
    """
    came: dict[tuple[str, int | None], list[datetime]] = {}
    for one in offered(later):
        came.setdefault((one.asker, one.theme), []).append(one.since)
    return [
        one
        for one in answered(waits)
        if any(one.since < at <= one.since + REPEAT for at in came.get((one.asker, one.theme), []))
    ]


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _union(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """The same time without overlaps, cut to the period."""
    found: list[Stretch] = []
    for begins, stops in sorted((max(a, start), min(b, end)) for a, b in stretches):
        if stops <= begins:
            continue
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stops))
        else:
            found.append((begins, stops))
    return found


def _length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((stops - begins for begins, stops in stretches), timedelta())
