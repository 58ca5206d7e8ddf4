"""A paper during a call: filled with what was typed, kept, and in the ticket after the wrap-up."""

import io
from typing import Any

import docx
import pytest
from django.urls import reverse

from helpdesk.live.actions import draft_of
from telephony.models import Call
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(amina: Any) -> Call:
    return make.call(amina, number="0661234547", key="call:test")


@pytest.fixture
def caller() -> Any:
    who = make.person("فاطمة الزهراء", number="0661234547")
    make.mandate(who, make.association("جمعية النخيل", seat="حي السلام"), "president")
    return who


def typed(caller: Any, **more: str) -> dict[str, str]:
    return {
        "person": str(caller.pk), "ticket": "new", "words": "لم نتوصل بالوصل النهائي",
        "language": "ary", "fact_deposit_date": "2026-09-03", "file": "ar-docx", **more,
    }  # fmt: skip


def post(client: Any, call: Call, data: dict[str, str], code: str = "receipt-reminder") -> Any:
    return client.post(reverse("telephony:paper", args=[call.pk, code]), data)


def words(content: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)


def test_the_card_fills_the_paper_and_keeps_what_was_typed(
    call: Call, caller: Any, amina: Any, as_user: Any
) -> None:
    answer = post(as_user(amina), call, typed(caller))
    assert answer.status_code == 200
    said = words(answer.content)
    for text in ("جمعية النخيل", "حي السلام", "فاطمة الزهراء", "3 شتنبر 2026"):
        assert text in said
    assert "661234547" not in said.replace(" ", "")
    assert draft_of(place=f"call:{call.pk}", user=amina)["words"] == "لم نتوصل بالوصل النهائي"


def test_the_wrap_up_writes_it_into_the_ticket_once(
    call: Call, caller: Any, amina: Any, as_user: Any
) -> None:
    client = as_user(amina)
    for file in ("ar-docx", "ar-docx", "fr-docx"):
        post(client, call, typed(caller, file=file))
    call.refresh_from_db()
    assert len(call.papers) == 2
    whole = {**typed(caller), "help": "drafting", "outcome": "document-delivered"}
    assert client.post(reverse("telephony:card", args=[call.pk]), whole).status_code == 302
    call.refresh_from_db()
    assert call.ticket is not None
    notes = [e for e in call.ticket.entries.all() if e.data.get("about") == "paper"]
    assert [(e.data["paper"], e.data["language"]) for e in notes] == [
        ("receipt-reminder", "ar"), ("receipt-reminder", "fr"),
    ]  # fmt: skip
    after = post(client, call, typed(caller))
    assert after.status_code == 302
    assert after["Location"] == reverse("tickets:ticket", args=[call.ticket_id])


def test_a_caller_without_name_gets_a_blank(call: Call, amina: Any, as_user: Any) -> None:
    answer = post(as_user(amina), call, {"file": "fr-docx", "name": "", "ticket": "new"})
    assert answer.status_code == 200
    assert "None" not in words(answer.content)


def test_a_bad_choice_is_said_and_the_words_are_kept(
    call: Call, caller: Any, amina: Any, as_user: Any
) -> None:
    answer = post(as_user(amina), call, typed(caller, file="exe"))
    assert answer.status_code == 422
    assert "لم نتوصل بالوصل النهائي" in answer.content.decode()
    assert post(as_user(amina), call, typed(caller), code="will").status_code == 404
    call.refresh_from_db()
    assert call.papers == []


def test_only_who_took_the_call(call: Call, caller: Any, cast: Any, as_user: Any) -> None:
    for name, user in cast.items():
        status = post(as_user(user), call, typed(caller)).status_code
        assert (status == 200) == (name == "amina"), name


def test_the_card_shows_the_papers(call: Call, caller: Any, amina: Any, as_user: Any) -> None:
    page = as_user(amina).get(reverse("telephony:card", args=[call.pk])).content.decode()
    assert page.count(f"/desk/calls/{call.pk}/papers/") == 12 * 4
