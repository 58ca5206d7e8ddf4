"""Who has a ticket open, and who writes there."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.live import viewing
from helpdesk.live.jobs import forget_old_viewings
from tests import make

pytestmark = pytest.mark.django_db
PLACE = viewing.place_of(12)
SECOND = timedelta(seconds=1)


def test_others_are_told_once_and_forgotten(amina: Any, brahim: Any) -> None:
    assert viewing.see(PLACE, by=amina, at=make.NOW)
    assert not viewing.see(PLACE, by=amina, at=make.NOW + 30 * SECOND)
    seen = viewing.viewers(PLACE, but=brahim, at=make.NOW + 100 * SECOND)
    assert [(v.user, v.writes) for v in seen] == [(amina, False)]
    assert viewing.viewers(PLACE, but=amina, at=make.NOW) == []
    assert viewing.viewers(viewing.place_of(13), but=brahim, at=make.NOW) == []
    assert viewing.viewers(PLACE, but=brahim, at=make.NOW + 121 * SECOND) == []
    assert viewing.see(PLACE, by=amina, at=make.NOW + 300 * SECOND), "back is new again"


def test_who_writes_stands_first_and_stops(amina: Any, brahim: Any, senior: Any) -> None:
    viewing.see(PLACE, by=amina, at=make.NOW)
    viewing.write(PLACE, by=senior, at=make.NOW)
    names = [(v.user, v.writes) for v in viewing.viewers(PLACE, but=brahim, at=make.NOW)]
    assert names == [(senior, True), (amina, False)]
    later = viewing.viewers(PLACE, but=brahim, at=make.NOW + 20 * SECOND)
    assert not any(v.writes for v in later)


def test_the_page_shows_a_colleague_and_that_they_write(
    amina: Any, brahim: Any, as_user: Any
) -> None:
    ticket = make.ticket("سؤال")
    mine, other = as_user(amina), as_user(brahim)
    mine.post(f"/desk/tickets/{ticket.pk}/draft/", {"kind": "note", "body": "نص"})
    page = other.get(f"/desk/tickets/{ticket.pk}/news/?since=1").content.decode()
    assert "أمينة" in page
    assert "data-poll-live" in page
    alone = mine.get(f"/desk/tickets/{ticket.pk}/news/?since=1").content.decode()
    assert "أمينة" not in alone


def test_old_ones_go(amina: Any) -> None:
    viewing.see(PLACE, by=amina, at=make.NOW)
    assert forget_old_viewings(at=make.NOW + timedelta(minutes=30)) == 0
    assert forget_old_viewings(at=make.NOW + timedelta(hours=2)) == 1
