"""Notices: written once by key, in the receiver's language, with links and without content."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from helpdesk.notices import texts
from helpdesk.notices.actions import write
from helpdesk.notices.models import Notice

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LINK = "http://localhost:8000/follow/?ref=W-2026-000123"
FOLDER = Path(texts.__file__).parent / "templates" / "notices"
KINDS = sorted(
    {p.name.split(".")[0] for p in FOLDER.glob("*.txt") if not p.name.startswith(("foot", "kinds"))}
)
WITHOUT_LINK = {"call-promised", "mail-test"}
ASKED = {
    "question-received", "answer-given", "line-added", "call-promised", "code-reissued",
    "deadline-reminder", "deadline-passed", "ticket-closed", "files-refused", "result-asked",
}  # fmt: skip


def written(**changed: Any) -> Notice:
    given: dict[str, Any] = {
        "key": "answer:7", "channel": "email", "kind": "answer-given",
        "address": "fatima@example.org", "language": "ar", "at": AT,
        "context": {"reference": "W-2026-000123", "link": LINK},
    }  # fmt: skip
    return write(**{**given, **changed})


@pytest.mark.django_db
def test_the_same_key_is_one_message() -> None:
    assert written().pk == written(address="other@example.org").pk
    assert Notice.objects.count() == 1


def test_every_kind_is_there() -> None:
    assert set(KINDS) >= ASKED


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("more", [{}, {"private": True}, {"by_mail": True, "replies": True}])
def test_every_kind_speaks_both_languages(kind: str, language: str, more: Any) -> None:
    full = {
        "reference": "W-2026-000123", "link": LINK, "due": date(2026, 11, 26),
        "name": "فاطمة", "subject": "hidden-subject", "titles": ["hidden-title"], **more,
    }  # fmt: skip
    said = texts.words(kind, channel="email", language=language, context=full)
    short = texts.words(kind, channel="sms", language=language, context=full)
    assert said.subject
    assert "\n" not in said.subject
    assert LINK in said.text.splitlines() or kind in WITHOUT_LINK or LINK in said.text
    assert ("نونبر" in said.text) or ("novembre" in said.text) or "due" not in kind
    assert not short.subject
    assert 20 < len(short.text) < 320
    assert "{" not in said.text + short.text
    assert "!" not in said.text + short.text
    if "private" in more:
        assert "hidden" not in said.text + said.subject + short.text
        assert "فاطمة" not in said.text


def test_names_and_references_stand_in_isolates() -> None:
    said = texts.words(
        "answer-given", channel="email", language="fr",
        context={
            "reference": "W-2026-000123", "link": LINK,
            "name": "فاطمة\u202e<b>\r\nBcc: x@example.org", "titles": ["الوصل"],
        },
    )  # fmt: skip
    assert "\u2068فاطمة<b> Bcc: x@example.org\u2069" in said.text
    assert "\u2066W-2026-000123\u2069" in said.subject
    assert "\u202e" not in said.text
    assert "- \u2068الوصل\u2069" in said.text


@pytest.mark.django_db
def test_only_our_own_pages_become_links() -> None:
    shown = texts.paragraphs(f"http://evil.example/ <b>\n{LINK}&x=1\n\nhttp://localhost:8000.evil/")
    assert shown.count("<a ") == 1
    assert f'href="{LINK}&amp;x=1"' in shown
    assert "&lt;b&gt;" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "nobody", "a@b\nBcc: c@d.org", "x" * 300 + "@e.org"])
def test_an_address_that_cannot_be_reached_is_a_failed_notice(address: str) -> None:
    notice = written(address=address)
    assert notice.state == Notice.State.FAILED
    assert notice.failed_why
    assert mail.outbox == []


@pytest.mark.django_db
def test_languages_without_pages_read_arabic() -> None:
    assert written(language="shi").language == "ar"
