"""Taken means stored for good: what is told is applied after the answer, once, whoever dies or fails."""

import logging
import random
import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from helpdesk.associations.numbers import Number
from helpdesk.queues.models import Waiting
from telephony.facts import State
from telephony.models import Call, CallEvent
from telephony.providers.hook import applier, applying, inbox, lane
from telephony.providers.hook.applying import PAUSES, apply_left, apply_next, drain
from telephony.providers.hook.models import Nonce, Told
from tests import make
from tests.telephony.hooking import SECRET, Exchange
from tests.together import together

NUMBER = "0612345678"
DIGITS = "612345678"


@pytest.fixture
def exchange(settings: Any, amina: Any) -> Exchange:
    """Whose events are only stored."""
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET}
    amina.extension = "101"
    amina.save(update_fields=["extension"])
    return Exchange(applies=False)


def ago(seconds: float) -> Any:
    return make.NOW - timedelta(seconds=seconds)


def later(seconds: float) -> Any:
    return timezone.now() + timedelta(seconds=seconds)


def personal() -> list[Any]:
    return [(one.call, one.number, one.recording) for one in Told.objects.all()]


# --- stored, then applied -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_answer_comes_before_the_call(exchange: Exchange) -> None:
    answer = exchange.said("ringing", number=NUMBER, extension="101")
    assert answer.json() == {"taken": True, "call": "c1", "event": "ringing"}
    assert not Call.objects.exists()
    assert personal() == [("c1", Number.parse(NUMBER), "")]
    assert drain() == 1
    assert Call.objects.get().number == Number.parse(NUMBER)
    assert Waiting.objects.now().get().offered_to is not None
    told = Told.objects.get()
    assert (told.due_at, told.tries) == (None, 0)
    assert told.lag is not None
    assert timedelta() <= told.lag < timedelta(minutes=5)


@pytest.mark.django_db
def test_applied_nothing_personal_is_left_of_it(exchange: Exchange) -> None:
    exchange.said("voicemail", f"gsm-1-{NUMBER}", number=NUMBER, recording=f"vm/{NUMBER}.wav")
    drain()
    assert personal() == [("", None, "")]
    assert Call.objects.get().ticket.entries.get(kind="note").data["recording"]


@pytest.mark.django_db
def test_it_is_told_when_it_was_received_not_when_applied(exchange: Exchange) -> None:
    exchange.said("ringing", number=NUMBER, extension="101", at=ago(60))
    received = Told.objects.get().received_at
    applying._drain(lambda: True, timedelta(), at=later(3600))
    assert Waiting.objects.now().get().offered_at == received
    assert set(CallEvent.objects.values_list("received_at", flat=True)) == {received}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed", [{"event": "ended"}, {"at": make.NOW}, {"number": "+212611111111"}, {"call": "c2"}]
)
def test_the_database_refuses_to_change_what_was_told(exchange: Exchange, changed: Any) -> None:
    exchange.said("ringing", number=NUMBER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Told.objects.update(**changed)
    Told.objects.update(call="", number="", recording="")


@pytest.mark.django_db
def test_kept_for_ninety_days(exchange: Exchange) -> None:
    exchange.said("ringing", number=NUMBER)
    drain()
    assert inbox.forget_old(at=later(0) + inbox.KEPT - timedelta(hours=1)) == 0
    assert inbox.forget_old(at=later(0) + inbox.KEPT + timedelta(hours=1)) == 1
    assert Call.objects.exists()


@pytest.mark.django_db
def test_without_a_centre_nothing_is_taken(settings: Any) -> None:
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET}
    inbox._is_set_up.cache_clear()
    answer = Exchange().said("ringing")
    assert (answer.status_code, answer.json()["reason"]) == (503, "no-centre")
    assert not Told.objects.exists()
    assert not Nonce.objects.exists()


# --- left behind --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_killed_after_the_answer_the_sweep_applies_it_once(
    exchange: Exchange, settings: Any
) -> None:
    settings.LINE_HOOK_APPLIES = True  # whose thread is dead: nothing is committed here
    exchange.said("ringing", number=NUMBER, at=ago(60))
    exchange.said("missed", number=NUMBER, at=ago(30))
    assert apply_left(at=timezone.now()) == 0, "whoever took it has two seconds"
    assert apply_left(at=later(3)) == 2
    assert Call.objects.get().state == State.ABANDONED
    before = list(CallEvent.objects.order_by("pk").values_list("pk", "key"))
    assert apply_left(at=later(60)) == 0
    assert list(CallEvent.objects.order_by("pk").values_list("pk", "key")) == before


@pytest.mark.django_db
def test_killed_while_applying_nothing_is_half_done(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*given: Any, **more: Any) -> None:
        told(*given, **more)
        raise Killed

    told = applying.tell
    exchange.said("ringing", number=NUMBER)
    monkeypatch.setattr(applying, "tell", dies)
    with pytest.raises(Killed), transaction.atomic():
        drain()
    assert not Call.objects.exists()
    monkeypatch.setattr(applying, "tell", told)
    assert (apply_left(at=later(3)), apply_left(at=later(6))) == (1, 0)
    assert (Call.objects.count(), CallEvent.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_shuffled_and_repeated_it_ends_the_same(exchange: Exchange) -> None:
    given = {"number": NUMBER, "extension": "101"}
    plot = [("ringing", 100), ("answered", 90), ("ended", 20)]
    events = [(event, second, place) for place, (event, second) in enumerate(plot)] * 3
    random.Random(13).shuffle(events)
    for event, second, place in events:
        exchange.said(event, at=ago(second), sequence=place, **given)
    assert drain() == 9
    call = Call.objects.get()
    assert (call.state, call.waited, call.talk_seconds) == (State.WRAP_UP, 10, 70)
    assert not Told.objects.filter(applied_at=None).exists()


# --- what cannot be applied ---------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Calls of these names cannot be applied."""
    names, told = ["bad"], applying.tell

    def breaks(said: Any, **when: Any) -> Any:
        if said.call in names:
            CallEvent.objects.create(call_id=0, kind="x", at=None, received_at=None)  # type: ignore[misc]
        return told(said, **when)

    monkeypatch.setattr(applying, "tell", breaks)
    return names


@pytest.mark.django_db
def test_what_cannot_be_applied_stops_nothing(
    exchange: Exchange, broken: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    exchange.said("ringing", "bad", number=NUMBER)
    exchange.said("ringing", "good", number="0698765432")
    with caplog.at_level(logging.ERROR, "wasl.line"):
        drain()
    assert Call.objects.get().number == Number.parse("0698765432")
    failed = Told.objects.get(applied_at=None)
    assert (failed.call, failed.tries) == ("bad", 1)
    assert failed.error.startswith("IntegrityError ")
    assert DIGITS not in failed.error
    (line,) = caplog.records
    assert (line.message, line.event) == ("an event of a line was not applied", "ringing")  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_it_is_tried_again_until_it_is_set_aside(
    exchange: Exchange, broken: list[str], client: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange.said("ringing", "bad", number=NUMBER)
    drain()
    at = timezone.now()
    for place, pause in enumerate(PAUSES):
        assert apply_left(at=at + pause / 2) == 0
        at += pause + timedelta(minutes=1)
        assert client.get("/healthz").content == b"ok\n"
        assert apply_left(at=at) == 1
        assert Told.objects.get().tries == place + 2
    assert apply_left(at=at + timedelta(days=3)) == 0
    assert Told.objects.get().due_at is None
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content.count(b"set aside: 1")) == (200, 1)
    broken.clear()
    call_command("line_events", again=True)
    told = capsys.readouterr().out
    assert "ringing · 6 tries · set aside · IntegrityError" in told
    assert DIGITS not in told
    assert drain() == 1
    assert Call.objects.get().number == Number.parse(NUMBER)
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_a_try_that_succeeds_leaves_no_trace_of_the_failure(
    exchange: Exchange, broken: list[str]
) -> None:
    exchange.said("ringing", "bad", number=NUMBER)
    drain()
    broken.clear()
    assert apply_left(at=later(60)) == 1
    told = Told.objects.get()
    assert (told.error, told.due_at, told.number) == ("", None, None)


# --- who applies --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_appliers_apply_nothing_twice(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two processes do: without what keeps the threads of one apart."""
    told, applied = applying.tell, []

    def counted(said: Any, **when: Any) -> Any:
        call = told(said, **when)
        applied.append((said.call, said.event))
        return call

    monkeypatch.setattr(applying, "tell", counted)
    sent = [(event, f"c{n}", n) for n in range(8) for event in ("ringing", "missed")]
    for event, call, n in sent:
        second = 60 - 30 * (event == "missed")
        exchange.said(event, call, number=f"06123456{n:02}", at=ago(second))

    def applies() -> int:
        return sum(iter(lambda: int(apply_next(at=timezone.now())), 0))

    done = together(applies, applies)
    while Told.objects.filter(applied_at=None).exists():  # a deadlock of the two is tried again
        assert apply_left(at=later(10))
    assert sorted(applied) == sorted((call, event) for event, call, _n in sent)
    assert sum(done) >= len(sent)
    assert set(Call.objects.values_list("state", flat=True)) == {State.ABANDONED}
    assert Call.objects.count() == 8


def test_storing_goes_before_applying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "connection", SimpleNamespace(vendor="sqlite"))
    order: list[str] = []

    def goes(name: str, way: Any) -> threading.Thread:
        def run() -> None:
            with way():
                order.append(name)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with lane.storing():
        threads = [goes("applied", lane.applying), *(goes("stored", lane.storing) for _ in "ab")]
        while lane._storing < 3:
            time.sleep(0.001)
        assert not order, "one at a time"
    for thread in threads:
        thread.join(10)
    assert order == ["stored", "stored", "applied"]


@pytest.mark.django_db(transaction=True)
def test_the_thread_applies_at_once(exchange: Exchange, settings: Any) -> None:
    settings.LINE_HOOK_APPLIES = True
    try:
        exchange.said("ringing", number=NUMBER)
        until = time.monotonic() + 20
        while not Told.objects.exclude(applied_at=None).exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        assert Call.objects.get().state == State.WAITING
    finally:
        applier.stop()
    exchange.said("missed", number=NUMBER)
    until = time.monotonic() + 20
    while Told.objects.filter(applied_at=None).exists():
        assert time.monotonic() < until, "a new thread takes the place of one that ended"
        time.sleep(0.01)
    applier.stop()
