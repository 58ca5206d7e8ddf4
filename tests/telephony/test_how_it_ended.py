"""The row in which a caller stood in line says how long they waited and how they left it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets.rules import Channel
from telephony import actions, jobs
from telephony.actions import calling
from telephony.facts import Fact, State, Why
from telephony.models import Call
from tests import make

pytestmark = pytest.mark.django_db
BROWSER = actions.Source.BROWSER


def later(seconds: float) -> datetime:
    return make.NOW + timedelta(seconds=seconds)


def talk(call: Call, by: Any, *, at: float = 10) -> Any:
    leg = actions.answer(call, by=by, at=later(at))
    actions.joined(leg, at=later(at + 1))
    actions.joined(call.legs.get(role="caller"), at=later(at + 1))
    call.refresh_from_db()
    return leg


def stood(call: Call) -> list[tuple[str, int, str, bool]]:
    """Channel, seconds, how, whether again: of each row of the call's request that has ended."""
    rows = Waiting.objects.filter(ticket=call.ticket).exclude(ended_at=None).order_by("pk")
    return [
        (row.channel, int((row.ended_at - row.since).total_seconds()), row.ended_how, row.is_again)
        for row in rows
    ]


def test_taken(amina: Any) -> None:
    call = make.ringing()
    talk(call, amina)
    assert stood(call) == [("phone", 10, "claimed", False)]


@pytest.mark.parametrize(("seconds", "how"), [(4, "short"), (5, "short"), (6, "abandoned")])
@pytest.mark.parametrize("number", ["0612345678", ""])
def test_given_up(amina: Any, seconds: int, how: str, number: str) -> None:
    call = make.ringing(number=number)
    told = later(seconds + 30)
    actions.note(
        call, Fact.ENDED, at=later(seconds), why=Why.CALLER, source=BROWSER, received_at=told
    )
    assert stood(call) == [("phone", seconds, how, False)]
    left = Waiting.objects.now().filter(ticket=call.ticket)
    assert [(row.channel, row.since) for row in left] == ([("missed", make.NOW)] if number else [])


def test_asked_to_be_called_back_and_left_a_message(amina: Any) -> None:
    one, two = make.ringing(number="0612345678"), make.ringing(number="0698765432")
    calling.ask_call_back(one, at=later(70))
    calling.left_message(two, at=later(80), source=BROWSER)
    assert stood(one) == [("phone", 70, "call-back", False)]
    assert stood(two) == [("phone", 80, "voicemail", False)]
    assert sorted(Waiting.objects.now().values_list("channel", flat=True)) == [
        "call-back", "voicemail",
    ]  # fmt: skip


def test_taken_but_gone_before_a_voice_came_is_given_up(amina: Any) -> None:
    call = make.ringing(number="0612345678")
    actions.answer(call, by=amina, at=later(9))
    calling.hang_up(call, why=Why.CALLER, at=later(11), source=BROWSER)
    assert stood(call) == [("phone", 11, "abandoned", False)]
    work = Handling.objects.get()
    assert (work.talk_seconds, work.hold_seconds, work.answered_at) == (0, 0, None)


def test_no_voice_is_no_answer_and_the_wait_goes_on(amina: Any, senior: Any) -> None:
    call = make.ringing()
    actions.answer(call, by=amina, at=later(5))
    jobs.timers_due(at=later(18))
    talk(call, senior, at=30)
    assert stood(call) == [("phone", 18, "no-voice", False), ("phone", 30, "claimed", False)]
    first = Handling.objects.get(user=amina)
    assert (first.talk_seconds, first.wrapup_seconds) == (0, 0)


def test_the_wait_after_a_transfer_is_no_new_contact(amina: Any, senior: Any) -> None:
    call = make.ringing()
    talk(call, amina)
    actions.give_back(call, why=Why.TRANSFER, at=later(40), by=amina)
    leg = talk(call, senior, at=50)
    actions.end(leg, at=later(111))
    assert stood(call) == [("phone", 10, "claimed", False), ("phone", 50, "claimed", True)]
    work = Handling.objects.order_by("pk")
    assert [(row.user, row.talk_seconds) for row in work] == [(amina, 29), (senior, 60)]


def test_each_turn_has_its_own_seconds(amina: Any, senior: Any) -> None:
    call = make.ringing()
    leg = talk(call, amina)
    asked = actions.consult(leg, to=senior, at=later(20))
    actions.accept(asked, at=later(22))
    actions.hand_over(leg, at=later(30))
    asked.refresh_from_db()
    actions.joined(asked, at=later(31))
    actions.joined(call.legs.get(role="caller"), at=later(31))
    actions.end(asked, at=later(61))
    call.refresh_from_db()
    said = actions.Wrapup(words="سؤال", help="info", outcome="solved-first-contact", language="ar")
    actions.wrap_up(call, said, by=senior, at=later(81))
    work = Handling.objects.order_by("pk")
    seconds = [(row.talk_seconds, row.hold_seconds, row.wrapup_seconds) for row in work]
    assert seconds == [(9, 10, 0), (30, 0, 20)]
    call.refresh_from_db()
    assert (call.talk_seconds, call.hold_seconds) == (39, 10)


def test_who_comes_back_stands_in_line_again_as_a_caller(amina: Any) -> None:
    first = make.ringing(number="0612345678")
    calling.hang_up(first, why=Why.CALLER, at=later(40), source=BROWSER)
    second = make.ringing(number="0612345678", at=later(100))
    assert second.ticket == first.ticket
    row = Waiting.objects.now().get()
    assert (row.channel, row.since) == ("phone", later(100))
    assert [how for _c, _s, how, _a in stood(second)] == ["abandoned", "came-back"]
    assert second.state == State.WAITING


def test_an_answer_told_late_is_an_answer(amina: Any) -> None:
    call = make.ringing(number="0612345678", line=Call.Line.HOOK)
    calling.missed(call, at=later(30))
    spoke = (Fact.CLAIMED, Fact.ADVISOR_JOINED, Fact.CALLER_JOINED)
    actions.note(call, *spoke, at=later(9), turn=1, user=amina, source=actions.Source.WEBHOOK)
    assert stood(call)[0] == ("phone", 9, "claimed", False)
    assert not Waiting.objects.now().exists()


def test_a_chat_given_back_is_no_new_contact(amina: Any) -> None:
    ticket = make.ticket("سلام", channel=Channel.CHAT)
    queues.claim(ticket, by=amina, at=later(5))
    queues.pass_on(ticket, to=None, by=amina, at=later(60))
    rows = Waiting.objects.filter(ticket=ticket).order_by("pk")
    assert [(row.ended_how, row.is_again) for row in rows] == [("claimed", False), ("", True)]
