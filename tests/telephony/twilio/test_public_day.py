"""Our figures of the public network are the network's own: who came, who was answered and when, who gave up."""

from typing import Any

import pytest
import time_machine

from helpdesk.queues.models import Queue
from helpdesk.supervision import measures
from helpdesk.supervision.board import board
from helpdesk.supervision.measure_rows import Asked, read
from helpdesk.supervision.periods import period
from tests import make
from tests.telephony.twilio import public_day
from tests.telephony.twilio.world import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]
CALLS, MINUTES, ADVISORS = 24, 2.0, 3
"""So many come too fast for three advisors; a day of 3 000 with twenty is `python -m tests.bench.phone_world day`."""


def test_figures_are_the_networks(line: Any, brahim: Any, monkeypatch: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Queue.objects.update(push_live=False, wait_seconds=20)
    users = [
        make.user(f"advisor{n}", "advisor", speaks=["ar", "fr", "ary"]) for n in range(ADVISORS)
    ]
    world, _desk = build(users, monkeypatch, seed=4)
    desk = public_day.Noting(users)
    desk.world = world
    told = public_day.play(world, desk, calls=CALLS, minutes=MINUTES, advisors=ADVISORS)
    now = world.clock.now
    with time_machine.travel(now, tick=False):
        rows = read(brahim, Asked(period("day", make.NOW.date())), at=now)
        shown = board(brahim, at=now)
    assert told.lost == []
    assert public_day.differences(world, told, desk, rows) == []
    level = measures.service_level(rows.waits)
    assert level is not None
    assert shown.tile("service").value == str(int(level * 100))
    assert shown.tile("given-up").value == str(len(measures.abandoned(rows.waits)))
