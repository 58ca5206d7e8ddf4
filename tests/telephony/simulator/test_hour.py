"""An hour of 300 calls in seconds, the same for the same seed, and the rows agree with the truth."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from telephony.simulator import load
from telephony.simulator.adversary import Adversary
from telephony.simulator.traffic import Traffic
from telephony.simulator.truth import compare, tell
from tests.telephony.simulator.centre import APPLICATION, NUMBER, simulator
from tests.telephony.simulator.whole import Centre

ROOT = Path(__file__).parents[3]


def hour(name, seed=1):
    plan = load.read(name)
    centre = Centre()
    world = centre.attach(simulator(centre, seed=seed, adversary=Adversary(plan.adversary, seed)))
    world.rest.faults.rates = plan.faults
    traffic = Traffic(world, plan, centre, number=NUMBER, application=APPLICATION)
    world.every(60, centre.sweep)
    traffic.begin()
    world.run((plan.minutes + 60) * 60)
    return world, centre, tell(world.history, world.clock.now, whole=True)


def test_an_hour_of_300_calls_takes_seconds_and_the_rows_agree():
    began = time.perf_counter()
    world, centre, truth = hour("quiet_hour")
    took = time.perf_counter() - began
    print(f"{took:.1f} s, {world.sent} requests, {truth.outcomes()}")
    assert took < 30
    assert len(truth.calls) == 300
    assert compare(truth, centre.said()) == []


@pytest.mark.long
def test_the_same_seed_is_the_same_hour_and_another_is_not():
    def told(seed):
        world, centre, _truth = hour("crowd", seed)
        asked = [(one.path, tuple(sorted(one.form.items())), one.token) for one in centre.seen]
        return world.history, asked

    assert told(7) == told(7)
    assert told(7)[0] != told(8)[0]


def test_a_crowd_waits_leaves_and_gives_up_and_the_rows_agree():
    _world, centre, truth = hour("crowd")
    assert compare(truth, centre.said()) == []
    found = truth.outcomes()
    assert {"talked", "message", "abandoned"} <= found.keys()
    assert sum(found.values()) == 200


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_rough_hour_loses_no_caller(seed):
    """Repeated, late, overtaken, lost; cut REST requests; advisors who vanish or never come."""
    world, centre, truth = hour("rough_hour", seed)
    done = world.adversary.done
    assert min(done[one] for one in ("repeated", "delayed", "lost", "slow")) > 20
    assert {kind for kind, _name in world.rest.faults.done} >= {"429", "cut", "5xx"}
    assert truth.lost == []
    assert all(call.over for call in world.calls.values() if not call.identity)
    spoke = {sid for sid, told in truth.calls.items() if told.conversations}
    said = {sid for sid, row in centre.said().items() if row.conversations}
    assert said <= spoke
    assert len(spoke - said) < 60


def test_a_seed_is_the_same_in_another_process():
    """Python orders sets of words differently in each process: nothing may follow that order."""
    code = (
        "from tests.telephony.simulator.test_hour import hour;"
        "world, centre, truth = hour('short_hour');"
        "print(repr([(m.at, m.what, m.call, sorted(m.detail.items(), key=str))"
        " for m in world.history]))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0]) > 10_000
