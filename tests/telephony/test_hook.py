"""The line hook: who may tell it anything, what it understands, and what becomes of a call."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from config.secrets import keyed_secrets
from helpdesk.associations.numbers import Number
from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets.models import Promise, Ticket
from telephony.facts import State
from telephony.models import Call, CallEvent
from telephony.providers.hook import fields
from telephony.providers.hook.models import Nonce
from telephony.providers.hook.once import forget_old
from tests import make
from tests.telephony.hooking import CALLER, EVENTS, SECRET, Exchange

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(settings: Any, centre: Any) -> Exchange:
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET, "gsm": "another secret of it"}
    return Exchange()


@pytest.fixture
def desk(amina: Any, senior: Any) -> Any:
    """Amina has the telephone 101, Salma 102."""
    for user, extension in ((amina, "101"), (senior, "102")):
        user.extension = extension
        user.save(update_fields=["extension"])
    return amina


def later(seconds: float) -> Any:
    return make.NOW - timedelta(minutes=10) + timedelta(seconds=seconds)


def rows() -> tuple[int, ...]:
    tables = sorted(m._meta.db_table for m in apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {t})" for t in tables))
        return tuple(cursor.fetchone())


# --- the signature ------------------------------------------------------------------------------------

BODY = b'{"event": "ringing", "call": "c1", "number": "0612345678"}'


def test_a_signed_event_becomes_a_call(exchange: Exchange) -> None:
    answer = exchange.post(EVENTS, BODY)
    assert (answer.status_code, answer.json()) == (
        200, {"taken": True, "call": "c1", "event": "ringing"},
    )  # fmt: skip
    call = Call.objects.get()
    assert (call.line, call.state, call.number) == (
        "hook",
        State.WAITING,
        Number.parse("0612345678"),
    )


def _without(name: str) -> Any:
    return lambda e: e.post(
        EVENTS, BODY, headers={k: v for k, v in e.headers(EVENTS, BODY).items() if k != name}
    )


def _with(**changed: str) -> Any:
    names = {"key": "X-Wasl-Key", "nonce": "X-Wasl-Nonce", "time": "X-Wasl-Time",
             "signature": "X-Wasl-Signature"}  # fmt: skip
    return lambda e: e.post(
        EVENTS, BODY,
        headers={**e.headers(EVENTS, BODY), **{names[k]: v for k, v in changed.items()}},
    )  # fmt: skip


def _aged(seconds: int) -> Any:
    def sent(e: Exchange) -> Any:
        time = str(int(timezone.now().timestamp()) + seconds)
        return e.post(EVENTS, BODY, headers=e.headers(EVENTS, BODY, time=time))

    return sent


FORGED: dict[str, tuple[Any, int, str]] = {
    "no headers": (lambda e: e.post(EVENTS, BODY, headers={}), 401, "missing-header"),
    "no key": (_without("X-Wasl-Key"), 401, "missing-header"),
    "no time": (_without("X-Wasl-Time"), 401, "missing-header"),
    "no nonce": (_without("X-Wasl-Nonce"), 401, "missing-header"),
    "no signature": (_without("X-Wasl-Signature"), 401, "missing-header"),
    "forged": (_with(signature="0" * 64), 403, "bad-signature"),
    "signature of no form": (_with(signature="x" * 64), 401, "bad-header"),
    "key unknown": (_with(key="other"), 403, "unknown-key"),
    "another's key": (_with(key="gsm"), 403, "bad-signature"),
    "another secret": (
        lambda e: Exchange(secret="not the secret at all").post(EVENTS, BODY), 403, "bad-signature",
    ),
    "time altered": (_with(time="1700000000"), 403, "bad-signature"),
    "time in words": (_with(time="now"), 401, "bad-header"),
    "time of 5000 digits": (_with(time="9" * 5000), 401, "bad-header"),
    "nonce altered": (_with(nonce="n" * 20), 403, "bad-signature"),
    "nonce too short": (_with(nonce="abc"), 401, "bad-header"),
    "old": (_aged(-301), 401, "stale"),
    "ahead": (_aged(302), 401, "stale"),
    "body altered": (
        lambda e: e.post(EVENTS, BODY.replace(b"06", b"07"), headers=e.headers(EVENTS, BODY)),
        403, "bad-signature",
    ),
    "other path": (
        lambda e: e.post(CALLER, BODY, headers=e.headers(EVENTS, BODY)), 403, "bad-signature",
    ),
    "query added": (
        lambda e: e.post(EVENTS + "?call=c2", BODY, headers=e.headers(EVENTS, BODY)),
        403, "bad-signature",
    ),
    "not ascii": (_with(signature="é" * 64), 401, "bad-header"),
}  # fmt: skip


def test_what_is_not_signed_leaves_no_row(exchange: Exchange) -> None:
    before = rows()
    for name, (send, status, reason) in FORGED.items():
        answer = send(exchange)
        assert (answer.status_code, answer.json()["reason"]) == (status, reason), name
        assert rows() == before, name


def test_replayed(exchange: Exchange) -> None:
    headers = exchange.headers(EVENTS, BODY)
    assert exchange.post(EVENTS, BODY, headers=headers).status_code == 200
    before = rows()
    again = exchange.post(EVENTS, BODY, headers=headers)
    assert (again.status_code, again.json()["reason"]) == (401, "replayed")
    assert rows() == before


def test_two_keys_while_one_is_changed(exchange: Exchange) -> None:
    assert Exchange(key="gsm", secret="another secret of it").said("ringing").status_code == 200
    assert exchange.said("ringing").status_code == 200
    assert Call.objects.count() == 1


def test_closed_without_a_secret(exchange: Exchange, settings: Any) -> None:
    settings.LINE_HOOK_SECRETS = {}
    answer = exchange.said("ringing")
    assert (answer.status_code, answer.json()["reason"]) == (404, "closed")
    assert exchange.client.get(EVENTS).status_code == 405


def test_secrets_are_read_from_one_setting() -> None:
    assert keyed_secrets("") == {}
    assert keyed_secrets("0123456789abcdef") == {"main": "0123456789abcdef"}
    assert set(keyed_secrets("pbx:0123456789abcdef, gsm:fedcba9876543210")) == {"pbx", "gsm"}
    for bad in ("pbx:short", "a b:0123456789abcdef"):
        with pytest.raises(ValueError):
            keyed_secrets(bad)


def test_old_nonces_are_forgotten(exchange: Exchange) -> None:
    exchange.said("ringing")
    assert forget_old(at=timezone.now()) == 0
    assert forget_old(at=timezone.now() + timedelta(minutes=16)) == 1
    assert not Nonce.objects.exists()


# --- the fields ---------------------------------------------------------------------------------------

BAD_BODIES: dict[str, bytes] = {
    "empty": b"", "deep": b"[" * 8000, "deep objects": b'{"a":' * 1500, "no object": b'["a"]',
    "nan": b'{"event": "ringing", "call": "c", "sequence": NaN}',
    "infinite": b'{"event": "ringing", "call": "c", "at": -Infinity}',
    "5000 digits": b'{"event": "ringing", "call": "c", "sequence": ' + b"9" * 5000 + b"}",
    "digits as time": b'{"event": "ringing", "call": "c", "at": ' + b"9" * 5000 + b"}",
    "far time": b'{"event": "ringing", "call": "c", "at": "9999-12-31T23:59:59Z"}',
    "no zone": b'{"event": "ringing", "call": "c", "at": "2026-11-24T10:00:00"}',
    "true": b'{"event": "ringing", "call": "c", "at": true}',
    "surrogate": b'{"event": "ringing", "call": "\\ud800"}',
    "surrogate line": b'{"event": "ringing", "call": "c", "line": "\\udfff"}',
    "nul": b'{"event": "ringing", "call": "c\\u0000"}', "raw nul": b'{"event": "ringing", "call": "\x00"}',
    "not utf-8": b'{"event": "ringing", "call": "\xff"}', "utf-16": '{"event": "ringing"}'.encode("utf-16"),
    "no event": b'{"call": "c"}', "no call": b'{"event": "ringing"}',
    "unknown event": b'{"event": "busy", "call": "c"}', "list": b'{"event": ["ringing"], "call": "c"}',
    "number an object": b'{"event": "ringing", "call": "c", "number": {"a": 1}}',
    "long call": b'{"event": "ringing", "call": "' + b"c" * 81 + b'"}',
    "spaced extension": b'{"event": "ringing", "call": "c", "extension": "1 0"}',
    "negative": b'{"event": "ringing", "call": "c", "sequence": -1}',
    "fraction": b'{"event": "ringing", "call": "c", "sequence": 1.5}',
    "language": b'{"event": "ringing", "call": "c", "language": "en"}',
    "too long": b'{"event": "ringing", "call": "c", "line": "' + b" " * 9000 + b'"}',
}  # fmt: skip


def test_what_is_not_understood_leaves_no_row(exchange: Exchange) -> None:
    before = rows()
    for name, body in BAD_BODIES.items():
        answer = exchange.post(EVENTS, body)
        assert answer.status_code in (400, 413, 415, 422), (name, answer.content)
        assert answer.json()["reason"]
        assert rows() == before, name
        assert exchange.post(CALLER, body).status_code < 500, name
        Nonce.objects.all().delete()


KINDS = [
    ("text/plain", BODY), ("", BODY), ("application/x-www-form-urlencoded; charset=utf-7", b"a=1"),
    ("multipart/form-data; boundary=x", b"--x\r\n"), (fields.FORM, b"call=a&call=b&event=ringing"),
    (fields.FORM, b"&".join(b"a%d=1" % n for n in range(900))),
    (fields.FORM, b"call=%ED%A0%80&event=ringing"),
]  # fmt: skip


def test_other_kinds_of_body(exchange: Exchange) -> None:
    before = rows()
    for kind, body in KINDS:
        assert 400 <= exchange.post(EVENTS, body, kind).status_code < 500, kind
    assert rows() == before


def test_a_form_is_as_good_as_json(exchange: Exchange) -> None:
    told = {"event": "ringing", "call": "c1", "number": "+212612345678", "at": str(int(later(0).timestamp())),
            "sequence": "3"}  # fmt: skip
    form = urlencode(told).encode()
    assert exchange.post(EVENTS, form, fields.FORM).status_code == 200
    call = Call.objects.get()
    assert call.number == Number.parse("0612345678")
    assert call.started_at == later(0)


# --- odd numbers -------------------------------------------------------------------------------------

KEPT = {
    "0612345678": "+212612345678", "+212612345678": "+212612345678", "00212612345678": "+212612345678",
    "+212 (0)6 12 34 56 78": "+212612345678", "06.12.34.56.78": "+212612345678",
    "06/12/34/56/78": "+212612345678", "٠٦١٢٣٤٥٦٧٨": "+212612345678", "212612345678": "+212612345678",
    "0757123456": "+212757123456", "0412345678": "+212412345678", "0592123456": "+212592123456",
    "0801234567": "+212801234567", "+212 890 12 34 56": "+212890123456", "0891234567": "+212891234567",
    "+88213123456": "+88213123456", "+33612345678": "+33612345678",
}  # fmt: skip
WITHHELD = (
    "",
    "anonymous",
    "Anonymous",
    "unknown",
    "UNKNOWN",
    "private",
    "restricted",
    "15",
    "19",
    "177",
    "9" * 5000,
    "0",
    "+",
    "+0",
    "sip:abc@example",
    "مجهول",
    " ",
    "\u202e",
    "12;drop",
)


def test_a_number_that_is_possible_is_stored(exchange: Exchange) -> None:
    for place, (text, stored) in enumerate(KEPT.items()):
        assert exchange.said("ringing", f"c{place}", number=text).status_code == 200, text
        number = Call.objects.latest("pk").number
        assert number is not None, text
        assert number.for_storage() == stored, text


def test_what_is_no_number_is_withheld_and_never_refused(exchange: Exchange) -> None:
    for place, text in enumerate(WITHHELD):
        given = {"number": text, "call": f"c{place}"}
        assert exchange.said("ringing", at=later(0), **given).status_code == 200, text
        assert exchange.said("missed", at=later(30), **given).status_code == 200, text
        call = Call.objects.latest("pk")
        assert (call.number, call.state) == (None, State.ABANDONED), text
        assert call.ticket.is_closed
    assert not Promise.objects.exists()
    assert not Waiting.objects.now().exists()


def test_a_number_sent_as_a_number(exchange: Exchange) -> None:
    assert exchange.said("ringing", number=212612345678).status_code == 200
    assert Call.objects.get().number == Number.parse("0612345678")


# --- what becomes of a call ---------------------------------------------------------------------------


def test_it_rings_at_the_person_whose_telephone_it_is(exchange: Exchange, desk: Any) -> None:
    exchange.said("ringing", extension="101", number="0612345678")
    row = Waiting.objects.now().get()
    assert (row.offered_to, row.channel) == (desk, "phone")


def test_a_telephone_of_nobody_rings_for_the_team(exchange: Exchange, desk: Any) -> None:
    exchange.said("ringing", extension="999")
    assert Waiting.objects.now().get().offered_to is None


def test_a_conversation_from_ring_to_end(exchange: Exchange, desk: Any) -> None:
    for event, second in (("ringing", 0), ("answered", 12), ("ended", 112)):
        for _ in range(2):
            answer = exchange.said(
                event, extension="101", number="0612345678", at=later(second), sequence=second
            )
            assert answer.json() == {"taken": True, "call": "c1", "event": event}
    call = Call.objects.get()
    assert (call.state, call.user, call.waited, call.talk_seconds) == (State.WRAP_UP, desk, 12, 100)
    work = Handling.objects.get()
    assert (work.user, work.talk_seconds, work.started_at) == (desk, 100, later(12))
    assert not Waiting.objects.now().exists()
    assert not Promise.objects.exists()
    assert Ticket.objects.get().assignee == desk
    assert CallEvent.objects.count() == 2 + 3 + 1


def test_events_in_the_wrong_order(exchange: Exchange, desk: Any) -> None:
    given = {"extension": "101", "number": "0612345678"}
    exchange.said("ended", at=later(112), sequence=3, **given)
    exchange.said("answered", at=later(12), sequence=2, **given)
    exchange.said("ringing", at=later(0), sequence=1, **given)
    call = Call.objects.get()
    assert (call.state, call.waited, call.talk_seconds) == (State.WRAP_UP, 12, 100)
    assert call.started_at == later(0)
    assert not Promise.objects.owed().exists()
    assert not Waiting.objects.now().exists()


def test_answered_after_missed(exchange: Exchange, desk: Any) -> None:
    given = {"number": "0612345678"}
    exchange.said("ringing", at=later(0), **given)
    exchange.said("missed", at=later(20), extension="102", **given)
    assert Waiting.objects.now().get().channel == "missed"
    exchange.said("answered", at=later(25), extension="101", **given)
    call = Call.objects.get()
    assert call.state == State.TALKING
    assert not Promise.objects.owed().exists()
    assert not Waiting.objects.now().exists()
    exchange.said("ended", at=later(85), **given)
    call.refresh_from_db()
    assert (call.state, call.talk_seconds) == (State.WRAP_UP, 60)


def test_passed_on_between_telephones(exchange: Exchange, desk: Any, senior: Any) -> None:
    exchange.said("ringing", at=later(0), sequence=0)
    exchange.said("answered", at=later(70), sequence=5, extension="102")
    exchange.said("answered", at=later(10), sequence=1, extension="101")
    exchange.said("ended", at=later(100), sequence=9)
    call = Call.objects.get()
    assert (call.user, call.state, call.talk_seconds) == (senior, State.WRAP_UP, 90)
    assert Ticket.objects.get().assignee == senior
    assert Handling.objects.under_way().get().user == senior


def test_answered_at_a_telephone_of_nobody(exchange: Exchange, desk: Any) -> None:
    exchange.said("ringing", at=later(0))
    exchange.said("answered", at=later(10), extension="999")
    assert not Waiting.objects.now().exists()
    exchange.said("ended", at=later(50), extension="999")
    assert Waiting.objects.now().get().channel == "web"


def test_a_message_is_left(exchange: Exchange) -> None:
    for _ in range(2):
        exchange.said(
            "voicemail", number="0612345678", at=later(40), seconds=31, recording="vm/0042.wav"
        )
    call = Call.objects.get()
    assert call.state == State.VOICEMAIL
    assert Promise.objects.get().kind == "voicemail"
    note = call.ticket.entries.get(kind="note")
    assert (note.data["recording"], note.data["seconds"]) == ("vm/0042.wav", 31)


# --- who is calling -----------------------------------------------------------------------------------


def ask(exchange: Exchange, number: str) -> Any:
    return exchange.post(CALLER, json.dumps({"number": number}).encode()).json()


def test_who_is_calling(exchange: Exchange) -> None:
    known = make.person("فاطمة", number="0612345678", speaks="shi")
    make.ticket("سؤال", person=known)
    make.person("خالد", number="0622222222")
    make.person("مريم", number="0622222222")
    assert ask(exchange, "+212612345678") == {"caller": "known", "language": "shi", "open": 1}
    assert ask(exchange, "0622222222") == {"caller": "perhaps", "language": "", "open": 0}
    assert ask(exchange, "0633333333") == {"caller": "unknown", "language": "", "open": 0}
    assert ask(exchange, "anonymous") == {"caller": "withheld", "language": "", "open": 0}


# --- the person's own telephone -----------------------------------------------------------------------


def test_one_extension_a_person(as_user: Any, desk: Any, senior: Any) -> None:
    given = {"language": "ar", "extension": "101"}
    assert as_user(senior).post("/desk/me/", given).status_code == 422
    assert as_user(senior).post("/desk/me/", {**given, "extension": "1 <"}).status_code == 422
    assert as_user(senior).post("/desk/me/", {**given, "extension": "٢٠٥"}).status_code == 302
    senior.refresh_from_db()
    assert senior.extension == "205"


# --- before the opening -------------------------------------------------------------------------------


def test_before_the_opening_an_exchange_is_told_to_come_back(
    exchange: Exchange, not_open: Any
) -> None:
    before = rows()
    for address in (EVENTS, CALLER):
        answer = exchange.post(address, BODY if address == EVENTS else b'{"number": "0612345678"}')
        assert (answer.status_code, answer.json()["reason"]) == (503, "opens-soon")
        assert int(answer["Retry-After"]) > 0
    assert exchange.post(EVENTS, BODY, headers={}).status_code == 401, "the signature comes first"
    assert rows() == before
