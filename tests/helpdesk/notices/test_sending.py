"""The sweep that sends: once, again later with patience, never twice by two processes."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from helpdesk.notices import jobs
from helpdesk.notices.actions import settle, write
from helpdesk.notices.jobs import LEASE, TRIES, send_due
from helpdesk.notices.models import Notice
from tests.services import Sink, mail_sink

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LINK = "http://localhost:8000/follow/?ref=W-2026-000123"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with mail_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def written(key: str = "answer:7", **changed: Any) -> Notice:
    given: dict[str, Any] = {
        "key": key, "channel": "email", "kind": "answer-given", "address": "fatima@example.org",
        "language": "ar", "at": AT, "context": {"reference": "W-2026-000123", "link": LINK},
    }  # fmt: skip
    return write(**{**given, **changed})


def test_what_is_not_due_stays(sink: Sink) -> None:
    written(due_at=AT + timedelta(hours=1))
    assert send_due(at=AT) == 0
    assert send_due(at=AT + timedelta(hours=1)) == 1
    assert Notice.objects.get().sent_at == AT + timedelta(hours=1)


def test_many_go_in_batches_each_once(sink: Sink) -> None:
    for n in range(60):
        written(f"answer:{n}", address=f"a{n}@example.org")
    assert send_due(at=AT) == 60
    assert len(set(sink.recipients)) == len(sink.recipients) == 60
    assert len({m["Message-ID"] for m in sink.mails}) == 60


def test_a_busy_server_is_tried_again_later_each_time_later(sink: Sink) -> None:
    written()
    at, waits = AT, []
    for _ in range(TRIES):
        sink.refusals.append("451 try later")
        assert send_due(at=at) == 0
        notice = Notice.objects.get()
        waits.append(notice.due_at - at)
        at = notice.due_at
    assert waits[:-1] == sorted(waits[:-1])
    assert notice.state == Notice.State.FAILED
    assert notice.failed_why == "451 try later"
    assert send_due(at=at + timedelta(days=1)) == 0


def test_it_goes_after_a_busy_moment(sink: Sink) -> None:
    written()
    sink.refusals.append("451 try later")
    send_due(at=AT)
    assert send_due(at=AT) == 0
    assert send_due(at=AT + timedelta(minutes=2)) == 1
    notice = Notice.objects.get()
    assert (notice.state, notice.failed_why, notice.unsure) == ("sent", "", False)


def test_a_final_refusal_is_not_tried_again(sink: Sink) -> None:
    written()
    sink.refusals.append("550 no fatima@example.org here")
    send_due(at=AT)
    notice = Notice.objects.get()
    assert (notice.state, notice.failed_why) == ("failed", "550 no … here")


def test_a_server_that_is_away(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    written()
    written("answer:8")
    assert send_due(at=AT) == 0
    for notice in Notice.objects.all():
        assert (notice.state, notice.tries) == ("queued", 1)
        assert notice.failed_why == "ConnectionRefusedError"
        assert notice.due_at > AT


def test_what_a_dead_process_held_leaves_again_and_is_marked(sink: Sink) -> None:
    written()
    (held,) = Notice.objects.take(at=AT, lease=LEASE)
    assert send_due(at=AT + timedelta(minutes=1)) == 0, "another process has it"
    assert send_due(at=AT + LEASE + timedelta(seconds=1)) == 1
    notice = Notice.objects.get()
    assert notice.unsure
    assert notice.state == Notice.State.SENT
    assert not settle(held, state="failed"), "the first holder's word no longer counts"
    assert Notice.objects.get().state == Notice.State.SENT


def test_two_processes_share_without_doubles() -> None:
    for n in range(30):
        written(f"answer:{n}")
    first = Notice.objects.take(at=AT, lease=LEASE)
    second = Notice.objects.take(at=AT, lease=LEASE)
    assert len(first) == 25
    assert len(second) == 5
    assert not {n.pk for n in first} & {n.pk for n in second}


def test_a_slow_server_leaves_the_rest_of_a_batch_untried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "PATIENCE", -1.0)
    written()
    assert send_due(at=AT) == 0
    notice = Notice.objects.get()
    assert (notice.state, notice.tries, notice.lease_by) == ("queued", 0, "")


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_channel_that_nothing_sends(channel: str) -> None:
    written(channel=channel, address="+212600000001")
    assert send_due(at=AT) == 1
    assert Notice.objects.get().state == Notice.State.NO_CHANNEL
    assert mail.outbox == []


def test_an_sms_waits_for_the_sweep_that_sends_sms(settings: Any) -> None:
    settings.NOTICE_CHANNELS = ["email", "sms"]
    written(channel="sms", address="+212600000001")
    assert send_due(at=AT) == 0
    assert Notice.objects.get().state == Notice.State.QUEUED


def test_without_a_server_mail_goes_to_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "helpdesk.notices.folder.EmailBackend"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    notice = written()
    assert send_due(at=AT) == 1
    Notice.objects.filter(pk=notice.pk).update(state="queued")
    assert send_due(at=AT) == 1
    (kept,) = (tmp_path / "outbox").iterdir()
    read = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert read["To"] == "fatima@example.org"
    assert LINK in read.get_body(("plain",)).get_content()  # type: ignore[attr-defined]


def test_a_broken_backend_never_stops_the_others(
    monkeypatch: pytest.MonkeyPatch, sink: Sink
) -> None:
    def broken(self: Any, messages: Any) -> int:
        if "bad" in messages[0].to[0]:
            raise smtplib.SMTPServerDisconnected("gone")
        return 1

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.send_messages", broken)
    written("answer:1", address="bad@example.org")
    written("answer:2")
    assert send_due(at=AT) == 1
    assert Notice.objects.get(key="answer:2").state == Notice.State.SENT
    assert Notice.objects.get(key="answer:1").failed_why == "SMTPServerDisconnected"
