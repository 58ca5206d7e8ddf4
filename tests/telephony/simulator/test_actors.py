"""Callers, advisors and the loads they come by: each does what its plan says, by lot but as seeded."""

from datetime import timedelta
from random import Random

import pytest

from telephony.simulator import load
from telephony.simulator.actors import Advisor, Caller, Desk, Taken
from telephony.simulator.load import Advisors, BadSeed, Callers, Load
from telephony.simulator.people import Scripted
from telephony.simulator.traffic import Traffic
from telephony.simulator.truth import LEFT, Row, compare, tell
from tests.telephony.simulator.centre import APPLICATION, NUMBER, Server
from tests.telephony.simulator.words import twiml

PARK = twiml('<Enqueue waitUrl="/wait" action="/queue">line</Enqueue>')


@pytest.fixture
def server() -> Server:
    room = twiml("<Dial><Conference>r1</Conference></Dial>")
    return Server({"/voice": PARK, "/wait": twiml('<Pause length="10"/>'), "/desk": room})


class Offers(Desk):
    """Has so many calls to offer, and writes down what it is asked."""

    def __init__(self, calls: int) -> None:
        self.left, self.done = calls, []

    def take(self, identity):
        if not self.left:
            return None
        self.left -= 1
        self.done.append("take")
        return Taken({"claim": f"c{self.left}"})

    def hold(self, identity, on):
        self.done.append(f"hold {on}")

    def hang_up(self, identity):
        self.done.append("hang up")

    def free(self, identity):
        self.done.append("free")


def test_every_seed_file_can_be_read():
    files = sorted(path.stem for path in load.SEEDS.glob("*.toml"))
    assert {"quiet_hour", "rough_hour", "crowd", "day", "demo"} <= set(files)
    assert all(load.read(name).calls > 0 for name in files)


def test_a_misspelt_key_is_an_error(tmp_path):
    for text in ("cals = 3", "[callers]\npatient = 3", "[adversary]\nloose = 0.1"):
        path = tmp_path / "bad.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadSeed):
            load.read(str(path))


def test_a_caller_waits_as_long_as_their_patience(server, world):
    caller = Caller(Random(1), Callers(short=0, leaves=0, patience=100))
    call = world.ring("+212600000001", NUMBER, caller)
    world.run(3600)
    waited = (call.ended - call.created).total_seconds()
    assert waited == pytest.approx(caller.patience + 0.1)
    assert caller.patience > 6


def test_one_in_so_many_gives_up_at_once():
    given = [Caller(Random(n), Callers(short=0.2, patience=500)).patience for n in range(500)]
    assert 60 < sum(patience <= 5 for patience in given) < 140


def test_an_advisor_who_is_absent_takes_and_never_dials_in(world):
    desk = Offers(3)
    Advisor(world, "advisor_1", APPLICATION, desk, Advisors(absent=1, react=1), 60).start()
    world.run(120)
    assert desk.done == ["take", "free"] * 3
    assert world.calls == {}


def test_an_advisor_to_whom_nobody_comes_hangs_up_and_is_free_again(server, world):
    desk = Offers(1)
    Advisor(world, "advisor_1", APPLICATION, desk, Advisors(react=1), 60).start()
    world.run(60)
    (leg,) = world.calls.values()
    assert leg.status == "completed"
    assert 19 < (leg.ended - leg.created).total_seconds() < 21
    assert desk.done == ["take", "free"]


def talk(server, world, **plan):
    server.answers["/voice"] = twiml("<Dial><Conference>r1</Conference></Dial>")
    desk = Offers(1)
    Advisor(world, "advisor_1", APPLICATION, desk, Advisors(react=1, wrap=5, **plan), 60).start()
    world.ring("+212600000001", NUMBER, Scripted())
    world.run(900)
    return desk.done


def test_an_advisor_holds_ends_and_wraps_up(server, world):
    assert talk(server, world, holds=1) == ["take", "hold True", "hold False", "hang up", "free"]


def test_who_loses_the_network_has_not_hung_up(server, world):
    assert talk(server, world, holds=0, drops=1) == ["take", "free"]


def test_nobody_calls_twice_at_once_and_some_withhold_their_number(server, world):
    server.answers["/voice"] = twiml('<Pause length="120"/>')
    plan = Load(calls=300, minutes=30, callers=Callers(again=0.9, withheld=0.2))
    traffic = Traffic(world, plan, Desk(), number=NUMBER, identities=[])
    traffic.begin()
    world.run(3600)
    calls = traffic.callers
    assert len(calls) == 300
    assert 30 < sum(call.from_ == "anonymous" for call in calls) < 100
    known = [call for call in calls if call.from_ != "anonymous"]
    assert len({call.from_ for call in known}) < len(known)
    for one in known:
        for other in known:
            if one is not other and one.from_ == other.from_:
                assert one.ended <= other.created or other.ended <= one.created


# --- the truth ------------------------------------------------------------------------------------


def test_who_leaves_by_a_key_without_a_message_has_left(server, world):
    server.answers["/wait"] = twiml('<Pause length="3"/><Leave/>')
    call = world.ring("+212600000001", NUMBER)
    world.run()
    told = tell(world.history, world.clock.now).calls[call.sid]
    assert (told.outcome, told.by, told.waits[0].result) == (LEFT, "document", "leave")


def test_what_still_goes_on_is_told_as_far_as_now(server, world):
    call = world.ring("+212600000001", NUMBER)
    world.run(30)
    told = tell(world.history, world.clock.now).calls[call.sid]
    assert (told.ended, told.waits[0].result) == (None, "")
    assert told.waited == pytest.approx(29.9)


def test_differences_from_the_rows_are_named(server, world):
    call = world.ring("+212600000001", NUMBER)
    world.run(30)
    world.hang_up(call)
    truth = tell(world.history, world.clock.now)
    right = Row("abandoned", 29.9)
    assert compare(truth, {call.sid: right}) == []
    assert compare(truth, {}) == [f"{call.sid}: not in the rows"]
    assert compare(truth, {call.sid: right, "CA0": right}) == ["CA0: never happened"]
    assert "waited" in compare(truth, {call.sid: Row("abandoned", 12)})[0]
    assert "talked" in compare(truth, {call.sid: Row("talked", 29.9)})[0]
    spoken = Row("abandoned", 29.9, (("advisor_1", 5, 0),))
    assert "spoke with" in compare(truth, {call.sid: spoken})[0]
    assert truth.calls[call.sid].ended - truth.calls[call.sid].arrived == timedelta(seconds=30)
