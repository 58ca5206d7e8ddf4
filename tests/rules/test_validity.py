"""In force or not, due or not: every edge of the days, without a database."""

from datetime import date, timedelta

import pytest

from knowledge.articles.validity import LATE, SOON, Due, Force, applies, due, force

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "ended", "found"),
    [
        (None, None, False, Force.UNKNOWN),
        (TODAY, None, False, Force.IN_FORCE),
        (TODAY + DAY, None, False, Force.COMING),
        (TODAY - DAY, None, False, Force.IN_FORCE),
        (None, TODAY, False, Force.IN_FORCE),
        (None, TODAY - DAY, False, Force.ENDED),
        (None, TODAY + DAY, False, Force.IN_FORCE),
        (TODAY, TODAY, False, Force.IN_FORCE),
        (TODAY - DAY, TODAY - DAY, False, Force.ENDED),
        (None, None, True, Force.ENDED),
        (TODAY - DAY, None, True, Force.ENDED),
        (None, TODAY + DAY, True, Force.IN_FORCE),
        (TODAY + DAY, TODAY + 2 * DAY, False, Force.COMING),
    ],
)
def test_force_on_a_day(starts, ends, ended, found):
    """The last day counts; a day given goes before « over, day unknown »."""
    assert force(starts, ends, ended=ended, on=TODAY) == found


def test_what_is_not_established_may_be_suggested_and_what_is_over_may_not():
    assert [f for f in Force if applies(f)] == [Force.UNKNOWN, Force.IN_FORCE]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (SOON.days + 1, Due.LATER),
        (SOON.days, Due.SOON),
        (1, Due.SOON),
        (0, Due.DUE),
        (-1, Due.DUE),
        (1 - LATE.days, Due.DUE),
        (-LATE.days, Due.LATE),
        (-400, Due.LATE),
    ],
)
def test_a_review_is_due_on_its_day_and_late_two_weeks_after(days, found):
    assert due(TODAY + timedelta(days), on=TODAY) == found


def test_without_a_date_nothing_is_due():
    assert due(None, on=TODAY) == Due.NONE
