"""Advisors' pages come in by their claim, voices meet in a room, and what that orders at Twilio."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from telephony import actions, jobs
from telephony.facts import Fact, State, Why
from telephony.models import Call, Leg, Timer
from telephony.providers.twilio import claims
from telephony.providers.twilio.models import Order, Room, Voice
from telephony.providers.twilio.rules import End, Manner, manners
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import twiml
from tests.telephony.twilio.caller import Page, Talk, Telephone, code, orders, sent

pytestmark = pytest.mark.django_db


# --- the claim ------------------------------------------------------------------------------------


def test_a_page_comes_into_the_room_and_only_then_is_the_caller_moved(
    waiting: Telephone, leg: Leg
) -> None:
    page = Page(leg)
    root = page.connects(code(leg))
    room = Room.objects.get()
    assert root.find("Dial/Conference").text == room.name
    assert orders() == []
    page.in_room("participant-join", room)
    assert orders() == [("move", "caller", {})]
    root = waiting.asked(f"enter/{room.name}/")
    assert root.find("Dial/Conference").text == room.name
    waiting.leaves_line("redirected")
    assert waiting.call.state == State.CLAIMED
    waiting.in_room("participant-join", room)
    assert waiting.call.state == State.TALKING


@pytest.mark.parametrize("result", ["redirected", "redirected-from-bridged", "bridged"])
def test_the_end_of_the_line_says_nothing_to_who_was_moved(
    waiting: Telephone, leg: Leg, result: str
) -> None:
    Page(leg).comes(code(leg))
    assert twiml.tags(waiting.leaves_line(result)) == []


def test_the_same_request_again_gets_the_same_document(leg: Leg) -> None:
    page, claim = Page(leg), code(leg)
    first, second = page.connects(claim), page.connects(claim)
    assert first.find("Dial/Conference").attrib == second.find("Dial/Conference").attrib
    assert Voice.objects.filter(leg=leg).count() == 1


def refused(page: Page, claim: str) -> bool:
    root = page.connects(claim)
    return root.find("Dial") is None and root[-1].tag == "Hangup"


def test_a_code_lets_one_voice_in(leg: Leg) -> None:
    claim = code(leg)
    Page(leg).connects(claim)
    assert refused(Page(leg), claim)
    assert Voice.objects.filter(leg=leg).count() == 1


@pytest.mark.parametrize(("age", "opens"), [(29, True), (31, False), (3600, False)])
def test_a_code_is_good_for_half_a_minute(leg: Leg, age: int, opens: bool) -> None:
    claim = claims.code_for(leg, at=make.NOW)
    with time_machine.travel(make.NOW + timedelta(seconds=age), tick=False):
        assert refused(Page(leg), claim) is not opens


def test_a_code_is_the_advisors_own(leg: Leg, senior: Any) -> None:
    page = Page(leg)
    page.fields["From"] = f"client:{claims.identity(senior)}"
    assert refused(page, code(leg))
    for other in ("client:", "client:amina", c.CALLER, f"{claims.identity(leg.user)}"):
        page.fields["From"] = other
        assert refused(page, code(leg))
    assert not Voice.objects.filter(leg=leg).exists()


@pytest.mark.parametrize("change", ["leg", "moment", "mark"])
def test_an_altered_code_is_none(leg: Leg, change: str) -> None:
    pk, moment, nonce, mark = code(leg).split("-")
    altered = {
        "leg": f"{int(pk) + 1}-{moment}-{nonce}-{mark}", "mark": f"{pk}-{moment}-{nonce}-{'0' * 32}",
        "moment": f"{pk}-{int(moment, 16) + 1:x}-{nonce}-{mark}",
    }[change]  # fmt: skip
    assert refused(Page(leg), altered)


def test_a_code_of_a_call_given_back_leads_nowhere(waiting: Telephone, leg: Leg) -> None:
    claim = code(leg)
    actions.give_back(waiting.call, why=Why.NO_JOIN, at=make.NOW)
    assert refused(Page(leg), claim)


def test_who_is_known_to_twilio_by_name_has_a_name_that_says_nothing(
    amina: Any, senior: Any
) -> None:
    one, other = claims.identity(amina), claims.identity(senior)
    assert one != other
    assert one.isalnum()
    assert len(one) <= 121
    assert "amina" not in one


def test_no_number_stands_in_a_name_of_a_room_or_an_end(talk: Talk) -> None:
    names = [talk.room.name, claims.identity(talk.leg.user)]
    names += Voice.objects.values_list("label", flat=True)
    assert not any(c.CALLER[-9:] in name for name in names)


# --- come and gone --------------------------------------------------------------------------------


def test_an_advisor_who_does_not_come_gives_the_call_back(waiting: Telephone, leg: Leg) -> None:
    before = waiting.call.started_at
    jobs.timers_due(at=make.NOW + timedelta(seconds=13))
    call = waiting.call
    assert (call.state, call.started_at) == (State.WAITING, before)
    assert orders() == []


def test_an_advisor_who_came_late_is_not_taken_for_who_never_came(
    waiting: Telephone, leg: Leg
) -> None:
    with time_machine.travel(make.NOW + timedelta(seconds=11), tick=False):
        Page(leg).comes(code(leg))
    jobs.timers_due(at=make.NOW + timedelta(seconds=13))
    assert waiting.call.state == State.CLAIMED
    jobs.timers_due(at=make.NOW + timedelta(seconds=24))
    assert waiting.call.state == State.WAITING


def test_a_voice_that_stays_silent_to_the_server_is_not_taken_for_gone(
    talk: Talk, monkeypatch: Any
) -> None:
    """No page of this line tells every few seconds that it is there."""
    monkeypatch.setattr(jobs, "_begun", -1000.0)
    assert not Timer.objects.filter(kind__in=["advisor", "caller"]).exists()
    jobs.timers_due(at=make.NOW + timedelta(minutes=30))
    assert talk.call.state == State.TALKING


@pytest.mark.parametrize("way", ["room", "status", "both", "both, twice, the other way"])
def test_the_caller_hangs_up(talk: Talk, way: str) -> None:
    with time_machine.travel(make.NOW + timedelta(minutes=3), tick=False):
        told = [lambda: talk.telephone.in_room("participant-leave", talk.room),
                talk.telephone.hangs_up]  # fmt: skip
        for tell in {"room": told[:1], "status": told[1:], "both": told}.get(way, told[::-1] * 2):
            tell()
    call = talk.call
    assert (call.state, call.talk_seconds) == (State.WRAP_UP, 180)
    assert call.events.filter(kind=Fact.ENDED).first().why == Why.CALLER
    assert orders() == [("close", "", {})]


def test_the_advisor_hangs_up_and_the_caller_is_thanked_in_the_room(talk: Talk) -> None:
    actions.end(talk.leg, at=make.NOW)
    assert talk.call.state == State.WRAP_UP
    assert orders() == [("close", "", {})]
    talk.telephone.in_room("participant-leave", talk.room)
    talk.page.in_room("participant-leave", talk.room)
    assert orders() == [("close", "", {})]


def test_the_advisor_hangs_up_before_anybody_came(waiting: Telephone, leg: Leg) -> None:
    """The caller still stands in line at Twilio: they are hung up on."""
    actions.end(leg, at=make.NOW)
    assert ("end", "caller", {}) in orders()
    assert twiml.tags(waiting.listens()) == ["Leave"]


def test_a_page_that_is_lost_has_twenty_seconds_to_come_back(talk: Talk, monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs, "_begun", -1000.0)
    talk.page.in_room("participant-leave", talk.room)
    assert talk.call.state == State.TALKING
    again = Page(talk.leg)
    again.comes(code(talk.leg))
    jobs.timers_due(at=make.NOW + timedelta(seconds=25))
    assert talk.call.state == State.TALKING


def test_a_page_that_does_not_come_back_puts_the_caller_first_in_line(
    talk: Talk, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "_begun", -1000.0)
    with time_machine.travel(make.NOW + timedelta(seconds=30), tick=False):
        talk.page.hangs_up()
    jobs.timers_due(at=make.NOW + timedelta(seconds=55))
    call = talk.call
    assert (call.state, call.talk_seconds) == (State.WAITING, 30)
    assert call.ticket.handlings.get().talk_seconds == 30
    assert orders() == [("park", "caller", {})]
    root = talk.telephone.asked("back/")
    assert twiml.tags(root) == ["Say", "Enqueue"]
    talk.telephone.in_room("participant-leave", talk.room)
    assert talk.call.state == State.WAITING


def test_given_back_before_the_move_went_out_nobody_is_moved(waiting: Telephone, leg: Leg) -> None:
    page = Page(leg)
    page.comes(code(leg))
    actions.give_back(waiting.call, why=Why.NO_JOIN, at=make.NOW)
    assert orders() == [("drop", "advisor", {})]
    root = waiting.asked(f"enter/{Room.objects.get().name}/")
    assert twiml.tags(root) == ["Say", "Enqueue"]


def test_the_next_advisor_meets_the_caller_in_another_room(
    talk: Talk, senior: Any, waiting: Telephone
) -> None:
    first = talk.room
    actions.give_back(talk.call, why=Why.ADVISOR, by=talk.leg.user, at=make.NOW)
    assert orders() == [("park", "caller", {}), ("drop", "advisor", {})]
    sent()
    second = actions.answer(talk.call, by=senior, at=make.NOW)
    page = Page(second)
    page.comes(code(second))
    assert orders() == [("move", "caller", {})]
    room = talk.room
    assert room.name != first.name
    waiting.in_room("participant-leave", first)  # told late, of the room before
    waiting.in_room("participant-join", room)
    assert (talk.call.state, talk.call.user) == (State.TALKING, senior)


@pytest.mark.parametrize("seed", range(6))
def test_events_of_a_room_in_any_order_and_twice_end_alike(
    waiting: Telephone, leg: Leg, seed: int
) -> None:
    import random

    page = Page(leg)
    page.connects(code(leg))
    room = Room.objects.get()
    times = {n: f"Tue, 24 Nov 2026 10:0{n}:00 +0000" for n in range(5)}
    with time_machine.travel(make.NOW + timedelta(minutes=6), tick=False):
        Voice.objects.filter(sid=waiting.sid).update(room=room)  # the move went out
        events = [
            lambda: page.in_room("participant-join", room, at=times[1]),
            lambda: waiting.in_room("participant-join", room, at=times[1]),
            lambda: waiting.in_room("participant-leave", room, at=times[4]),
            lambda: waiting.told("status/", CallStatus="completed", Timestamp=times[4]),
        ] * 2
        random.Random(seed).shuffle(events)
        for tell in events:
            tell()
    call = waiting.call
    assert (call.state, call.talk_seconds) == (State.WRAP_UP, 180)


def test_an_unknown_room_and_an_unknown_voice_are_let_be(talk: Talk) -> None:
    rows = Call.objects.count(), Voice.objects.count(), Order.objects.count()
    other = Room(pk=99, name="f" * 24)
    talk.telephone.in_room("participant-leave", other)
    stranger = Telephone()
    stranger.in_room("participant-leave", talk.room)
    assert talk.call.state == State.TALKING
    assert rows == (Call.objects.count(), Voice.objects.count(), Order.objects.count())


def test_a_day_after_its_end_nothing_is_told_of_a_call(talk: Talk) -> None:
    talk.telephone.hangs_up()
    with time_machine.travel(make.NOW + timedelta(hours=25), tick=False):
        sent = talk.telephone.sent(CallStatus="completed")
        assert talk.telephone.carrier.post("/hooks/twilio/status/", sent).status_code == 403


# --- hold, transfer, listening ----------------------------------------------------------------------


def test_hold_and_back(talk: Talk) -> None:
    actions.set_hold(talk.leg, True, at=make.NOW)
    actions.set_hold(talk.leg, True, at=make.NOW)
    assert orders() == [("set", "caller", {"hold": True})]
    sent()
    actions.set_hold(talk.leg, False, at=make.NOW)
    assert orders() == [("set", "caller", {"hold": False})]


def test_a_colleague_is_asked_and_takes_the_call(talk: Talk, senior: Any) -> None:
    asked = actions.consult(talk.leg, to=senior, at=make.NOW)
    assert orders() == [("set", "caller", {"hold": True})]
    sent()
    page = Page(asked)
    page.comes(code(asked))
    assert talk.call.state == State.HELD
    leg = talk.leg
    leg.refresh_from_db()
    with time_machine.travel(make.NOW + timedelta(minutes=1), tick=False):
        actions.hand_over(leg, at=make.NOW + timedelta(minutes=1))
    call = talk.call
    assert (call.state, call.user, call.turn) == (State.TALKING, senior, 2)
    assert sorted(orders()) == [("drop", "advisor", {}), ("set", "caller", {"hold": False})]
    sent()
    talk.page.in_room("participant-leave", talk.room)
    assert talk.call.state == State.TALKING
    assert orders() == []


def test_a_colleague_who_was_asked_goes_again(talk: Talk, senior: Any) -> None:
    asked = actions.consult(talk.leg, to=senior, at=make.NOW)
    page = Page(asked)
    page.comes(code(asked))
    sent()
    actions.take_back(talk.leg, at=make.NOW)
    assert sorted(orders()) == [("drop", "advisor", {}), ("set", "caller", {"hold": False})]


def test_a_supervisor_listens_whispers_and_speaks(talk: Talk, brahim: Any) -> None:
    leg = actions.listen(talk.call, by=brahim, at=make.NOW)
    page = Page(leg)
    root = page.comes(code(leg))
    assert root.find("Dial/Conference").attrib["muted"] == "true"
    assert orders() == []
    for mode, changed in (
        (Leg.Mode.WHISPER, {"muted": False, "coach": talk.page.sid}),
        (Leg.Mode.BARGE, {"coach": ""}),
        (Leg.Mode.LISTEN, {"muted": True}),
    ):
        actions.listen(talk.call, by=brahim, at=make.NOW, mode=mode)
        assert orders() == [("set", "supervisor", changed)]
        sent()
    page.in_room("participant-leave", talk.room)
    assert not leg.call.legs.here().filter(pk=leg.pk).exists()
    assert talk.call.state == State.TALKING


def test_a_supervisor_may_begin_by_whispering(talk: Talk, brahim: Any) -> None:
    leg = actions.listen(talk.call, by=brahim, at=make.NOW, mode=Leg.Mode.WHISPER)
    room = Page(leg).comes(code(leg)).find("Dial/Conference")
    assert room.attrib["coach"] == talk.page.sid
    assert room.attrib["muted"] == "false"


def test_a_page_loaded_anew_is_whispered_to_again(talk: Talk, brahim: Any) -> None:
    leg = actions.listen(talk.call, by=brahim, at=make.NOW, mode=Leg.Mode.WHISPER)
    Page(leg).comes(code(leg))
    again = Page(talk.leg)
    again.comes(code(talk.leg))
    assert sorted(orders()) == [
        ("drop", "advisor", {}), ("set", "supervisor", {"coach": again.sid}),
    ]  # fmt: skip


ROLE, MODE = Leg.Role, Leg.Mode


@pytest.mark.parametrize(
    ("role", "mode", "advisor", "wanted"),
    [
        (ROLE.CALLER, MODE.ON, MODE.ON, Manner()),
        (ROLE.CALLER, MODE.ON, MODE.HOLD, Manner(hold=True)),
        (ROLE.CALLER, MODE.ON, MODE.MUTE, Manner()),
        (ROLE.ADVISOR, MODE.CONSULT, MODE.HOLD, Manner()),
        (ROLE.SUPERVISOR, MODE.LISTEN, MODE.ON, Manner(muted=True)),
        (ROLE.SUPERVISOR, MODE.LISTEN, MODE.HOLD, Manner(muted=True)),
        (ROLE.SUPERVISOR, MODE.WHISPER, MODE.ON, Manner(coach="CA1")),
        (ROLE.SUPERVISOR, MODE.BARGE, MODE.ON, Manner()),
    ],
)
def test_how_each_is_in_the_room(role: str, mode: str, advisor: str, wanted: Manner) -> None:
    ends = [End(1, "CA1", ROLE.ADVISOR, advisor, turn=2), End(2, "CA2", role, mode)]
    assert manners(ends, turn=2) == {1: Manner(), 2: wanted}


def test_nobody_is_whispered_to_who_is_not_there() -> None:
    ends = [End(1, "CA1", ROLE.ADVISOR, turn=1, is_in=False),
            End(2, "CA2", ROLE.SUPERVISOR, MODE.WHISPER)]  # fmt: skip
    assert manners(ends, turn=1)[2] == Manner(muted=True)
    assert manners(ends[1:], turn=1)[2] == Manner(muted=True)
