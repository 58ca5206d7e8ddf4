"""Resting and running again never loses or wins working time, whatever the hours, Ramadan and the clocks.

Casablanca sets its clocks back for Ramadan and forward after it; other centres know summer time.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk.hours import rules
from helpdesk.hours.rules import (
    CASABLANCA,
    Timetable,
    Window,
    add_working_time,
    working_time,
)

pytestmark = pytest.mark.long

EXAMPLES = settings(max_examples=200, database=None, derandomize=True)
AROUND = datetime(2027, 2, 1, tzinfo=UTC)
"""A week before Ramadan 1448; the clocks go back on 7 February 2027 and forward in March."""
AGAIN = datetime(2027, 2, 7, 2, tzinfo=UTC), datetime(2027, 2, 7, 3, tzinfo=UTC)
"""Then it is between two and three o'clock for the second time."""
RAMADAN = frozenset(date(2027, 2, 8) + timedelta(days=n) for n in range(30))


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    """Any week of one or two stretches a day, with hours of its own for Ramadan, and some holidays."""
    windows = []
    for fasting in (False, True):
        for weekday in draw(st.sets(st.integers(0, 6), min_size=2)):
            opens = draw(st.integers(0, 22 * 60))
            closes = draw(st.integers(opens + 60, 24 * 60 - 1))
            times = [opens, closes]
            if closes - opens > 90:
                rest = draw(st.integers(opens + 30, closes - 31))
                times = [opens, rest, draw(st.integers(rest + 1, closes - 30)), closes]
            for begins, ends in zip(times[::2], times[1::2], strict=True):
                windows.append(Window(weekday, clock(begins), clock(ends), in_ramadan=fasting))
    days = draw(st.sets(st.integers(0, 60), max_size=4))
    holidays = frozenset(AROUND.date() + timedelta(days=n) for n in days)
    return Timetable(tuple(windows), holidays, RAMADAN)


def clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


MOMENTS = st.integers(0, 60 * 24 * 60 * 60).map(lambda s: AROUND + timedelta(seconds=s))
LENGTHS = st.integers(1, 3000 * 60).map(lambda s: timedelta(seconds=s))


def opening(timetable: Timetable, start: datetime, end: datetime) -> timedelta:
    """The same, counted minute by minute."""
    open_minutes, at = 0, start
    while at < end:
        wall = at.astimezone(CASABLANCA)
        open_minutes += any(
            window.opens <= wall.time() < window.closes
            for window in timetable.windows_on(wall.date())
        )
        at += timedelta(minutes=1)
    return timedelta(minutes=open_minutes)


@EXAMPLES
@given(timetables(), st.integers(0, 60 * 24 * 60), st.integers(0, 3 * 24 * 60))
@example(Timetable((Window(6, time(2, 1), time(4)),)), 5 * 24 * 60, 24 * 60 + 121)
def test_it_is_the_time_that_really_passed_while_open(
    timetable: Timetable, start: int, minutes: int
) -> None:
    at = AROUND + timedelta(minutes=start)
    end = at + timedelta(minutes=minutes)
    counted = working_time(timetable, at, end)
    # A window that begins or ends within the repeated hour does so at its first pass.
    slack = timedelta(hours=1) if at < AGAIN[1] and end > AGAIN[0] else timedelta()
    assert abs(counted - opening(timetable, at, end)) <= slack


@EXAMPLES
@given(timetables(), MOMENTS, LENGTHS)
def test_what_is_added_has_passed(timetable: Timetable, at: datetime, left: timedelta) -> None:
    due = add_working_time(timetable, at, left)
    assert due >= at
    assert working_time(timetable, at, due) == left


@EXAMPLES
@given(timetables(), MOMENTS, LENGTHS)
def test_looking_back_is_the_way_back(timetable: Timetable, at: datetime, ago: timedelta) -> None:
    before = add_working_time(timetable, at, -ago)
    assert before <= at
    assert working_time(timetable, before, at) == ago


@EXAMPLES
@given(timetables(), MOMENTS, MOMENTS, MOMENTS)
def test_two_stretches_are_one(timetable: Timetable, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    parts = working_time(timetable, a, b) + working_time(timetable, b, c)
    assert parts == working_time(timetable, a, c)


@EXAMPLES
@given(timetables(), MOMENTS, LENGTHS, st.lists(st.integers(0, 5 * 24 * 3600), max_size=8))
def test_resting_neither_loses_nor_wins(
    timetable: Timetable, start: datetime, whole: timedelta, steps: list[int]
) -> None:
    """Run, rest, run … : what ran in all when it is due is the whole target, to the microsecond."""
    at, left, ran, running = start, whole, timedelta(), True
    for step in steps:
        end = at + timedelta(seconds=step)
        if running:
            used = working_time(timetable, at, end)
            left, ran = left - used, ran + used
        at, running = end, not running
    due = add_working_time(timetable, at, left)
    assert left + ran == whole
    if left >= timedelta():
        assert ran + working_time(timetable, at, due) == whole
    else:
        assert ran - working_time(timetable, due, at) == whole


@EXAMPLES
@given(timetables(), MOMENTS, LENGTHS, LENGTHS)
def test_more_is_never_earlier(
    timetable: Timetable, at: datetime, less: timedelta, more: timedelta
) -> None:
    less, more = sorted((less, more))
    assert add_working_time(timetable, at, less) <= add_working_time(timetable, at, more)


def test_the_night_the_clocks_go_back_and_forward() -> None:
    always = tuple(Window(day, time(0), time(23, 59)) for day in range(7))
    night = Timetable(always)
    start = datetime(2027, 2, 6, 23, tzinfo=UTC)
    assert start.astimezone(CASABLANCA).hour == 0
    end = datetime(2027, 2, 7, 8, tzinfo=CASABLANCA).astimezone(UTC)
    assert working_time(night, start, end) == timedelta(hours=9)  # eight by the clock
    start = datetime(2027, 3, 14, tzinfo=CASABLANCA).astimezone(UTC)
    end = datetime(2027, 3, 14, 8, tzinfo=CASABLANCA).astimezone(UTC)
    assert working_time(night, start, end) == timedelta(hours=7)
    office = Timetable(tuple(Window(day, time(9), time(17)) for day in range(5)))
    friday = datetime(2027, 2, 5, 16, tzinfo=CASABLANCA)
    monday = datetime(2027, 2, 8, 10, tzinfo=CASABLANCA)
    assert add_working_time(office, friday, timedelta(hours=2)) == monday
    assert working_time(office, friday, monday) == timedelta(hours=2)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Africa/Casablanca"])
def test_summer_time_too(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from zoneinfo import ZoneInfo

    monkeypatch.setattr(rules, "CASABLANCA", ZoneInfo(zone))
    gap = Timetable((Window(6, time(2, 15), time(2, 45)), Window(6, time(2, 50), time(4, 0))))
    day = datetime(2027, 3, 28, tzinfo=UTC)
    passed = working_time(gap, day - timedelta(days=1), day + timedelta(days=1))
    # In Paris the hour from two to three is not there: only three to four is.
    expected = timedelta(hours=1) if zone == "Europe/Paris" else timedelta(minutes=100)
    assert passed == expected
