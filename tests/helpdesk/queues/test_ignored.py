"""An offer ignored goes on to the next and the caller keeps the place; two in a row are a break."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.accounts.models import Audit, User
from helpdesk.live import announcing
from helpdesk.queues import actions as queues
from helpdesk.queues.jobs import offer_due
from helpdesk.queues.models import Presence, PresenceSpell, Queue, Waiting
from helpdesk.supervision import team
from helpdesk.supervision.board import board
from helpdesk.tickets.rules import Channel
from telephony import actions as telephony
from telephony.actions import calling
from telephony.facts import Why
from tests import make

pytestmark = pytest.mark.django_db
FREE = Presence.State.FREE


def later(seconds: float) -> datetime:
    return make.NOW + timedelta(seconds=seconds)


def free(*people: User) -> None:
    """Connected and available, the first one idle the longest."""
    for n, user in enumerate(people):
        queues.be(user, FREE, at=later(n - 60))
    heard(0)


def heard(seconds: float) -> None:
    Presence.objects.update(seen_at=later(seconds))


def pass_time(until: int, *, start: int = 0) -> None:
    """The sweep at its beat, while every desk speaks."""
    for second in range(start, until + 1, 5):
        heard(second)
        offer_due(at=later(second))


def offered(call: Any) -> Any:
    return Waiting.objects.now().get(ticket=call.ticket).offered_to


def state(user: User) -> str:
    return Presence.objects.get(user=user).state


def test_a_call_ignored_goes_to_the_next_in_its_place(amina: User, senior: User) -> None:
    free(amina, senior)
    call = make.ringing()
    make.ringing(at=later(5))
    assert offered(call) == amina
    pass_time(19)
    assert offered(call) == amina
    telephony.answer(call, by=senior, at=later(19))
    row = Waiting.objects.get(ticket=call.ticket)
    assert (row.since, row.claimed_by) == (make.NOW, senior)
    assert Presence.objects.get(user=amina).ignored == 0, "taken by another before it ran out"


def test_the_place_is_kept_while_it_goes_round(amina: User, senior: User, brahim: User) -> None:
    free(amina, senior, brahim)
    call = make.ringing()
    second = make.ringing(at=later(1))
    pass_time(20)
    assert (offered(call), offered(second)) == (brahim, senior)
    order = Waiting.objects.now().order_by("since").values_list("ticket", flat=True)
    assert list(order) == [call.ticket_id, second.ticket_id]
    assert Presence.objects.get(user=amina).ignored == 1


def test_two_ignored_in_a_row_are_a_break_with_a_trace(amina: User, brahim: User) -> None:
    free(amina)
    make.ringing("يسأل عن الوصل")
    pass_time(79)
    assert (state(amina), Presence.objects.get(user=amina).ignored) == ("free", 1)
    pass_time(85, start=80)
    presence = Presence.objects.get(user=amina)
    assert (presence.state, presence.sent_at) == ("break", later(80))
    trace = Audit.objects.get(act="sent-on-break")
    assert (trace.subject_id, trace.user, trace.facts) == (amina.pk, None, {"ignored": 2})
    assert [row.state for row in PresenceSpell.objects.filter(user=amina)] == ["free", "break"]
    member = next(one for one in team.members(brahim, at=later(85)) if one.user == amina)
    assert member.sent_at == later(80)
    told = [now for now in board(brahim, at=later(85)).now if amina.shown_name in now.text]
    assert told, "the supervisor reads it on the board"


def test_the_board_is_told_at_once(
    amina: User, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    free(amina)
    call = make.ringing()
    pass_time(79)
    told: list[str] = []
    monkeypatch.setattr(announcing, "poke", lambda stream, fact: told.append(stream))
    with django_capture_on_commit_callbacks(execute=True):
        pass_time(80, start=80)
    assert state(amina) == "break"
    assert f"team:{call.ticket.team_id}" in told


def test_the_advisor_sees_why_and_one_click_returns(amina: User, as_user: Any) -> None:
    free(amina)
    Presence.objects.filter(user=amina).update(state="break", sent_at=later(0), ignored=2)
    client = as_user(amina)
    for url in ("/desk/", "/desk/lists/", "/desk/queue/"):
        assert 'id="sent" role="status"><form' in client.get(url).content.decode(), url
    assert client.post("/desk/presence/", {"state": "free", "next": "/desk/queue/"}).url == (
        "/desk/queue/"
    )
    row = Presence.objects.get(user=amina)
    assert (row.state, row.ignored, row.sent_at) == ("free", 0, None)
    assert "<form" not in client.get("/desk/").content.decode().split('id="sent"')[1][:30]


@pytest.mark.parametrize("act", ["take", "decline", "say"])
def test_whoever_does_anything_begins_anew(amina: User, senior: User, act: str) -> None:
    free(amina)
    call = make.ringing()
    pass_time(20)
    assert Presence.objects.get(user=amina).ignored == 1
    pass_time(70, start=21)
    assert offered(call) == amina
    if act == "take":
        queues.claim(call.ticket, by=amina, at=later(72))
    elif act == "decline":
        assert queues.decline(call.ticket, by=amina, at=later(72))
    else:
        queues.be(amina, Presence.State.BUSY, at=later(72))
    assert Presence.objects.get(user=amina).ignored == 0


def test_declining_twice_is_no_break(amina: User) -> None:
    free(amina)
    call = make.ringing()
    queues.decline(call.ticket, by=amina, at=later(3))
    pass_time(60)
    assert offered(call) == amina
    queues.decline(call.ticket, by=amina, at=later(62))
    assert state(amina) == "free"


def test_a_written_question_let_go_by_is_no_absence(amina: User) -> None:
    Queue.objects.update(push_written=True)
    free(amina)
    make.ticket("سؤال", channel=Channel.WEB)
    pass_time(200)
    assert (state(amina), Presence.objects.get(user=amina).ignored) == ("free", 0)


def test_the_caller_who_went_was_not_ignored(amina: User) -> None:
    free(amina)
    call = make.ringing()
    pass_time(10)
    calling.hang_up(call, why=Why.CALLER, at=later(11), source=telephony.Source.BROWSER)
    pass_time(40, start=11)
    assert Presence.objects.get(user=amina).ignored == 0


def test_in_a_call_nothing_else_is_offered(amina: User) -> None:
    free(amina)
    telephony.answer(make.ringing(), by=amina, at=later(2))
    others = [make.ringing(at=later(3)), make.ticket("سلام", channel=Channel.CHAT, at=later(3))]
    pass_time(30, start=3)
    assert len(others) == 2
    assert not Waiting.objects.now().exclude(offered_to=None).exists()


class TestSpells:
    def spells(self, user: User) -> list[tuple[str, int, int | None]]:
        rows = PresenceSpell.objects.filter(user=user)
        seconds = [
            (row.state, row.began_at - make.NOW, row.ended_at and row.ended_at - make.NOW)
            for row in rows
        ]
        return [
            (s, int(a.total_seconds()), None if b is None else int(b.total_seconds()))
            for s, a, b in seconds
        ]

    def test_each_state_is_a_row_and_being_away_none(self, amina: User) -> None:
        for second, said in ((0, "free"), (10, "free"), (30, "break"), (90, "away"), (95, "busy")):
            queues.be(amina, Presence.State(said), at=later(second))
        assert self.spells(amina) == [("free", 0, 30), ("break", 30, 90), ("busy", 95, None)]

    def test_a_desk_gone_silent_ends_it_after_a_minute(self, amina: User) -> None:
        queues.be(amina, FREE, at=later(0))
        queues.seen(amina, at=later(5))
        queues.seen(amina, at=later(600))
        assert self.spells(amina) == [("free", 0, 65), ("free", 600, None)]

    def test_a_night_is_no_time_at_work(self, amina: User) -> None:
        queues.be(amina, FREE, at=later(0))
        queues.seen(amina, at=later(5))
        queues.be(amina, Presence.State.BREAK, at=later(50_000))
        assert self.spells(amina) == [("free", 0, 65), ("break", 50_000, None)]
