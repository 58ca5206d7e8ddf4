"""Calls that are made, through the simulated network: who answers, who is busy, who does not, and two at once.

The network's own truth is compared with our rows; every request of ours has passed the simulator's surface.
"""

from typing import Any

import pytest

from helpdesk.associations.numbers import Number
from helpdesk.queues.models import Presence, Waiting
from helpdesk.tickets.actions import promising
from helpdesk.tickets.models import Promise
from telephony import providers
from telephony.actions import dialling
from telephony.facts import State
from telephony.models import Call
from telephony.providers.twilio import claims
from telephony.simulator import truth
from telephony.simulator.people import Scripted
from telephony.simulator.state import Call as Voice
from telephony.simulator.world import World
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.openapi_check import check
from tests.telephony.twilio.world import at, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
ANSWERS: list[float | str] = [4.0, "busy", "no-answer", "failed", 60.0]
STATES = [State.WRAP_UP, State.FAILED, State.FAILED, State.FAILED, State.FAILED]
WHY = {"busy": "busy", "no-answer": "no-answer", "failed": "failed", 60.0: "no-answer"}


class Talks(Scripted):
    """Answers as they do, talks for twenty seconds and puts the telephone down."""

    def notice(self, call: Voice, what: str) -> None:
        if what == "talking":
            self.world.clock.after(20, lambda: self.world.hang_up(call))


def begin(world: World, user: Any, number: str, key: str) -> Call:
    """The advisor asks for the call of a promise, and their page comes with the code of its room."""
    with at(world):
        now = world.clock.now
        Presence.objects.update_or_create(
            user=user, defaults={"state": "free", "since": now, "seen_at": now}
        )
        ticket = make.ticket(contact_number=Number(number), key=key)
        owed = promising.promise(ticket, by=user, at=now, window_from=now, window_until=now)
        call = dialling.call_promised(owed, by=user, at=now)
        claim = providers.of(call).pass_for(call.legs.get(role="advisor"))
    world.connect(claims.identity(user), c.APP, claim=claim)
    return call


@pytest.mark.parametrize(("answers", "state"), zip(ANSWERS, STATES, strict=True))
def test_our_row_is_what_really_happened(
    answers: float | str, state: State, line: Any, amina: Any, monkeypatch: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    world, _desk = build([amina], monkeypatch, seed=3)
    world.callee = lambda number: Talks(ringing=answers)
    call = begin(world, amina, "+212612345678", "one")
    world.run(120)
    call.refresh_from_db()
    told = truth.tell(world.history, world.clock.now, whole=True)
    (called,) = told.calls.values()
    assert (call.state, called.kind) == (state, "outbound")
    assert bool(call.answered_at) == bool(called.conversations)
    assert abs(call.talk_seconds - sum(one.seconds for one in called.conversations)) <= 1
    assert Promise.objects.get().attempts == (0 if state == State.WRAP_UP else 1)
    if state == State.FAILED:
        assert call.ticket is not None
        assert call.ticket.entries.get(key=f"vain:{call.pk}").data["why"] == WHY[answers]
    assert not Waiting.objects.filter(channel="phone").exists()
    # Both voices are gone, ours as well.
    assert all(one.over for one in world.calls.values())
    for one in world.rest.log:
        asked, sent = (flat(one.fields), None) if one.method == "GET" else (None, flat(one.fields))
        check(one.method, f"https://api.twilio.com{one.path}", asked, sent)


def test_two_ask_at_once_and_twilio_has_no_line_of_its_own(
    line: Any, amina: Any, senior: Any, monkeypatch: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    world, _desk = build([amina, senior], monkeypatch, seed=4)
    world.callee = lambda number: Talks()
    begin(world, amina, "+212612345678", "one")
    begin(world, senior, "+212612345679", "two")
    world.run(90)
    made = [one for one in world.calls.values() if one.direction == "outbound-api"]
    assert [one.queue_time for one in made] == [0, 0]
    assert {one.state for one in Call.objects.all()} == {State.WRAP_UP}
    assert {one.to for one in made} == {"+212612345678", "+212612345679"}


def test_a_request_cut_after_it_was_done_calls_nobody_twice(
    line: Any, amina: Any, monkeypatch: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    world, _desk = build([amina], monkeypatch, seed=5)
    world.callee = lambda number: Talks()
    world.rest.faults.then("cut", "participant_create")
    call = begin(world, amina, "+212612345678", "one")
    world.run(90)
    call.refresh_from_db()
    assert len([one for one in world.calls.values() if one.direction == "outbound-api"]) == 1
    assert call.state == State.WRAP_UP


def flat(fields: Any) -> dict[str, Any]:
    """Repeated fields as lists; those that Twilio takes as lists, always."""
    return {name: list(one) if name.endswith("Event") else one[0] for name, one in fields.items()}
