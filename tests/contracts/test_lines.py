"""Every line is judged by the same outcomes: what is known, how the call stands, what is counted, who hears whom.

Played unchanged on the web line, on the public network (our adapter and the simulated network), and on a
line that is none of ours. What a line cannot do is said by its capabilities, never asked by its name.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from helpdesk.accounts.models import Audit
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import Ended
from helpdesk.tickets.models import Promise
from telephony import jobs, providers
from telephony.facts import Fact, State, Why
from telephony.models import Leg
from telephony.recordings import Recording
from tests import make
from tests.contracts.lines.other import OtherStage
from tests.contracts.lines.public import PublicStage
from tests.contracts.lines.stage import CALL_BACK, CALLER, MESSAGE, Stage
from tests.contracts.lines.web import WebStage
from tests.telephony.twilio import carrier as c

pytestmark = pytest.mark.django_db(transaction=True)
SPOKE = (Fact.CLAIMED, Fact.ADVISOR_JOINED, Fact.CALLER_JOINED)
A_FEW = 4
"""Seconds by which a line may be slower than the other."""


def both(one: str, other: str) -> set[tuple[str, str]]:
    """They hear each other."""
    return {(one, other), (other, one)}


@pytest.fixture
def people(amina: Any, brahim: Any, senior: Any) -> dict[str, Any]:
    return {"amina": amina, "brahim": brahim, "senior": senior}


MADE: dict[str, Callable[..., Stage]] = {
    "web": lambda people, clock, patch: WebStage(people, clock),
    "public": lambda people, clock, patch: PublicStage(people, patch),
    "other": OtherStage,
}


@pytest.fixture(
    params=[pytest.param(name, marks=[] if name == "other" else pytest.mark.long) for name in MADE]
)
def stage(
    request: Any, people: Any, settings: Any, monkeypatch: Any, tmp_path: Any
) -> Iterator[Stage]:
    settings.ALLOWED_HOSTS, settings.MEDIA_ROOT = ["*"], tmp_path
    settings.RECORD_CALLS = True
    c.switch_on(settings)
    # We have been listening for long: silence is judged.
    monkeypatch.setattr(jobs, "_begun", -1000.0)
    with time_machine.travel(make.NOW, tick=False) as clock:
        yield MADE[request.param](people, clock, monkeypatch)


def about(seconds: int) -> Any:
    return pytest.approx(seconds, abs=A_FEW)


# --- to come, to be answered, to end ----------------------------------------------------------------


def test_a_caller_waits_and_hears_nobody(stage: Stage) -> None:
    stage.rings()
    stage.run(20)
    assert stage.call.state == State.WAITING
    assert stage.has(Fact.ARRIVED, Fact.QUEUED)
    assert Waiting.objects.now().get().ticket == stage.call.ticket
    assert stage.hears() == set()


@pytest.mark.parametrize("who", [Why.CALLER, Why.ADVISOR])
def test_a_talk_and_its_end_by_each_side(stage: Stage, who: Why) -> None:
    stage.talk()
    assert (stage.call.state, stage.call.turn) == (State.TALKING, 1)
    assert stage.has(*SPOKE, turn=1)
    assert stage.hears() == both(CALLER, "amina")
    stage.run(60)
    if who == Why.CALLER:
        stage.caller_hangs_up()
    else:
        stage.act("amina", "end")
    call = stage.call
    assert (call.state, call.user) == (State.WRAP_UP, stage.people["amina"])
    assert call.events.filter(kind=Fact.ENDED).order_by("at")[0].why == who
    assert (call.talk_seconds, call.hold_seconds) == (about(63), 0)
    assert stage.hears() == set()
    assert stage.writes("amina").status_code == 302
    assert stage.call.state == State.DONE
    assert stage.figures() == {"offered": 1, "answered": 1, "handled": 1}
    work = call.ticket.handlings.get()
    assert (work.talk_seconds, work.hold_seconds) == (call.talk_seconds, 0)
    assert not Promise.objects.owed().exists()


def test_hold_and_back(stage: Stage) -> None:
    stage.talk()
    stage.run(20)
    stage.act("amina", "hold", on="1")
    assert (stage.call.state, stage.hears()) == (State.HELD, set())
    stage.run(30)
    stage.act("amina", "hold", on="0")
    assert (stage.call.state, stage.hears()) == (State.TALKING, both(CALLER, "amina"))
    stage.run(10)
    stage.act("amina", "end")
    call = stage.call
    stage.writes("amina")
    assert stage.has(Fact.HELD, Fact.RESUMED, turn=1)
    assert (call.hold_seconds, call.talk_seconds) == (about(32), about(37))
    assert stage.figures()["held"] == 1


# --- to pass on -----------------------------------------------------------------------------------------


def test_passed_on_at_once(stage: Stage) -> None:
    stage.talk()
    stage.run(20)
    assert stage.act("amina", "transfer", to=str(stage.people["senior"].pk)).status_code == 200
    call, row = stage.call, Waiting.objects.now().get()
    assert (call.state, row.since, row.is_again) == (State.WAITING, call.started_at, True)
    assert row.offered_to == stage.people["senior"]
    assert stage.hears() == set()
    stage.run(5)
    stage.answers("senior")
    assert (stage.call.state, stage.call.turn) == (State.TALKING, 2)
    assert stage.hears() == both(CALLER, "senior")
    stage.run(10)
    stage.caller_hangs_up()
    assert stage.has(*SPOKE, Fact.RELEASED, turn=1)
    assert stage.has(*SPOKE, turn=2)
    assert stage.call.state == State.WRAP_UP
    talks = stage.call.ticket.handlings.order_by("started_at").values_list(
        "talk_seconds", flat=True
    )
    assert list(talks) == [about(23), about(13)]
    stage.writes("senior")
    assert stage.figures() == {"offered": 1, "answered": 1, "handled": 2, "passed": 1}


def asked(stage: Stage) -> None:
    """The senior has been asked, and is there."""
    stage.talk()
    stage.run(10)
    stage.act("amina", "consultation", to=str(stage.people["senior"].pk))
    assert stage.hears() == set()
    assert stage.act("senior", "joining").status_code == 200
    stage.page_comes("senior")
    stage.run(3)


def test_passed_on_after_asking(stage: Stage) -> None:
    asked(stage)
    assert stage.call.state == State.HELD
    assert stage.hears() == both("amina", "senior")
    stage.run(15)
    assert stage.act("amina", "handing_over").status_code == 200
    stage.run(3)
    call = stage.call
    assert (call.state, call.turn, call.user) == (State.TALKING, 2, stage.people["senior"])
    assert stage.hears() == both(CALLER, "senior")
    stage.run(20)
    stage.act("senior", "end")
    assert stage.call.state == State.WRAP_UP
    assert stage.has(*SPOKE, Fact.HELD, Fact.RESUMED, Fact.RELEASED, turn=1)
    assert stage.has(*SPOKE, turn=2)
    stage.writes("senior")
    assert stage.figures() == {"offered": 1, "answered": 1, "handled": 2, "passed": 1, "held": 1}


def test_asked_and_taken_back(stage: Stage) -> None:
    asked(stage)
    stage.act("amina", "consultation_ending")
    assert (stage.call.state, stage.call.turn) == (State.TALKING, 1)
    assert stage.hears() == both(CALLER, "amina")


# --- beside a talk --------------------------------------------------------------------------------------


def test_a_supervisor_listens_whispers_and_steps_in(stage: Stage) -> None:
    stage.talk()
    talk, ears = both(CALLER, "amina"), {("brahim", CALLER), ("brahim", "amina")}
    answer = stage.act("brahim", "supervision", mode="listen")
    assert (answer.status_code == 200) is stage.capabilities.listen
    stage.page_comes("brahim")
    stage.run(3)
    assert stage.hears() == talk | ears, "never heard"
    stage.act("brahim", "supervision", mode="whisper")
    assert stage.hears() == talk | ears | {("amina", "brahim")}
    stage.act("brahim", "supervision", mode="barge")
    assert stage.hears() == talk | ears | {("amina", "brahim"), (CALLER, "brahim")}
    stage.act("brahim", "supervision", mode="listen")
    assert stage.hears() == talk | ears
    acts = Audit.objects.filter(act__startswith="call-").order_by("pk").values_list("act", "user")
    brahim = stage.people["brahim"].pk
    assert list(acts) == [
        (f"call-{mode}", brahim) for mode in ("listen", "whisper", "barge", "listen")
    ]
    stage.run(20)
    stage.caller_hangs_up()
    assert (stage.call.state, stage.hears()) == (State.WRAP_UP, set())
    assert not stage.call.legs.here().exists()
    stage.writes("amina")
    assert stage.figures() == {"offered": 1, "answered": 1, "handled": 1}


def test_a_listener_goes_and_the_talk_goes_on(stage: Stage) -> None:
    stage.talk()
    stage.act("brahim", "supervision", mode="listen")
    stage.page_comes("brahim")
    stage.act("brahim", "supervision", mode="leave")
    assert stage.hears() == both(CALLER, "amina")
    assert stage.call.state == State.TALKING
    assert not stage.call.legs.here().filter(role=Leg.Role.SUPERVISOR).exists()


def test_a_talk_is_recorded_only_where_the_line_can_and_the_caller_agreed(stage: Stage) -> None:
    stage.rings(agrees=True)
    stage.run(5)
    stage.answers("amina")
    assert (stage.call.recording_consent is not None) is stage.capabilities.record
    stage.records("amina", 10)
    stage.act("amina", "end")
    stage.run(60)
    kept = Recording.objects.filter(kind=Recording.Kind.TALK).exclude(file=None)
    assert kept.count() == int(stage.capabilities.record)


# --- callers who are not answered -----------------------------------------------------------------------


def test_a_caller_gives_up(stage: Stage) -> None:
    stage.rings()
    stage.run(40)
    stage.caller_hangs_up()
    assert stage.call.state == State.ABANDONED
    assert Promise.objects.owed().get().kind == Promise.Kind.MISSED
    assert stage.figures() == {"offered": 1, "abandoned": 1}
    assert stage.hears() == set()


@pytest.mark.parametrize(
    ("way", "state", "fact", "kind", "how"),
    [
        (CALL_BACK, State.CALL_BACK, Fact.CALL_BACK, Promise.Kind.CALL_BACK, Ended.CALL_BACK),
        (MESSAGE, State.VOICEMAIL, Fact.VOICEMAIL, Promise.Kind.VOICEMAIL, Ended.VOICEMAIL),
    ],
)
def test_another_way_than_waiting(
    stage: Stage, way: str, state: State, fact: Fact, kind: str, how: str
) -> None:
    stage.wishes(way)
    assert stage.call.state == state
    assert stage.has(Fact.ARRIVED, fact, Fact.ENDED)
    assert stage.has(Fact.QUEUED) is stage.capabilities.keys_while_waiting
    promise = Promise.objects.owed().get()
    assert (promise.kind, promise.ticket) == (kind, stage.call.ticket)
    kept = Recording.objects.filter(kind=Recording.Kind.VOICEMAIL).exclude(file=None)
    assert [one.seconds for one in kept] == ([3] if way == MESSAGE else [])
    assert stage.figures() == {"offered": 1, "left": 1}
    assert Waiting.objects.filter(channel="phone").get().ended_how == how


# --- pages that do not come, or go ------------------------------------------------------------------------


def test_an_advisor_whose_voice_does_not_come(stage: Stage) -> None:
    stage.rings()
    stage.run(5)
    assert stage.act("amina", "answer").status_code == 200
    assert stage.call.state == State.CLAIMED
    stage.run(15)
    call = stage.call
    assert (call.state, stage.hears()) == (State.WAITING, set())
    assert call.events.get(kind=Fact.RELEASED).why == Why.NO_JOIN
    assert Waiting.objects.now().get().since == call.started_at
    stage.answers("senior")
    assert stage.hears() == both(CALLER, "senior")


def test_a_page_that_comes_back_in_time_goes_on(stage: Stage) -> None:
    stage.talk()
    stage.run(20)
    stage.page_goes("amina")
    stage.run(8)
    assert (stage.call.state, stage.hears()) == (State.TALKING, set())
    stage.page_comes("amina")
    stage.run(30)
    assert (stage.call.state, stage.call.turn) == (State.TALKING, 1)
    assert stage.hears() == both(CALLER, "amina")


def test_a_page_that_does_not_come_back_gives_its_caller_the_first_place(stage: Stage) -> None:
    stage.talk()
    stage.run(20)
    stage.page_goes("amina")
    stage.run(40)
    call, row = stage.call, Waiting.objects.now().get()
    assert (call.state, row.since, row.is_again) == (State.WAITING, call.started_at, True)
    assert call.events.get(kind=Fact.RELEASED).why == Why.LOST
    stage.answers("senior")
    assert (stage.call.turn, stage.hears()) == (2, both(CALLER, "senior"))


# --- the port itself ----------------------------------------------------------------------------------------


def test_arranging_and_asking_again_change_nothing(stage: Stage) -> None:
    stage.talk()
    stage.act("brahim", "supervision", mode="listen")
    stage.page_comes("brahim")
    stage.run(3)
    heard, facts = stage.hears(), stage.facts()
    line = providers.of(stage.call)
    for _time in range(3):
        line.arrange(stage.call, at=stage.now)
        with stage.at_the_moment():
            assert line.reconcile(stage.call, at=stage.now) == 0
        stage.run(3)
    assert (stage.hears(), stage.facts()) == (heard, facts)
    assert stage.call.state == State.TALKING


def test_a_pass_is_for_the_end_it_names(stage: Stage) -> None:
    stage.talk()
    stage.act("brahim", "supervision", mode="listen")
    legs = stage.call.legs.here().exclude(user=None)
    with stage.at_the_moment():
        passes = [providers.of(stage.call).pass_for(leg) for leg in legs]
    assert len(set(passes)) == len(legs) == 2
    assert all(passes)
