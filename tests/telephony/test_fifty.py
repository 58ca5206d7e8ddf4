"""Fifty advisors take one call at one moment: one has it, and every other is told who."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets.errors import AlreadyTaken
from telephony import actions
from telephony.models import Call
from tests import make
from tests.together import together

ADVISORS = 50


def race(advisors: list[Any], turn: int) -> None:
    call = make.ringing(line=Call.Line.HOOK, number=f"06{turn:08d}")
    at = make.NOW + timedelta(seconds=turn)

    def take(by: Any) -> Any:
        return lambda: actions.answer(Call.objects.get(pk=call.pk), by=by, at=at)

    told = together(*(take(by) for by in advisors), losing=AlreadyTaken)
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
    from django.db import connection

    everybody = advisors(ADVISORS)
    for turn in range(100 if connection.vendor == "postgresql" else 3):
        race(everybody, turn)
