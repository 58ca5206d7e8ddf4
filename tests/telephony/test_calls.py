"""A call from its arrival to its wrap-up: taken once, held, passed on, ended, and never lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets.errors import AlreadyTaken
from helpdesk.tickets.models import Promise
from telephony import actions, jobs
from telephony.actions import calling
from telephony.facts import Fact, State, Why
from telephony.models import Call, CallEvent, Leg
from tests import make

pytestmark = pytest.mark.django_db


def later(seconds: float) -> datetime:
    return make.NOW + timedelta(seconds=seconds)


def talk(call: Call, by: Any, *, at: float = 10) -> Leg:
    """Answer, and both voices are there."""
    leg = actions.answer(call, by=by, at=later(at))
    actions.joined(leg, at=later(at + 1))
    actions.joined(call.legs.get(role="caller"), at=later(at + 1))
    call.refresh_from_db()
    return leg


def test_a_caller_stands_in_line_as_a_request(amina: Any) -> None:
    call = make.ringing("لم نتوصل بالوصل", number="0612345678")
    assert call.state == State.WAITING
    row = Waiting.objects.get(ticket=call.ticket)
    assert row.channel == "phone"
    assert call.number == call.ticket.contact_number


def test_the_same_ring_twice_is_one_call(amina: Any) -> None:
    caller = actions.Caller(words="سؤال")
    given: Any = {"centre": make.centre(), "at": make.NOW, "key": "k", "source": "webhook"}
    one = actions.arrive(Call.Line.HOOK, caller, **given)
    assert actions.arrive(Call.Line.HOOK, caller, **given) == one
    assert Waiting.objects.count() == 1


def test_one_takes_it_and_the_other_learns_who(amina: Any, brahim: Any) -> None:
    call = make.ringing()
    leg = actions.answer(call, by=amina, at=later(9))
    assert call.state == State.CLAIMED
    assert actions.answer(call, by=amina, at=later(9)) == leg
    with pytest.raises(AlreadyTaken) as told:
        actions.answer(call, by=brahim, at=later(9))
    assert told.value.taker == amina


def test_seconds_of_talk_and_hold(amina: Any) -> None:
    call = make.ringing()
    leg = talk(call, amina)
    assert call.state == State.TALKING
    actions.set_hold(leg, True, at=later(31))
    actions.set_hold(leg, True, at=later(33))
    call.refresh_from_db()
    assert call.state == State.HELD
    actions.set_hold(leg, False, at=later(41))
    actions.end(leg, at=later(61))
    call.refresh_from_db()
    assert (call.state, call.talk_seconds, call.hold_seconds) == (State.WRAP_UP, 40, 10)
    work = Handling.objects.get(ticket=call.ticket)
    assert (work.talk_seconds, work.hold_seconds, work.wrapped_at) == (40, 10, None)


def test_one_voice_at_a_time(amina: Any) -> None:
    talk(make.ringing(), amina)
    with pytest.raises(actions.InCall):
        actions.answer(make.ringing(), by=amina, at=later(20))


def test_no_voice_gives_it_back_with_its_place(amina: Any) -> None:
    call = make.ringing()
    actions.answer(call, by=amina, at=later(5))
    jobs.timers_due(at=later(18))
    call.refresh_from_db()
    assert call.state == State.WAITING
    row = Waiting.objects.now().get(ticket=call.ticket)
    assert row.since == make.NOW
    assert not Handling.objects.under_way().exists()


def test_back_to_the_front_and_on_to_the_next(amina: Any, brahim: Any, senior: Any) -> None:
    call = make.ringing()
    talk(call, amina)
    actions.give_back(call, why=Why.TRANSFER, at=later(40), by=amina, words="يسأل عن المنحة")
    assert call.state == State.WAITING
    talk(call, senior, at=50)
    call.refresh_from_db()
    assert (call.turn, call.user) == (2, senior)


def test_a_colleague_is_asked_first(amina: Any, senior: Any) -> None:
    call = make.ringing()
    leg = talk(call, amina)
    asked = actions.consult(leg, to=senior, at=later(20))
    call.refresh_from_db()
    assert call.state == State.HELD
    actions.accept(asked, at=later(22))
    actions.hand_over(leg, at=later(30), words="تابعوا من فضلكم")
    call.refresh_from_db()
    call.ticket.refresh_from_db()
    assert (call.turn, call.user, call.ticket.assignee) == (2, senior, senior)
    assert not leg.call.legs.here().filter(user=amina).exists()
    work = list(Handling.objects.filter(ticket=call.ticket).order_by("pk"))
    assert [(row.user, row.wrapped_at is None) for row in work] == [(amina, False), (senior, True)]


def test_given_up_is_one_open_item_a_number(amina: Any) -> None:
    first = make.ringing(number="0612345678")
    calling.hang_up(first, why=Why.CALLER, at=later(40), source=actions.Source.BROWSER)
    second = make.ringing(number="06 12 34 56 78", at=later(100))
    calling.hang_up(second, why=Why.CALLER, at=later(140), source=actions.Source.BROWSER)
    assert first.ticket_id == second.ticket_id
    waiting = Waiting.objects.now().get()
    assert waiting.channel == "missed"
    assert first.state == second.state == State.ABANDONED


def test_an_answer_told_late_takes_the_missed_item_back(amina: Any) -> None:
    call = make.ringing(number="0612345678", line=Call.Line.HOOK)
    calling.missed(call, at=later(30))
    assert Promise.objects.owed().count() == 1
    spoke = (Fact.CLAIMED, Fact.ADVISOR_JOINED, Fact.CALLER_JOINED)
    for _ in range(2):
        actions.note(call, *spoke, at=later(9), turn=1, user=amina, source=actions.Source.WEBHOOK)
    assert call.state == State.WRAP_UP
    assert not Promise.objects.owed().exists()


def test_events_are_only_added_to(amina: Any) -> None:
    call = make.ringing()
    with pytest.raises(DatabaseError), transaction.atomic():
        CallEvent.objects.filter(call=call).update(kind=Fact.ENDED)


def test_nothing_personal_in_events(amina: Any) -> None:
    call = make.ringing("كلمات المتصل", number="0612345678", name="فاطمة")
    told = str(list(call.events.values()))
    assert not [word for word in ("612345678", "فاطمة", "كلمات") if word in told]


def test_the_wrap_up_joins_the_request_chosen(amina: Any) -> None:
    older = make.ticket("سؤال سابق")
    call = make.ringing(number="0612345678")
    leg = talk(call, amina)
    actions.end(leg, at=later(60))
    call.refresh_from_db()
    said = actions.Wrapup(
        words="يسأل عن الوصل", help="info", outcome="solved-first-contact", language="ary",
        ticket=older,
    )  # fmt: skip
    ticket = actions.wrap_up(call, said, by=amina, at=later(90))
    assert ticket == older
    call.refresh_from_db()
    assert (call.state, call.ticket) == (State.DONE, older)
    work = Handling.objects.get(channel="phone")
    assert (work.ticket, work.wrapup_seconds, work.talk_seconds) == (older, 30, 49)
