"""The socket: what it tells, to whom, and what it does with what is no frame of ours."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from websockets.exceptions import InvalidStatus

from helpdesk.accounts.actions import people
from helpdesk.live import passes, streams
from helpdesk.live.announcing import announce
from helpdesk.live.hub import hub
from helpdesk.queues import actions as queues
from helpdesk.tickets.actions import write
from helpdesk.tickets.rules import Kind
from telephony import actions as telephony
from tests import make

pytestmark = pytest.mark.long


def pass_for(user: Any, *names: str) -> str:
    return passes.make(*names, bound=passes.bound_to(user))


def test_an_entry_pokes_its_ticket_and_its_team_with_its_number(opened: Any, amina: Any) -> None:
    ticket = make.ticket("سؤال")
    mine, team = streams.ticket(ticket.pk), streams.team(ticket.team_id)
    page = opened(amina)
    assert [f["kind"] for f in page.show(pass_for(amina, mine, team))] == ["open", "open"]
    written = write.note(ticket, "ملاحظة سرية", by=amina, at=make.NOW)
    told = {frame["stream"]: frame for frame in page.frames()}
    assert told[mine] == {
        "stream": mine, "number": written.number, "kind": "note", "id": written.pk,
    }  # fmt: skip
    assert told[team] == {"stream": team}
    assert "سرية" not in json.dumps(told, ensure_ascii=False)


def test_the_asker_is_not_told_of_notes(opened: Any, amina: Any) -> None:
    ticket = make.ticket("سؤال")
    page = opened()
    page.show(passes.make(streams.chat(ticket.pk)))
    write.note(ticket, "للزملاء فقط", by=amina, at=make.NOW)
    assert page.frames() == []
    line = write.entry(ticket, Kind.LINE, at=make.NOW, by=amina, text="مرحبا")
    assert [f["number"] for f in page.frames()] == [line.number]


def test_what_was_rolled_back_is_never_told(opened: Any, amina: Any) -> None:
    page = opened(amina)
    page.show(pass_for(amina, "ticket:1"))
    with transaction.atomic():
        announce("ticket:1", number=1, kind="note", id=1)
        transaction.set_rollback(True)
    assert page.frames() == []


def test_many_facts_of_one_stream_come_as_the_newest(opened: Any, amina: Any) -> None:
    page = opened(amina)
    page.show(pass_for(amina, "ticket:1"))
    for number in range(1, 201):
        announce("ticket:1", number=number, kind="line", id=number)
    frames = page.frames()
    assert frames[-1]["number"] == 200
    assert len(frames) <= 200
    numbers = [f["number"] for f in frames]
    assert numbers == sorted(numbers)


def test_a_pass_is_worth_nothing_to_somebody_else(
    opened: Any, amina: Any, brahim: Any, chama: Any, partner: Any
) -> None:
    pages = [opened(who) for who in (brahim, chama, partner, None)]
    for page in pages:
        assert page.show(pass_for(amina, "ticket:1")) == [{"kind": "error", "why": "pass"}]
    announce("ticket:1", number=1, kind="line", id=1)
    assert [page.frames() for page in pages] == [[], [], [], []]


NO_FRAMES = [
    "", "{", "[]", "7", "null", '"pass"', "{}", '{"pass": "x"}', '{"pass": null}', '{"pass": {}}',
    '{"pass": [' + ",".join(['"x"'] * 50) + "]}", "[" * 50_000, '{"pass": [NaN]', "\x00", "é" * 20_000,
    b"\x00\xff\xfe", b"{}",
]  # fmt: skip
FORGED = [7, None, {"a": 1}, [1], "forged", "a:b:c", True]


def test_what_is_no_frame_is_answered_and_others_go_on(opened: Any, amina: Any) -> None:
    good = opened(amina)
    good.show(pass_for(amina, "ticket:1"))
    for number, frame in enumerate(NO_FRAMES, 1):
        bad = opened()
        bad.send(frame)
        assert bad.frame() == {"kind": "error", "why": "frame"}, str(frame)[:40]
        announce("ticket:1", number=number, kind="line", id=number)
        assert good.frame()["number"] == number
    bad = opened()
    for text in FORGED:
        bad.send({"pass": [text]})
        assert bad.frame() == {"kind": "error", "why": "pass"}, text


def test_an_oversized_frame_ends_only_its_own_socket(opened: Any, amina: Any) -> None:
    good, bad = opened(amina), opened()
    good.show(pass_for(amina, "ticket:1"))
    bad.send("x" * 200_000)
    assert bad.closed(within=5) == 1009
    announce("ticket:1", number=4, kind="line", id=4)
    assert good.frames()[-1]["number"] == 4


def test_who_goes_on_sending_rubbish_is_let_go(opened: Any) -> None:
    page = opened()
    for _ in range(25):
        page.send("{")
    assert page.closed(within=5) == 1008


def test_pages_of_others_get_no_socket(opened: Any) -> None:
    for origin in ("https://elsewhere.example", "http://127.0.0.1:1", "null", "file://"):
        with pytest.raises(InvalidStatus):
            opened(origin=origin)


def test_signing_out_closes_within_five_seconds(opened: Any, amina: Any) -> None:
    client = Client()
    page = opened(amina, client=client)
    page.show(pass_for(amina, "ticket:1"))
    began = time.monotonic()
    client.post("/account/logout/")
    assert page.closed(within=6) == 4401
    assert time.monotonic() - began <= 5.5


def test_a_change_of_rights_closes_within_five_seconds(
    opened: Any, amina: Any, brahim: Any, administrator: Any
) -> None:
    page, other = opened(amina), opened(brahim)
    people.end_posting(amina.postings.get(), by=administrator, on=make.NOW.date(), at=make.NOW)
    assert page.closed(within=6) == 4401
    other.send({"alive": 1})
    assert other.frames() == [], "a colleague's socket stays"


def test_an_ended_pass_is_said_and_a_new_one_taken(
    opened: Any, amina: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(passes, "LASTS", 1)
    page = opened(amina)
    page.show(pass_for(amina, "ticket:1"))
    assert page.frame(within=7) == {"stream": "ticket:1", "kind": "ended"}
    announce("ticket:1", number=1, kind="line", id=1)
    assert page.frames() == []
    monkeypatch.setattr(passes, "LASTS", 300)
    assert page.show(pass_for(amina, "ticket:1"))[0]["kind"] == "open"


def test_a_closed_socket_leaves_nothing_behind(opened: Any, amina: Any) -> None:
    before = len(hub.mailboxes)
    page = opened(amina)
    page.show(pass_for(amina, "ticket:987654"))
    assert "ticket:987654" in hub._listeners
    page.connection.close()
    time.sleep(0.3)
    assert len(hub.mailboxes) == before
    assert "ticket:987654" not in hub._listeners


def test_receive_claim_and_presence_poke_the_team(opened: Any, amina: Any) -> None:
    ticket = make.ticket("سؤال")
    page = opened(amina)
    page.show(pass_for(amina, streams.team(ticket.team_id)))
    queues.claim(ticket, by=amina, at=make.NOW + timedelta(minutes=1))
    assert page.frames()


def test_no_number_of_a_caller_passes_over_a_socket(opened: Any, cast: dict[str, Any]) -> None:
    """Everybody listens to everything while a caller with a number rings, is taken, writes and leaves."""
    digits = "0699999901"
    pages = {name: opened(who) for name, who in cast.items() if who.is_authenticated}
    call = make.ringing(f"اتصلوا بي على {digits}", number=digits, name="فاطمة")
    ticket = call.ticket
    names = (
        streams.ticket(ticket.pk), streams.chat(ticket.pk), streams.team(ticket.team_id),
        streams.call(call.pk),
    )  # fmt: skip
    for name, page in pages.items():
        page.show(pass_for(cast[name], *names))
    amina = cast["amina"]
    telephony.answer(call, by=amina, at=make.NOW)
    line = f"رقمي {digits}"
    write.entry(ticket, Kind.LINE, at=make.NOW, text=line, from_asker=True, key=digits)
    write.note(ticket, line, by=amina, at=make.NOW)
    telephony.ask_call_back(call, at=make.NOW)
    for name, page in pages.items():
        told = json.dumps(page.frames(), ensure_ascii=False)
        assert streams.call(call.pk) in told, name
        assert digits[1:] not in told, name
        assert "فاطمة" not in told, name
