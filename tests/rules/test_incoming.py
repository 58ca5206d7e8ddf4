"""Reading mails, the broken ones above all: a record comes out, never an error."""

import random
import re

import pytest

from helpdesk.queues import quoting
from helpdesk.queues.incoming import MAX_TEXT, read

HEAD = (
    b"From: Fatima <fatima@example.org>\r\nTo: wasl@example.org\r\nMessage-ID: <1@example.org>\r\n"
)
GOOD = (
    HEAD + b"Subject: =?utf-8?B?2KfZhNmI2LXZhA==?=\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    + "متى نتوصل بالوصل؟".encode()
    + b"\r\n--b\r\nContent-Type: application/pdf\r\n"
    b"Content-Disposition: attachment; filename*=utf-8''%D9%88%D8%B5%D9%84.pdf\r\n\r\n"
    b"%PDF-1.4\r\n--b--\r\n"
)


def test_a_good_mail() -> None:
    mail = read(GOOD)
    assert (mail.sender, mail.sender_name) == ("fatima@example.org", "Fatima")
    assert mail.subject == "الوصل"
    assert mail.text == "متى نتوصل بالوصل؟"
    assert mail.attachments == [("وصل.pdf", b"%PDF-1.4")]
    assert mail.key == "mail:<1@example.org>"
    assert not mail.automatic


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("windows-1256", "السلام".encode("cp1256"), "السلام"),
        ("iso-8859-1", "السلام".encode(), "السلام"),
        ("us-ascii", "Récépissé".encode(), "Récépissé"),
        ("iso-8859-1", "Récépissé".encode("latin-1"), "Récépissé"),
        ("x-unknown", "Récépissé".encode("cp1252"), "Récépissé"),
        ("x-unknown", "السلام عليكم".encode("cp1256"), "السلام عليكم"),
        ("utf-8", "Récépissé".encode("cp1252"), "Récépissé"),
        ("hex", b"hello", "hello"),
        ("undefined", b"hello", "hello"),
        ("\"utf-8'", "é".encode(), "é"),
        ("", "é".encode(), "é"),
        ("utf-16", b"\xff\xfeh\0i\0", "hi"),
    ],
)
def test_charsets_as_they_are_not_as_they_say(charset: str, content: bytes, text: str) -> None:
    head = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read(head + content).text == text


@pytest.mark.parametrize(
    ("head", "sender", "name"),
    [
        (b"From: =?utf-8?Q?Fatima_=E2=80=AEtxt.exe?= <f@example.org>", "f@example.org", "Fatima txt.exe"),
        ("From: فاطمة <f@example.org>".encode(), "f@example.org", "فاطمة"),
        (b'From: "boss@bank.ma" <F@Example.org>', "f@example.org", "boss@bank.ma"),
        (b"From: f@example.org (Fatima)", "f@example.org", ""),
        (b"From: Fatima", "", "Fatima"),
        (b"From:", "", ""),
        (b"X-From: a@b.org", "", ""),
        (b"From: <a@b>", "", ""),
        (b"From: " + b"(" * 5000 + b" f@example.org", "", None),
        (b"From: " + b"x" * 400 + b"@example.org", "", None),
        (b"From: =?utf-8?B?2KfZ?= =?utf-8?B?hNmI?= <f@example.org>", "f@example.org", "الو"),
        (b"From: =?x?B?????= <f@example.org>", "f@example.org", None),
    ],
)  # fmt: skip
def test_senders(head: bytes, sender: str, name: str | None) -> None:
    mail = read(head + b"\r\nSubject: x\r\n\r\nhello")
    assert mail.sender == sender
    assert name is None or mail.sender_name.replace("  ", " ") in (
        name,
        name.replace(" txt", "txt"),
    )
    assert "\u202e" not in mail.sender_name


def test_html_only_becomes_the_text_that_is_seen() -> None:
    page = (
        "<html><head><style>p{}</style><title>t</title></head><body><script>alert(1)</script>"
        "<p dir=rtl>السلام&nbsp;عليكم</p><p>ligne&amp;une<br>deux <b>gras</b></p>"
        "<img src=http://evil/x.gif><ul><li>un</li><li>deux</li></ul>"
        "<blockquote>cité<p>encore</p></blockquote></body></html>"
    )
    mail = read(HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page.encode())
    assert mail.text.startswith("السلام عليكم")
    assert "ligne&une\ndeux gras" in mail.text
    assert "> cité" in mail.text
    for hidden in ("alert", "evil", "p{}", "<"):
        assert hidden not in mail.text
    assert "cité" not in quoting.without_quotes(mail.text)


def test_the_plain_side_is_preferred_and_logos_are_left_out() -> None:
    raw = (
        HEAD + b"Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\n"
        b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nplain\r\n"
        b"--a\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--a--\r\n"
        b"--r\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <l>\r\n\r\nsmall\r\n"
        b"--r\r\nContent-Type: image/jpeg; name=pv.jpg\r\nContent-ID: <m>\r\n\r\n"
        + b"x" * 20_000 + b"\r\n--r\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nin\r\n--r--\r\n"
    )  # fmt: skip
    mail = read(raw)
    assert mail.text == "plain"
    assert [name for name, _ in mail.attachments] == ["pv.jpg"]
    assert mail.left_out == ["message/rfc822"]


MALFORMED = {
    "nothing": b"",
    "no head": b"\r\n\r\nhello",
    "no body": HEAD,
    "only nul": b"\0" * 500,
    "nul in text": HEAD + b"Subject: a\0b\r\n\r\nhel\0lo",
    "eight bit head": HEAD + "Subject: الوصل é\r\n\r\nx".encode() + b"\xff\xfe",
    "latin head": HEAD + "Subject: reçu\r\n\r\nx".encode("latin-1"),
    "boundary never comes": HEAD + b"Content-Type: multipart/mixed; boundary=z\r\n\r\nhello",
    "no boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\nhello",
    "boundary with nul": HEAD + b'Content-Type: multipart/mixed; boundary="\0"\r\n\r\n--\0\r\n\r\nx',
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!=====A",
    "broken uu": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\n$$$\n",
    "unknown encoding": HEAD + b"Content-Transfer-Encoding: rot13\r\n\r\nuryyb",
    "broken parameters": HEAD + b"Content-Type: text/plain; charset*=x''; name*0*=%; =;;\r\n\r\nx",
    "broken file name": HEAD + b"Content-Type: image/png; name*1*=\xff; name*0=\"\r\n\r\nx",
    "two of everything": HEAD + HEAD + b"Subject: a\r\nSubject: b\r\n\r\nx",
    "long head": HEAD + b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\nx",
    "many heads": HEAD + b"X-A: b\r\n" * 20_000 + b"\r\nx",
    "many recipients": HEAD + b"Cc: " + b"a@b.org, " * 50_000 + b"\r\n\r\nx",
    "encoded words": HEAD + b"Subject: " + b"=?utf-8?Q?=FF?= " * 5_000 + b"\r\n\r\nx",
    "surrogates": HEAD + b"Subject: =?utf-7?Q?+2AA-?=\r\n"
    b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-",
    "nested": HEAD
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000)
    )
    + b"\r\nhello",
    "enclosed in enclosed": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"hello",
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 20_000,
    "long text": HEAD + b"\r\n" + b"x" * 5_000_000,
    "deep html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div><blockquote>" * 20_000 + b"x",
    "wide html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--<style><!DOCTYPE x><a" * 40_000,
    "open html": HEAD + b"Content-Type: text/html\r\n\r\n<p <p <a href='<b>>x<!-- ",
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_mails_never_raise(name: str) -> None:
    mail = read(MALFORMED[name])
    for text in (mail.text, mail.subject, mail.sender, mail.sender_name, mail.message_id):
        assert "\0" not in text
        text.encode("utf-8")
    assert len(mail.text) <= MAX_TEXT + 2
    assert len(mail.key) <= 120
    quoting.without_quotes(mail.text)
    assert mail.token == ""


def test_twenty_attachments_are_all_named() -> None:
    part = b"--b\r\nContent-Type: application/pdf; name=%d.pdf\r\n\r\n%%PDF-1.4\r\n"
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(
        part % n for n in range(20)
    )  # fmt: skip
    assert len(read(raw).attachments) == 20


def test_a_mail_cut_anywhere_or_with_bytes_changed_never_raises() -> None:
    dice = random.Random(7)
    for cut in range(0, len(GOOD), 7):
        read(GOOD[:cut])
    for _ in range(400):
        raw = bytearray(GOOD)
        for _ in range(dice.randint(1, 12)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        read(bytes(raw))


REPLIES = {
    "gmail": "merci\n\nLe mar. 24 nov. 2026 à 10:00, Wasl <wasl@example.org> a\nécrit :\n\n> q\n> r\n",
    "gmail arabic": "merci\n\nفي الثلاثاء، 24 نونبر 2026 كتب Wasl <wasl@example.org>:\n\n> q\n",
    "english": "merci\n\nOn Tue, 24 Nov 2026 at 10:00, Wasl <wasl@example.org> wrote:\n> q",
    "outlook": "merci\n\nDe : Wasl <wasl@example.org>\nEnvoyé : mardi\nÀ : F\nObjet : x\n\nq",
    "outlook arabic": "merci\n________\nمن: Wasl <wasl@example.org>\nتاريخ الإرسال: x\nإلى: F\n\nq",
    "divider": "merci\n-----Message d'origine-----\nDe : x\nq",
    "signature": "merci\n-- \nFatima\nPrésidente",
    "below": "On Tue, 24 Nov 2026, Wasl <w@example.org> wrote:\n> q\n> r\nmerci",
    "apple": "merci\n\n> Le 24 nov. 2026 à 10:00, Wasl <w@example.org> a écrit :\n> q",
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_is_what_its_writer_wrote(name: str) -> None:
    assert re.sub(r"\n_+$", "", quoting.without_quotes(REPLIES[name])) == "merci"


def test_words_between_quoted_lines_stay() -> None:
    assert quoting.without_quotes("> q1\noui\n> q2\nnon") == "oui\nnon"


@pytest.mark.parametrize(
    "text",
    [
        "في يوم الاثنين كتب لنا السيد القائد:\nلا يمكن تسلم الملف",
        "Le 12 novembre le caïd a écrit :\nle dossier est incomplet",
        "De : notre part\nmerci",
        "من: رئيس الجمعية\nإلى: السيد القائد\nالموضوع: طلب الوصل",
    ],
)
def test_a_persons_own_words_are_never_taken_for_a_quotation(text: str) -> None:
    assert quoting.without_quotes(text) == text


def test_a_reply_of_quotes_only_keeps_them() -> None:
    assert quoting.without_quotes("> oui\n> non") == "oui\nnon"
