"""Fifty advisors take one call at one moment: one has it, and every other is told who."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets.errors import AlreadyTaken
from telephony import actions
from telephony.actions.taking import InCall
from telephony.models import Call
from tests import make
from tests.together import together

ADVISORS = 50


def race(advisors: list[Any], turn: int) -> None:
    call = make.ringing(line=Call.Line.HOOK, number=f"06{turn:08d}")
    at = make.NOW + timedelta(seconds=turn)

    told = together(*(taking(call, by, at=at) for by in advisors), losing=AlreadyTaken)
    lost = [one for one in told if isinstance(one, AlreadyTaken)]
    won = [one for one in told if not isinstance(one, AlreadyTaken)]
    assert len(won) == 1, f"{len(won)} have the call of turn {turn}"
    assert {one.taker for one in lost} == {won[0].user}
    assert Handling.objects.filter(ticket=call.ticket).count() == 1
    assert not Waiting.objects.now().filter(ticket=call.ticket).exists()
    call.refresh_from_db()
    assert (call.user, call.turn) == (won[0].user, 1)
    # Let go again, so that the next turn finds everybody free.
    actions.note(call, actions.noting.Fact.ENDED, at=at, source=actions.Source.USER)
    Handling.objects.filter(ticket=call.ticket).update(wrapped_at=at)


def advisors(count: int) -> list[Any]:
    return [make.user(f"racer-{n}", "advisor") for n in range(count)]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_hundred_rounds_of_fifty(centre: Any) -> None:
    everybody = advisors(ADVISORS)
    for turn in range(100 if connection.vendor == "postgresql" else 3):
        race(everybody, turn)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_advisor_who_takes_five_calls_at_once_has_one(centre: Any) -> None:
    amina = advisors(1)[0]
    for turn in range(20 if connection.vendor == "postgresql" else 2):
        calls = [make.ringing(line=Call.Line.HOOK, number=f"06{turn:04d}{n:04d}") for n in range(5)]
        at = make.NOW + timedelta(seconds=turn)
        told = together(*(taking(one, amina, at=at) for one in calls), losing=InCall)
        assert sum(not isinstance(one, InCall) for one in told) == 1
        assert Handling.objects.filter(user=amina, wrapped_at=None).count() == 1
        for one in calls:
            actions.note(one, actions.noting.Fact.ENDED, at=at, source=actions.Source.USER)
        Handling.objects.update(wrapped_at=at)


def taking(call: Call, by: Any, *, at: Any) -> Any:
    return lambda: actions.answer(Call.objects.get(pk=call.pk), by=by, at=at)
