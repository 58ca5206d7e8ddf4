"""A caller hangs up within half a second of the move: the advisor is free, and one call is owed."""

from typing import Any

import pytest

from tests.telephony.twilio import rounds
from tests.telephony.twilio.world import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]
ROUNDS = 40
"""A thousand are `python -m tests.bench.phone_world rounds`."""


def test_hanging_up_at_the_move(line: Any, amina: Any, monkeypatch: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    world, desk = build([amina], monkeypatch, seed=11)
    tally = rounds.play(world, desk, amina, ROUNDS)
    assert tally.wrong == []
    assert tally.before
    assert tally.after
