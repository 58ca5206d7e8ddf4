"""Working time: a week of windows, days that do not count, and sums over both. No query here.

Wall-clock times are those of Casablanca, whose offset changes around Ramadan; a sum is made in UTC,
so an hour that the change skips or repeats is counted as it really passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CASABLANCA = ZoneInfo("Africa/Casablanca")
FURTHEST = 370
"""Days that a search for an open hour looks ahead before it gives up."""


@dataclass(frozen=True)
class Window:
    """Open from `opens` to `closes` on that weekday (0 is Monday)."""

    weekday: int
    opens: time
    closes: time
    in_ramadan: bool = False


@dataclass(frozen=True)
class Span:
    """One open stretch, in UTC."""

    opens: datetime
    closes: datetime


OFFICE_WEEK = tuple(Window(weekday, time(8, 30), time(16, 30)) for weekday in range(5))
"""Monday to Friday: what counts where no schedule was set."""


@dataclass(frozen=True)
class Timetable:
    """A week, the confirmed holidays, the days of Ramadan (empty = not known)."""

    windows: tuple[Window, ...] = OFFICE_WEEK
    holidays: frozenset[date] = field(default_factory=frozenset)
    ramadan: frozenset[date] = field(default_factory=frozenset)
    always_open: bool = False

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The day's windows in their order; none on a holiday.

        Ramadan hours replace the others on days of Ramadan, where there are any.
        """
        if day in self.holidays:
            return ()
        fasting = day in self.ramadan and any(w.in_ramadan for w in self.windows)
        found = [w for w in self.windows if w.weekday == day.weekday() and w.in_ramadan == fasting]
        return tuple(sorted(found, key=lambda w: w.opens))

    def is_working_day(self, day: date) -> bool:
        return bool(self.windows_on(day))

    def spans_from(self, at: datetime, *, days: int = FURTHEST) -> Iterator[Span]:
        """Open stretches that end after `at`, the first possibly under way; ends after a year."""
        first = at.astimezone(CASABLANCA).date()
        for ahead in range(days):
            for span in self._spans_on(first + timedelta(days=ahead)):
                if span.closes > at:
                    yield span

    def spans_before(self, at: datetime) -> Iterator[Span]:
        """Open stretches that began before `at`, the newest first; ends after a year."""
        last = at.astimezone(CASABLANCA).date()
        for back in range(FURTHEST):
            for span in reversed(self._spans_on(last - timedelta(days=back))):
                if span.opens < at:
                    yield span

    def _spans_on(self, day: date) -> list[Span]:
        found = (
            Span(_instant(day, window.opens), _instant(day, window.closes))
            for window in self.windows_on(day)
        )
        return [span for span in found if span.closes > span.opens]


def is_open(timetable: Timetable, at: datetime) -> bool:
    if timetable.always_open:
        return True
    span = next(timetable.spans_from(at), None)
    return span is not None and span.opens <= at


def next_opening(timetable: Timetable, at: datetime) -> datetime | None:
    """`at` itself when open, else the next moment of opening; None when a year holds none."""
    if timetable.always_open:
        return at
    span = next(timetable.spans_from(at), None)
    return None if span is None else max(span.opens, at)


def closes_at(timetable: Timetable, at: datetime) -> datetime | None:
    """End of the open stretch under way; None when closed or always open."""
    if timetable.always_open or not is_open(timetable, at):
        return None
    return next(timetable.spans_from(at)).closes


def add_working_minutes(timetable: Timetable, at: datetime, minutes: int) -> datetime:
    """The moment by which so many open minutes have passed after `at`."""
    return add_working_time(timetable, at, timedelta(minutes=minutes))


def add_working_time(timetable: Timetable, at: datetime, left: timedelta) -> datetime:
    """The moment by which so much open time has passed after `at`; a negative sum looks back.

    A timetable without an open hour counts plain time: a target must fall due some day.
    """
    plain = at + left
    if timetable.always_open:
        return plain
    if left < timedelta():
        return _look_back(timetable, at, -left)
    for span in timetable.spans_from(at):
        start = max(span.opens, at)
        if span.closes - start >= left:
            return start + left
        left -= span.closes - start
    return plain


def _look_back(timetable: Timetable, at: datetime, ago: timedelta) -> datetime:
    plain = at - ago
    for span in timetable.spans_before(at):
        end = min(span.closes, at)
        if end - span.opens >= ago:
            return end - ago
        ago -= end - span.opens
    return plain


def working_minutes(timetable: Timetable, start: datetime, end: datetime) -> int:
    """Whole open minutes between two moments; 0 when they are in the other order."""
    return working_time(timetable, start, end) // timedelta(minutes=1)


def working_time(timetable: Timetable, start: datetime, end: datetime) -> timedelta:
    """Open time between two moments; none when they are in the other order."""
    if end <= start:
        return timedelta()
    if timetable.always_open or next(timetable.spans_from(start), None) is None:
        return end - start
    total = timedelta()
    for span in timetable.spans_from(start, days=(end - start).days + 2):
        if span.opens >= end:
            break
        total += min(span.closes, end) - max(span.opens, start)
    return total


def add_working_days(timetable: Timetable, day: date, days: int) -> date:
    """The day on which the n-th working day after `day` falls; `day` itself is not counted."""
    counted, at = 0, day
    if not any(timetable.is_working_day(day + timedelta(days=n)) for n in range(1, FURTHEST)):
        return day + timedelta(days=days)
    while counted < days:
        at += timedelta(days=1)
        counted += timetable.is_working_day(at)
    return at


def next_morning(timetable: Timetable, at: datetime, *, hour: int = 9) -> datetime:
    """The next working morning at `hour` o'clock: today's if it is still to come."""
    day = at.astimezone(CASABLANCA).date()
    for ahead in range(FURTHEST):
        one = day + timedelta(days=ahead)
        morning = _instant(one, time(hour))
        if morning >= at and timetable.is_working_day(one):
            return morning
    return at


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the last one where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _instant(day: date, clock: time) -> datetime:
    """In UTC. A time that the clocks skip is the moment at which they jump, so that order is kept."""
    wall = datetime.combine(day, clock, CASABLANCA)
    instant = wall.astimezone(UTC)
    if instant.astimezone(CASABLANCA).time() == clock:
        return instant
    jump = wall.replace(fold=1).astimezone(UTC)
    before = jump.astimezone(CASABLANCA).utcoffset()
    while jump.astimezone(CASABLANCA).utcoffset() == before:
        jump += timedelta(minutes=1)
    return jump.replace(second=0, microsecond=0)
