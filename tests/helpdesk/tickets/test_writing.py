"""The composer over HTTP: answers with their articles, notes, drafts, and what is never lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from helpdesk.live.actions import draft_of
from helpdesk.notices.models import Notice
from helpdesk.queues import actions as queues
from helpdesk.tickets.actions import write
from helpdesk.tickets.models import Answer, Entry, Ticket
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.rules import Channel, State
from knowledge.articles import access as library
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(amina: Any) -> Any:
    made = make.ticket()
    queues.claim(made, by=amina, at=make.NOW)
    return made


@pytest.fixture
def receipt(centre: Any) -> Any:
    make.library()
    return library.current_version("T03-receipt", language="ar")


def typed(ticket: Any, **fields: Any) -> dict[str, Any]:
    ticket.refresh_from_db()
    return {
        "kind": "answer", "language": "ar", "body": "هذا جوابنا.", "help": "advice",
        "base": ticket.last, "key": f"write:{ticket.pk}:1", **fields,
    }  # fmt: skip


def to(name: str, ticket: Any, *more: Any) -> str:
    return reverse(f"tickets:{name}", args=[ticket.pk, *more])


def test_an_answer_stores_article_version_citations_and_author(
    ticket: Any, amina: Any, as_user: Any, receipt: Any
) -> None:
    client = as_user(amina)
    keys = [s.key for s in receipt.statements.all()][:2]
    client.post(to("quotes", ticket), {"version": receipt.pk, "statement": keys})
    kept = draft_of(place=draft_place(ticket.pk), user=amina)
    assert kept["quotes"] == f"{receipt.pk}:{','.join(keys)}"
    assert receipt.statements.get(key=keys[0]).text in kept["body"]
    page = client.get(to("ticket", ticket)).content.decode()
    assert f'name="quote" value="{receipt.pk}:{",".join(keys)}"' in page
    response = client.post(to("entries", ticket), typed(ticket, quote=kept["quotes"]))
    assert response.status_code == 302
    answer = Answer.objects.get()
    assert (answer.author, answer.state, answer.help) == (amina, "released", "advice")
    given = answer.given.get()
    assert (given.version, given.statements) == (receipt, keys)
    assert {c["statement"] for c in given.citations} <= set(keys)
    assert answer.caution_version
    assert not draft_of(place=draft_place(ticket.pk), user=amina)


def test_an_answer_sent_twice_is_one(ticket: Any, amina: Any, as_user: Any) -> None:
    client, data = as_user(amina), typed(ticket)
    assert [client.post(to("entries", ticket), data).status_code for _ in range(2)] == [302, 302]
    assert Answer.objects.count() == 1
    assert Entry.objects.filter(kind="answer").count() == 1


def test_a_note_sent_twice_is_one(ticket: Any, amina: Any, as_user: Any) -> None:
    client, data = as_user(amina), typed(ticket, kind="note", help="")
    for _ in range(2):
        client.post(to("entries", ticket), data)
    assert Entry.objects.get(kind="note").public is False


@pytest.mark.parametrize(
    "fields",
    [{"body": "   "}, {"help": ""}, {"help": "magic"}, {"language": "de"}, {"base": "x"},
     {"kind": "speech"}, {"body": "\u202e\u202d"}],
)  # fmt: skip
def test_what_cannot_be_taken_comes_back_with_the_text(
    ticket: Any, amina: Any, as_user: Any, fields: dict[str, str]
) -> None:
    data = {**typed(ticket, body="نص طويل لا يضيع"), **fields}
    response = as_user(amina).post(to("entries", ticket), data)
    assert response.status_code == 422
    if "body" not in fields:
        assert "نص طويل لا يضيع" in response.content.decode()
    assert not Answer.objects.exists()


def test_news_while_writing_stops_the_sending_once_and_keeps_the_text(
    ticket: Any, amina: Any, as_user: Any
) -> None:
    client, data = as_user(amina), typed(ticket, body="نصي أنا")
    queues.receive(
        Channel.WEB, key="new", at=make.NOW, centre=make.centre(), words="معلومة جديدة",
        language="ar", ticket=ticket,
    )  # fmt: skip
    response = client.post(to("entries", ticket), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "نصي أنا" in page
    assert "معلومة جديدة" in page
    ticket.refresh_from_db()
    assert f'id="id_base" value="{ticket.last}"' in page
    assert client.post(to("entries", ticket), {**data, "base": ticket.last}).status_code == 302
    assert Answer.objects.count() == 1


def test_only_who_has_the_ticket_answers(ticket: Any, brahim: Any, as_user: Any) -> None:
    response = as_user(brahim).post(to("entries", ticket), typed(ticket, body="من غير صاحبه"))
    assert response.status_code == 409
    assert not Answer.objects.exists()
    note = typed(ticket, kind="note", key="n")
    assert as_user(brahim).post(to("entries", ticket), note).status_code == 302


def test_the_chip_counts_what_others_wrote(
    ticket: Any, amina: Any, brahim: Any, as_user: Any
) -> None:
    since = ticket.last
    write.note(ticket, "مني", by=amina, at=make.NOW)
    client = as_user(amina)
    assert 'class="chip"' not in client.get(f"{to('news', ticket)}?since={since}").content.decode()
    write.note(ticket, "من زميل", by=brahim, at=make.NOW)
    page = client.get(f"{to('news', ticket)}?since={since}").content.decode()
    assert 'class="chip"' in page
    assert "من زميل" not in page
    thread = client.get(to("thread", ticket)).content.decode()
    assert "من زميل" in thread
    assert "<textarea" not in thread


def test_the_draft_is_kept_restored_and_does_not_lose_its_articles(
    ticket: Any, amina: Any, as_user: Any, receipt: Any
) -> None:
    client = as_user(amina)
    client.post(to("quotes", ticket), {"version": receipt.pk, "whole": "1"})
    draft = {"kind": "answer", "language": "fr", "body": "Mon brouillon", "help": "info"}
    assert client.post(to("draft", ticket), draft).status_code == 204
    page = client.get(to("ticket", ticket)).content.decode()
    assert "Mon brouillon" in page
    assert f'value="{receipt.pk}:"' in page
    client.post(to("unquote", ticket), {"version": receipt.pk, "body": "Autre texte"})
    page = client.get(to("ticket", ticket)).content.decode()
    assert "Autre texte" in page
    assert 'name="quote"' not in page


def test_statements_that_are_not_certain_never_reach_an_answer(
    ticket: Any, amina: Any, as_user: Any, receipt: Any
) -> None:
    first = receipt.statements.first()
    receipt.statements.filter(pk=first.pk).update(mark="unsure")
    client = as_user(amina)
    page = client.get(to("article", ticket, "T03-receipt")).content.decode()
    assert first.text not in page
    client.post(to("quotes", ticket), {"version": receipt.pk, "statement": [first.key]})
    assert first.text not in draft_of(place=draft_place(ticket.pk), user=amina).get("body", "")


def test_articles_are_suggested_and_found(
    ticket: Any, amina: Any, as_user: Any, receipt: Any
) -> None:
    client = as_user(amina)
    around = client.get(to("around", ticket)).content.decode()
    assert "T03-receipt" in around
    found = client.get(f"{to('articles', ticket)}?q=الوصل", headers={"HX-Request": "true"})
    assert "T03-receipt" in found.content.decode()
    nothing = client.get(f"{to('articles', ticket)}?q=zzzzqqq")
    assert nothing.status_code == 200


@pytest.mark.parametrize("name", ["entries", "draft", "quotes", "unquote"])
def test_outsiders_write_nothing(ticket: Any, cast: Any, as_user: Any, name: str) -> None:
    for who in ("visitor", "editor", "partner", "administrator", "chama", "driss"):
        status = as_user(cast[who]).post(to(name, ticket), typed(ticket)).status_code
        assert status in (302, 403, 404), who
        assert status != 302 or who == "visitor"
    assert not Answer.objects.exists()


def test_asking_back_waits_for_the_asker_and_comes_back(
    ticket: Any, amina: Any, as_user: Any
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(answer_by="email", contact_email="a@example.org")
    client, data = as_user(amina), typed(ticket, kind="ask", help="", body="متى وضعتم الملف؟")
    for _again in range(2):
        assert client.post(to("entries", ticket), data).status_code == 302
    ticket.refresh_from_db()
    line = ticket.entries.get(kind="line")
    assert (line.public, line.from_asker, line.by) == (True, False, amina)
    assert ticket.state == State.WAITING
    assert ticket.first_answered_at is None
    assert not Ticket.objects.late(at=make.NOW + timedelta(days=30)).filter(pk=ticket.pk).exists()
    notice = Notice.objects.get(kind="line-added")
    assert "متى" not in notice.text + notice.subject
    queues.receive(
        Channel.WEB, key="reply", at=make.NOW, centre=ticket.centre, words="في أكتوبر",
        language="ar", ticket=ticket,
    )  # fmt: skip
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN


def test_only_who_has_the_request_asks_back(ticket: Any, brahim: Any, as_user: Any) -> None:
    data = typed(ticket, kind="ask", help="", body="متى وضعتم الملف؟")
    response = as_user(brahim).post(to("entries", ticket), data)
    assert response.status_code == 409
    assert "متى وضعتم الملف؟" in response.content.decode()
    assert not ticket.entries.filter(kind="line").exists()
