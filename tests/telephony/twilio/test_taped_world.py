"""Recorded talks through the simulated network: over whole runs nothing is recorded but with a caller's yes.

The network itself is asked what it recorded; our rows say who agreed.
"""

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.associations.models import Consent
from telephony.models import Call
from telephony.providers.twilio import claims, strays, tapes
from telephony.providers.twilio.models import Stray, Tape
from telephony.recordings import Recording
from telephony.simulator import load
from telephony.simulator.simulator import Simulator
from telephony.simulator.traffic import Traffic
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.world import at, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def an_hour(monkeypatch: Any, *, yes: str, seed: int, calls: int) -> Simulator:
    """Callers press `yes` (or nothing) at the question; two advisors hold some of them."""
    plan = load.read("crowd")
    callers = replace(plan.callers, menu=("2", "0", yes), talk=40, patience=600, leaves=0, short=0)
    staff = replace(plan.advisors, number=2, supervisors=0, drops=0)
    plan = replace(plan, calls=calls, minutes=6, callers=callers, advisors=staff)
    users = [make.user(f"advisor{n}", "advisor", speaks=["ar", "fr", "ary"]) for n in range(2)]
    world, desk = build(users, monkeypatch, seed=seed)
    names = [claims.identity(user) for user in users]
    Traffic(world, plan, desk, number=c.OUR_NUMBER, application=c.APP, identities=names).begin()
    world.run(plan.minutes * 60 + 15 * 60)
    return world


def begun(world: Simulator) -> list[str]:
    """Calls that we asked to record."""
    return [
        one.path.split("/")[-2] for one in world.rest.log
        if one.method == "POST" and one.path.endswith("/Recordings.json")
    ]  # fmt: skip


@pytest.mark.parametrize("yes", ["1", "2"])
def test_only_who_agreed_was_recorded_and_nothing_is_left_at_twilio(
    yes: str, line: Any, monkeypatch: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS, settings.RECORD_CALLS = ["*"], True
    world = an_hour(monkeypatch, yes=yes, seed=11, calls=8)
    talked = Call.objects.exclude(answered_at=None)
    assert talked.exists()
    agreed = {call.key.removeprefix("public:") for call in talked.exclude(recording_consent=None)}
    assert set(begun(world)) == (agreed if yes == "1" else set())
    assert bool(agreed) == (yes == "1") == Consent.objects.exists()
    with at(world):
        tapes.fetch_left_behind(at=world.clock.now)
        assert strays.look(at=world.clock.now) == 0
    assert not Stray.objects.exists()
    # What is heard in a room is never recorded there, and what was recorded is here and no more there.
    assert not [one for one in world.recordings.values() if one.room]
    kept = {one.proof["line"]: one for one in Recording.objects.filter(kind="talk")}
    for tape in Tape.objects.exclude(sid=None):
        there = world.recordings[str(tape.sid)]
        if there.status == "completed":
            assert there.deleted
            assert abs(kept[there.sid].seconds - there.length) <= 1
            assert kept[there.sid].consent_id == tape.consent_id
    assert bool(kept) == (yes == "1")
