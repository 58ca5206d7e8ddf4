"""A day of calls whose own truth equals the figures, to the second."""

from datetime import UTC, datetime
from statistics import fmean, median
from typing import Any

import pytest

from helpdesk.supervision import measures
from helpdesk.supervision.measure_figures import ROWS
from helpdesk.supervision.measure_rows import Asked, Rows, read
from helpdesk.supervision.periods import period
from helpdesk.tickets.models import Promise
from tests import make
from tests.telephony.day import HOURS, Day, Truth

START = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
"""Half past eight in Casablanca."""


def told(seed: int, calls: int, brahim: Any, advisors: list[Any]) -> tuple[Truth, Rows, Day]:
    day = Day(seed, calls=calls, advisors=advisors, start=START)
    truth = day.run()
    at = day.at((HOURS + 2) * 3600)
    return truth, read(brahim, Asked(period("day", START.date())), at=at), day


def assert_equal(truth: Truth, rows: Rows, day: Day) -> None:
    answered, lost = truth.ended("claimed"), truth.ended("abandoned")
    counts = {
        "offered": len(truth.callers), "answered": len(answered), "abandoned": len(lost),
        "short": len(truth.ended("short")), "left": len(truth.ended("call-back", "voicemail")),
        "handled": len(truth.spoken), "passed": sum(one.passed for one in truth.spoken),
        "held": sum(bool(one.hold) for one in truth.spoken),
    }  # fmt: skip
    assert {key: len(ROWS[key](rows)) for key in counts} == counts
    waited = sorted(one.waited for one in answered)
    assert sorted(one.seconds for one in measures.answered(rows.waits)) == waited
    lost_after = sorted(one.waited for one in lost)
    assert sorted(one.seconds for one in measures.abandoned(rows.waits)) == lost_after
    timely = sum(seconds <= 20 for seconds in waited)
    late = sum(seconds > 20 for seconds in lost_after)
    assert measures.service_level(rows.waits) == timely / (len(answered) + late)
    assert measures.service_level_strict(rows.waits) == timely / (len(answered) + len(lost))
    speed = measures.speed(rows.waits)
    assert speed is not None
    assert (speed.mean, speed.median) == (fmean(waited), median(waited))
    assert sum(seconds <= speed.p90 for seconds in waited) >= 0.9 * len(waited)
    assert measures.abandonment(rows.waits) == len(lost) / (
        len(truth.callers) - len(truth.ended("short"))
    )
    parts = sorted(
        (one.user.pk, one.talk, one.hold, one.wrapped - one.stopped) for one in truth.spoken
    )
    assert sorted((w.user, w.talk, w.hold, w.wrapup) for w in rows.works) == parts
    seconds = [talk + hold + wrapup for _user, talk, hold, wrapup in parts]
    assert measures.handling_time(rows.works) == fmean(seconds)
    in_hand = sum(seconds)
    there = sum(until - since for spells in truth.free.values() for since, until in spells)
    share = measures.occupancy(
        rows.all_works, rows.free, start=day.at(0), end=day.at((HOURS + 2) * 3600)
    )
    # Who works is available all the while: what they had in hand lies within the time they were there.
    assert share == pytest.approx(in_hand / there, abs=1e-9)
    owed = {(one.call.ticket_id, one.how) for one in truth.ended("call-back", "voicemail")}
    kinds = {"call-back": Promise.Kind.CALL_BACK, "voicemail": Promise.Kind.VOICEMAIL}
    for ticket, how in owed:
        assert Promise.objects.filter(ticket=ticket, kind=kinds[how]).exists()


@pytest.mark.long
@pytest.mark.django_db
def test_an_hour_of_it(brahim: Any, amina: Any) -> None:
    truth, rows, day = told(3, 12, brahim, [amina])
    assert_equal(truth, rows, day)


@pytest.mark.long
@pytest.mark.django_db
def test_a_whole_day(brahim: Any, amina: Any, senior: Any) -> None:
    team = [amina, senior, *(make.user(f"advisor{n}", "advisor") for n in range(2))]
    truth, rows, day = told(1, 260, brahim, team)
    assert len(truth.callers) > 200
    assert truth.ended("abandoned")
    assert truth.ended("call-back", "voicemail")
    assert any(one.passed for one in truth.spoken)
    assert_equal(truth, rows, day)
