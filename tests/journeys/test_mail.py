"""A question's way out and back by mail, over a real mail server, a real mailbox and the sweeps."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from helpdesk.centre.models import Centre
from helpdesk.files.models import StoredFile
from helpdesk.notices.jobs import send_due
from helpdesk.notices.models import Notice
from helpdesk.queues import mail_trial
from helpdesk.queues.actions import claim
from helpdesk.queues.mail_in import ACKNOWLEDGED_AN_HOUR, fetch_mail, rest, take_in
from helpdesk.tickets.actions import answering, closing
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Help, Kind, Outcome, State
from tests import make
from tests.rules.test_incoming import MALFORMED
from tests.services import PostBox, Sink, imap_server, mail_sink

pytestmark = [pytest.mark.django_db, pytest.mark.full]
"""Needs dovecot, which only the full suite installs."""


@pytest.fixture(scope="module")
def server() -> Iterator[PostBox]:
    with imap_server() as box:
        yield box


@pytest.fixture
def box(server: PostBox, settings: Any) -> PostBox:
    for folder in ("cur", "new"):
        for path in (server.folder / "Maildir" / folder).iterdir():
            path.unlink()
    settings.IMAP_URL = server.url
    settings.MAIL_DOMAIN = "wasl.example"
    rest.ended()
    return server


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with mail_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.DEFAULT_FROM_EMAIL = "Wasl <wasl@wasl.example>"
        yield sink


def mail(to: str, words: str = "توصلت بالجواب، شكرا", **heads: str) -> bytes:
    given = {
        "From": "Fatima <fatima@example.org>", "To": to, "Subject": "Re: x",
        "Message-ID": f"<{abs(hash((to, words, *heads.values())))}@example.org>", **heads,
    }  # fmt: skip
    head = "".join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items() if value
    )
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n".encode()


def asked(**fields: Any) -> Ticket:
    return make.ticket(answer_by="email", contact_email="fatima@example.org", **fields)


def answered(ticket: Ticket, by: Any, now: datetime) -> None:
    claim(ticket, by=by, at=now)
    answering.answer(
        ticket, "حسب الفصل 5: 60 يوما", by=by, at=now, language="ar", help=Help.INFO, quotes=[]
    )


def test_answer_goes_out_and_the_reply_joins(
    amina: Any, box: PostBox, sink: Sink, now: datetime
) -> None:
    ticket = asked()
    answered(ticket, amina, now)
    assert send_due(at=now) == 1
    assert send_due(at=now) == 0

    (sent,) = sink.mails
    assert sink.recipients == ["fatima@example.org"]
    assert sent["Reply-To"] == f"reply+{ticket.reply_token}@wasl.example"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["List-Id"]
    text = sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = sent.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert f"/follow/?ref={ticket.reference}" in text
    assert f'href="http://localhost:8000/follow/?ref={ticket.reference}"' in page
    assert '<html lang="ar" dir="rtl">' in page
    for said in (text, page, str(sent["Subject"])):
        assert "الفصل 5" not in said
        assert not re.search(r"(?:\d[\s ]?){16}", said)
        assert ticket.reply_token not in said

    quoted = "\r\n".join(f"> {line}" for line in text.splitlines())
    box.put(mail(sent["Reply-To"], f"وماذا بعد 60 يوما؟\r\n\r\nOn Tue, Wasl wrote:\r\n{quoted}"))
    assert fetch_mail(at=now + timedelta(hours=1)) == 1
    assert fetch_mail(at=now + timedelta(hours=1)) == 0
    joined = Entry.objects.get(ticket=ticket, kind=Kind.MAIL)
    assert joined.text == "وماذا بعد 60 يوما؟"
    assert joined.from_asker
    assert "other_sender" not in joined.data
    assert box.marks() == ["S"]
    assert Ticket.objects.count() == 1
    assert Notice.objects.count() == 1, "a reply is not acknowledged by a machine"


def test_a_reply_opens_a_closed_ticket_once(amina: Any, box: PostBox, now: datetime) -> None:
    ticket = asked()
    closing.close(ticket, by=amina, at=now, outcome=Outcome.ADVICE_GIVEN, help=Help.INFO)
    raw = mail(f"reply+{ticket.reply_token.upper()}@wasl.example", From="other@example.org")
    box.put(raw)
    box.put(raw)
    assert fetch_mail(at=now) == 2
    ticket.refresh_from_db()
    assert ticket.state != State.CLOSED
    joined = Entry.objects.get(ticket=ticket, kind=Kind.MAIL)
    assert joined.data["other_sender"] is True


@pytest.mark.parametrize(
    ("to", "heads"),
    [
        ("wasl@wasl.example", {"Subject": "Re: W-2026-000001"}),
        ("wasl+W-2026-000001@wasl.example", {}),
        ("reply+0123456789abcdef01234567@wasl.example", {}),
        ("reply+@wasl.example", {}),
        ("wasl@wasl.example", {"In-Reply-To": f"<notice.1.{'0' * 32}@wasl.example>"}),
    ],
)
def test_a_forged_reference_never_joins(
    amina: Any, box: PostBox, now: datetime, to: str, heads: dict[str, str]
) -> None:
    ticket = asked()
    answered(ticket, amina, now)
    before = ticket.entries.count()
    heads = {k: v.replace("W-2026-000001", ticket.reference) for k, v in heads.items()}
    box.put(mail(to, "أضيفوا هذا", **heads))
    assert fetch_mail(at=now) == 1
    assert ticket.entries.count() == before
    assert Ticket.objects.count() == 2


def test_a_stranger_is_a_new_question_and_told_so_once(
    centre: Any, box: PostBox, sink: Sink, now: datetime
) -> None:
    box.put(
        mail(
            "wasl@wasl.example", "Nous n'avons pas reçu le récépissé.\r\n-- \r\nFatima",
            Subject="=?utf-8?Q?R=C3=A9c=C3=A9piss=C3=A9?=",
        )
    )  # fmt: skip
    assert fetch_mail(at=now) == 1
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.language, ticket.subject) == ("mail", "fr", "Récépissé")
    assert ticket.contact_email == "fatima@example.org"
    assert ticket.secret_hash == ""
    assert ticket.waitings.now().count() == 1
    assert ticket.entries.get().text == "Nous n'avons pas reçu le récépissé."
    send_due(at=now)
    (sent,) = sink.mails
    assert ticket.reference in sent["Subject"]
    assert sent["In-Reply-To"].endswith("@example.org>")
    text = sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "récépissé" not in text, "nobody can make us send their words to others"
    assert "J'ai perdu le code" in text
    assert f"/fr/follow/?ref={ticket.reference}" in text


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.example.org>"},
        {"X_Autoreply": "yes"},
        {"From": "MAILER-DAEMON@example.org"},
        {"From": "Wasl <wasl@wasl.example>"},
        {"From": "reply+0123456789abcdef01234567@wasl.example"},
        {"Message_ID": f"<notice.1.{'a' * 32}@wasl.example>"},
        {"Subject": "Réponse automatique : absente"},
    ],
)
def test_machines_are_left_alone(
    amina: Any, box: PostBox, sink: Sink, now: datetime, heads: dict[str, str]
) -> None:
    ticket = asked()
    before = ticket.entries.count()
    for to in ("wasl@wasl.example", f"reply+{ticket.reply_token}@wasl.example"):
        box.put(mail(to, "je suis absente", **heads))
    assert fetch_mail(at=now) == 2
    assert box.marks() == ["S", "S"]
    assert (Ticket.objects.count(), ticket.entries.count()) == (1, before)
    assert send_due(at=now) == 0


def test_two_machines_do_not_write_to_each_other_for_ever(
    centre: Any, box: PostBox, sink: Sink, now: datetime
) -> None:
    for n in range(ACKNOWLEDGED_AN_HOUR + 4):
        box.put(mail("wasl@wasl.example", f"merci de votre message {n}"))
        fetch_mail(at=now)
        send_due(at=now)
    assert len(sink.mails) == ACKNOWLEDGED_AN_HOUR
    later = now + timedelta(hours=2)
    box.put(mail("wasl@wasl.example", "une autre question"))
    fetch_mail(at=later)
    send_due(at=later)
    assert len(sink.mails) == ACKNOWLEDGED_AN_HOUR + 1


def test_a_reply_to_our_plain_address_joins_by_the_sealed_number(
    amina: Any, box: PostBox, sink: Sink, now: datetime
) -> None:
    ticket = asked()
    answered(ticket, amina, now)
    send_due(at=now)
    number = sink.mails[0]["Message-ID"]
    box.put(mail("wasl@wasl.example", "من عنوان آخر", From="x@example.org", In_Reply_To=number))
    box.put(mail("wasl@wasl.example", "من نفس العنوان", In_Reply_To=number))
    assert fetch_mail(at=now) == 2
    assert ticket.entries.get(kind=Kind.MAIL).text == "من نفس العنوان"
    assert Ticket.objects.count() == 2


def test_a_returned_mail_marks_its_notice(
    amina: Any, box: PostBox, sink: Sink, now: datetime
) -> None:
    ticket = asked()
    answered(ticket, amina, now)
    send_due(at=now)
    number = sink.mails[0]["Message-ID"]
    report = (
        "From: MAILER-DAEMON@example.org\r\nTo: wasl@wasl.example\r\nReturn-Path: <>\r\n"
        "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nno such person\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        "Message-ID: {}\r\n\r\n--b--\r\n"
    )
    box.put(report.format(number.replace("notice.", "notice.9")).encode())
    box.put(report.format(re.sub(r"[0-9a-f]{32}", "0" * 32, number)).encode())
    fetch_mail(at=now)
    assert Notice.objects.get().state == Notice.State.SENT, "a forged report changes nothing"
    box.put(report.format(number).encode())
    fetch_mail(at=now)
    notice = Notice.objects.get()
    assert (notice.state, notice.failed_why) == ("failed", "returned 5.1.1")
    assert Ticket.objects.count() == 1


def test_a_poison_mail_is_set_aside_and_the_next_one_taken(
    centre: Any, box: PostBox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk.queues import incoming

    read = incoming.read

    def poisoned(raw: bytes, **how: Any) -> Any:
        if b"poison" in raw:
            raise RuntimeError("poison")
        return read(raw, **how)

    monkeypatch.setattr(incoming, "read", poisoned)
    box.put(mail("wasl@wasl.example", "poison"))
    box.put(mail("wasl@wasl.example", "سؤال"))
    assert fetch_mail(at=now) == 1
    assert fetch_mail(at=now) == 0
    assert box.marks() == ["F", "S"]
    assert Ticket.objects.get().entries.get().text == "سؤال"


def test_a_very_large_mail_gives_its_words(centre: Any, box: PostBox, now: datetime) -> None:
    big = (
        b"From: f@example.org\r\nSubject: gros\r\nMessage-ID: <big@example.org>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nvoici le fichier\r\n"
        b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n"
        + (b"JVBERi0x" * 9 + b"\r\n") * 240_000 + b"--b--\r\n"
    )  # fmt: skip
    box.put(big)
    assert fetch_mail(at=now) == 1
    entry = Ticket.objects.get().entries.get()
    assert entry.text == "voici le fichier"
    assert entry.data["cut_short"] is True
    assert entry.data["refused"] == ["a.pdf"]
    assert entry.files.count() == 0


def test_a_mailbox_that_is_away_is_left_alone_for_a_while(settings: Any, now: datetime) -> None:
    settings.IMAP_URL = "imap://a:b@127.0.0.1:1/INBOX"
    rest.ended()
    assert fetch_mail(at=now) == 0
    assert rest.failures == 1
    assert fetch_mail(at=now) == 0
    assert rest.failures == 1
    rest.ended()


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_mails_are_taken_in(centre: Any, now: datetime, name: str) -> None:
    for _ in range(2):
        take_in(MALFORMED[name], at=now)
    ticket = Ticket.objects.get()
    assert ticket.entries.get().text
    assert ticket.subject


def test_twenty_attachments_six_are_kept_and_the_sender_is_told(
    amina: Any, now: datetime, settings: Any
) -> None:
    settings.MAIL_DOMAIN = "wasl.example"
    ticket = asked()
    part = "--b\r\nContent-Type: application/{}; name={}.pdf\r\n\r\n{}\r\n"
    raw = (
        f"From: fatima@example.org\r\nTo: reply+{ticket.reply_token}@wasl.example\r\n"
        "Message-ID: <20@example.org>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + part.format("x-msdownload", "virus", "MZ")
        + "".join(part.format("pdf", n, "%PDF-1.4") for n in range(19))
    )
    assert take_in(raw.encode(), at=now) == "joined"
    joined = ticket.entries.get(kind=Kind.MAIL)
    assert joined.files.count() == 6
    assert len(joined.data["refused"]) == 14
    notice = Notice.objects.get()
    assert notice.kind == "files-refused"
    assert "14" in notice.text
    assert take_in(raw.encode(), at=now) == "repeated"
    assert StoredFile.objects.count() == 6
    assert Notice.objects.count() == 1


def test_before_the_opening_mail_waits_in_the_mailbox_and_a_trial_comes_back(
    box: PostBox, sink: Sink, amina: Any, not_open: Any, now: datetime
) -> None:
    box.put(mail("wasl@wasl.example", "كيف نؤسس جمعية؟"))
    box.put(mail("wasl@wasl.example", "x", Message_ID=f"<notice.7.{'0' * 32}@wasl.example>"))
    mail_trial.begin(by=amina, at=now)
    assert send_due(at=now) == 1
    box.put(sink.mails[0].as_bytes())
    assert fetch_mail(at=now) == 1
    assert mail_trial.last_good() is not None
    assert box.marks() == ["", "", "S"]
    assert not Ticket.objects.exists()
    Centre.objects.update(opened_at=now)
    cache.clear()
    assert fetch_mail(at=now) == 2
    assert Ticket.objects.count() == 1, "a number like ours makes it a machine's"
    assert box.marks() == ["S", "S", "S"]
