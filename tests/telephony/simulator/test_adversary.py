"""What lies in the way: repetition, delay, loss, two at once, and a server that is killed at any point."""

from collections import Counter
from itertools import pairwise

import pytest

from telephony.simulator import load
from telephony.simulator.actors import Advisor
from telephony.simulator.adversary import Adversary, Rates
from telephony.simulator.people import Scripted
from telephony.simulator.traffic import Traffic
from telephony.simulator.truth import tell
from tests.telephony.simulator.centre import APPLICATION, NUMBER, Server, simulator
from tests.telephony.simulator.whole import Centre
from tests.telephony.simulator.words import BASE, twiml

CALLER = "+212600000001"


def proxy(url, form, headers):
    """Stands before a server that is away: documents say "in five seconds, again". The action of the
    queue is answered with nothing, because after a move it would compete with the room."""
    path = url.removeprefix(BASE)
    if path in ("/room", "/status"):
        return 503, "text/plain", b""
    if path == "/queue":
        return 200, "text/xml", twiml().encode()
    return 200, "text/xml", twiml(f'<Pause length="5"/><Redirect>{url}</Redirect>').encode()


def called(rates, seed=1, calls=40):
    server = Server({"/voice": twiml('<Pause length="5"/>')})
    world = simulator(server, adversary=Adversary(rates, seed))
    for number in range(calls):
        world.ring(f"+2126000000{number:02d}", NUMBER)
        world.run(1)
    world.run(200)
    return server, world


def test_a_repetition_has_the_same_token_and_the_same_fields():
    server, _world = called(Rates(repeat=1), calls=5)
    for path in ("/voice", "/status"):
        tokens = Counter(one.token for one in server.seen if one.path == path)
        assert set(tokens.values()) == {2}
        assert len(tokens) == 5


def test_two_at_once_reach_the_server_together():
    server, _world = called(Rates(together=1), calls=5)
    assert len(server.asked("/voice")) == 10


def test_delays_let_later_ones_overtake_and_stay_below_the_longest():
    server, world = called(Rates(delay=0.5, longest=60))
    came = [form["From"] for form in server.asked("/status")]
    assert sorted(came) == sorted(call.from_ for call in world.calls.values())
    assert came != sorted(came)
    waits = [(call.requests[-1].at - call.ended).total_seconds() for call in world.calls.values()]
    assert 30 < max(waits) <= 60.1
    assert min(waits) == pytest.approx(0.1)


def test_documents_are_never_delayed_or_lost():
    server, _world = called(Rates(delay=1, lose=1))
    assert len(server.asked("/voice")) == 40
    assert server.asked("/status") == []


def test_a_slow_answer_makes_it_ask_again_where_the_address_says_so():
    server, world = called(Rates(slow=1), calls=3)
    assert len(server.asked("/voice")) == 6
    assert len(server.asked("/status")) == 6
    assert all(call.status == "completed" for call in world.calls.values())


def test_a_failed_connection_is_tried_again_by_default():
    server, world = called(Rates(unreachable=1), calls=3)
    assert len(server.asked("/voice")) == 3
    assert world.adversary.done["unreachable"] == 6
    assert all(call.status == "completed" for call in world.calls.values())


def test_the_adversary_is_the_same_for_the_same_seed():
    rates = Rates(repeat=0.3, delay=0.3, lose=0.1)
    paths = [
        [(one.path, one.form["From"]) for one in called(rates, seed)[0].seen] for seed in (3, 3, 4)
    ]
    assert paths[0] == paths[1] != paths[2]


# --- killed ---------------------------------------------------------------------------------------


def whole_call(adversary):
    """One call through everything: menu, queue, advisor, hold, end; a second one leaves a message."""
    centre = Centre()
    world = centre.attach(simulator(centre, adversary=adversary))
    world.proxy = proxy
    world.every(30, centre.sweep)
    plan = load.Advisors(holds=1, wrap=1)
    Advisor(world, "advisor_1", APPLICATION, centre, plan, 60).start()
    caller = world.ring(CALLER, NUMBER, Scripted(["1"]))
    world.run(300)
    world.hang_up(caller)
    second = world.ring("+212600000002", NUMBER, Scripted(["1", "1"], spoken=9))
    world.run(600)
    world.hang_up(second)
    world.run(60)
    return world, centre, caller


def all_points():
    world, _centre, _caller = whole_call(Adversary())
    return sorted(set(world.points))


POINTS = all_points()


def test_there_are_at_least_thirty_points():
    assert len(POINTS) >= 30, POINTS


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_no_caller_is_lost(point):
    world, _centre, caller = whole_call(Adversary(Rates(away=4), kills={point: 1}))
    killed = [moment.at for moment in world.history if moment.what == "server killed"]
    back = [moment.at for moment in world.history if moment.what == "server back"]
    assert (len(killed), len(back)) == (1, 1)
    assert (back[0] - killed[0]).total_seconds() == 4
    truth = tell(world.history, world.clock.now)
    assert truth.lost == []
    assert truth.calls[caller.sid].outcome == "talked"


def test_while_away_nothing_reaches_the_server_and_restart_is_called_once():
    server = Server({"/voice": twiml('<Enqueue waitUrl="/wait">line</Enqueue>'),
                     "/wait": twiml('<Pause length="10"/>')})  # fmt: skip
    world = simulator(server)
    world.proxy = proxy
    restarts = []
    world.restart = lambda: restarts.append(world.clock.now)
    call = world.ring(CALLER, NUMBER)
    world.run(5)
    world.kill(60)
    seen = len(server.seen)
    world.run(59)
    assert (len(server.seen), len(restarts)) == (seen, 0)
    world.run(30)
    assert len(server.seen) > seen
    assert len(restarts) == 1
    assert call.member is not None


def test_without_a_proxy_a_caller_who_arrives_then_is_lost_and_told_so():
    server = Server()
    world = simulator(server)
    world.kill(60)
    call = world.ring(CALLER, NUMBER)
    world.run(90)
    assert call.over
    assert tell(world.history, world.clock.now).lost == [call.sid]


def test_sweeps_rest_while_the_server_is_away_and_one_may_die_of_it():
    server = Server()
    world = simulator(
        server, adversary=Adversary(Rates(away=10), kills={"rest:account_fetch:after": 2})
    )
    swept = []

    def sweep():
        swept.append(world.clock.now)
        world.rest.handle("GET", f"/2010-04-01/Accounts/{world.account.sid}.json", {}, "")

    world.every(1, sweep)
    world.run(20)
    gaps = [(after - before).total_seconds() for before, after in pairwise(swept)]
    assert max(gaps) >= 10
    assert gaps[-1] == 1


# --- hanging up while being moved -----------------------------------------------------------------


def test_callers_who_hang_up_around_the_move_are_met_on_both_sides_of_it():
    plan = load.Load(
        calls=150, minutes=30, callers=load.Callers(spoils=1, leaves=0, silent=0, short=0),
        advisors=load.Advisors(number=10, holds=0, wrap=1),
    )  # fmt: skip
    centre = Centre()
    world = centre.attach(simulator(centre))
    Traffic(world, plan, centre, number=NUMBER, application=APPLICATION).begin()
    world.run(3600)
    truth = tell(world.history, world.clock.now)
    results = Counter(wait.result for told in truth.calls.values() for wait in told.waits)
    assert results["hangup"] > 20
    assert results["redirected"] > 20
    assert "21220" in centre.failures
    assert all(call.over for call in world.calls.values())
