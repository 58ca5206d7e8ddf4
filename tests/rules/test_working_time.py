"""Working time: openings, holidays, the change of offset around Ramadan, ends of months."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from helpdesk.hours.proposals import proposals
from helpdesk.hours.rules import (
    CASABLANCA,
    OFFICE_WEEK,
    Timetable,
    Window,
    add_months,
    add_working_days,
    add_working_minutes,
    closes_at,
    is_open,
    next_morning,
    next_opening,
    working_minutes,
)

OFFICE = Timetable()


def casa(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CASABLANCA)


def test_open_within_the_window_only() -> None:
    assert is_open(OFFICE, casa(2026, 11, 24, 8, 30))
    assert is_open(OFFICE, casa(2026, 11, 24, 16, 29))
    assert not is_open(OFFICE, casa(2026, 11, 24, 16, 30))
    assert not is_open(OFFICE, casa(2026, 11, 24, 8, 29))
    assert not is_open(OFFICE, casa(2026, 11, 22, 12, 0)), "a Sunday"
    assert closes_at(OFFICE, casa(2026, 11, 24, 10)) == casa(2026, 11, 24, 16, 30)
    assert closes_at(OFFICE, casa(2026, 11, 22, 10)) is None


def test_always_open_is_open_on_a_sunday_night() -> None:
    demo = Timetable(always_open=True)
    sunday = casa(2026, 11, 22, 23, 30)
    assert is_open(demo, sunday)
    assert next_opening(demo, sunday) == sunday
    assert add_working_minutes(demo, sunday, 60) == sunday + timedelta(hours=1)


def test_next_opening_skips_the_week_end_and_holidays() -> None:
    friday = casa(2026, 11, 27, 17, 0)
    assert next_opening(OFFICE, friday) == casa(2026, 11, 30, 8, 30)
    closed = Timetable(holidays=frozenset({date(2026, 11, 30)}))
    assert next_opening(closed, friday) == casa(2026, 12, 1, 8, 30)
    open_now = casa(2026, 11, 24, 9, 15)
    assert next_opening(OFFICE, open_now) == open_now


def test_a_week_without_windows_never_opens_but_targets_still_fall_due() -> None:
    never = Timetable(windows=())
    at = casa(2026, 11, 24, 9)
    assert next_opening(never, at) is None
    assert add_working_minutes(never, at, 90) == at + timedelta(minutes=90)
    assert add_working_days(never, date(2026, 11, 24), 3) == date(2026, 11, 27)
    assert next_morning(never, at) == at


def test_minutes_run_over_lunch_night_and_week_end() -> None:
    split = Timetable(
        windows=tuple(
            Window(day, *hours)
            for day in range(5)
            for hours in ((time(9), time(12)), (time(14), time(17)))
        )
    )
    friday = casa(2026, 11, 27, 16, 30)
    assert add_working_minutes(split, friday, 30) == casa(2026, 11, 27, 17, 0)
    assert add_working_minutes(split, friday, 31) == casa(2026, 11, 30, 9, 1)
    assert add_working_minutes(split, casa(2026, 11, 24, 11, 50), 20) == casa(2026, 11, 24, 14, 10)
    assert add_working_minutes(split, casa(2026, 11, 24, 12, 30), 0) == casa(2026, 11, 24, 14, 0)
    assert working_minutes(split, friday, casa(2026, 11, 30, 9, 1)) == 31
    assert working_minutes(split, friday, friday - timedelta(days=1)) == 0


@pytest.mark.parametrize("minutes", [0, 1, 59, 480, 481, 2400, 5000])
def test_adding_and_counting_agree(minutes: int) -> None:
    start = casa(2026, 11, 24, 9, 7)
    assert working_minutes(OFFICE, start, add_working_minutes(OFFICE, start, minutes)) == minutes


def test_nights_with_a_window_across_the_ramadan_change_count_real_hours() -> None:
    """Morocco goes back to UTC for Ramadan; 02:00-04:00 of that night lasts three real hours."""
    day = next(
        date(2026, 1, 1) + timedelta(days=n)
        for n in range(120)
        if datetime(2026, 1, 1, 12, tzinfo=UTC).astimezone(CASABLANCA).utcoffset()
        != (datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n))
        .astimezone(CASABLANCA)
        .utcoffset()
    )
    night = Timetable(windows=(Window(day.weekday(), time(1), time(5)),))
    start = datetime.combine(day, time(1), CASABLANCA)
    assert working_minutes(night, start, start + timedelta(days=1)) == 5 * 60


def test_opening_hours_keep_their_wall_clock_in_ramadan() -> None:
    before = next_opening(OFFICE, casa(2026, 2, 13, 6))
    within = next_opening(OFFICE, casa(2026, 2, 18, 6))
    assert before == datetime(2026, 2, 13, 7, 30, tzinfo=UTC), "UTC+1"
    assert within == datetime(2026, 2, 18, 8, 30, tzinfo=UTC), "UTC in Ramadan"


def test_ramadan_windows_replace_the_others_on_days_of_ramadan() -> None:
    fasting = frozenset({date(2026, 2, 19)})
    short = Window(3, time(9), time(14), in_ramadan=True)
    both = Timetable(windows=(*OFFICE_WEEK, short), ramadan=fasting)
    assert is_open(both, casa(2026, 2, 19, 13))
    assert not is_open(both, casa(2026, 2, 19, 15))
    assert is_open(both, casa(2026, 2, 26, 15))
    assert is_open(Timetable(ramadan=fasting), casa(2026, 2, 19, 15)), "no own hours: as always"


def test_working_days_skip_saturday_sunday_and_holidays() -> None:
    assert add_working_days(OFFICE, date(2026, 11, 26), 1) == date(2026, 11, 27)
    assert add_working_days(OFFICE, date(2026, 11, 27), 1) == date(2026, 11, 30)
    assert add_working_days(OFFICE, date(2026, 11, 24), 20) == date(2026, 12, 22)
    green_march = Timetable(holidays=frozenset({date(2026, 11, 6), date(2026, 11, 18)}))
    assert add_working_days(green_march, date(2026, 11, 2), 20) == date(2026, 12, 2)
    assert add_working_days(OFFICE, date(2026, 11, 28), 0) == date(2026, 11, 28)


def test_a_reminder_waits_for_a_working_morning() -> None:
    assert next_morning(OFFICE, casa(2026, 11, 24, 8)) == casa(2026, 11, 24, 9)
    assert next_morning(OFFICE, casa(2026, 11, 24, 9, 1)) == casa(2026, 11, 25, 9)
    assert next_morning(OFFICE, casa(2026, 11, 27, 12)) == casa(2026, 11, 30, 9)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 1), 0, date(2026, 3, 1)),
    ],
)
def test_months_end_where_the_shorter_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_proposals_tell_moon_dates_from_fixed_ones() -> None:
    found = {p.day: p for p in proposals(2027)}
    assert not found[date(2027, 7, 30)].estimated
    assert found[date(2027, 3, 10)].estimated
    shared = found[date(2027, 8, 14)]
    assert shared.estimated
    assert "، " in shared.name_ar
    assert ";" not in shared.name_fr
    assert all("estim" not in p.name_fr and "تقديري" not in p.name_ar for p in found.values())
