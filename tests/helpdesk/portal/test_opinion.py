"""Satisfaction: two taps after a contact, once each, and what came of it a month later."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client

from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import answering, closing, rating
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.jobs import ask_results
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.opinion_models import Rating, Result
from helpdesk.tickets.rules import Help, Kind, Outcome
from knowledge.articles.models import Theme
from tests import make

FOLLOW = "/follow/ticket/"
RATE, CAME = f"{FOLLOW}rating/", f"{FOLLOW}result/"
MONTH = make.NOW + timedelta(days=31)


@pytest.fixture
def asked(centre: Any) -> Any:
    return make.received(
        "لم نتوصل بالوصل النهائي", with_code=True, answer_by="email",
        contact_email="asker@example.org",
    )  # fmt: skip


@pytest.fixture
def answered(asked: Any, amina: Any) -> Any:
    answering.answer(
        asked.ticket, "جواب", by=amina, at=make.NOW, language="ar", help=Help.INFO, quotes=[]
    )
    return asked


def inside(asked: Any, prefix: str = "") -> Client:
    client = Client()
    pair = {"reference": asked.ticket.reference, "code": asked.code}
    assert client.post(f"{prefix}/follow/", pair).status_code == 302
    return client


@pytest.mark.django_db
class TestTwoTaps:
    def test_nothing_is_asked_before_there_is_an_answer(self, asked: Any) -> None:
        client = inside(asked)
        assert 'id="rate"' not in client.get(FOLLOW).content.decode()
        client.post(RATE, {"score": "5"})
        assert not Rating.objects.exists()

    def test_one_tap_is_stored_the_second_says_why(self, answered: Any) -> None:
        client = inside(answered)
        assert 'name="score" value="5"' in client.get(FOLLOW).content.decode()
        assert client.post(RATE, {"score": "9"}).status_code == 422
        assert client.post(RATE, {"score": "4"})["Location"].endswith("/follow/ticket/#rate")
        given = Rating.objects.get()
        assert (given.score, given.reason, given.words) == (4, "", "")
        page = client.get(FOLLOW).content.decode()
        assert 'value="quick"' in page
        assert 'value="slow"' not in page, "reasons go with the score"
        client.post(RATE, {"score": "4", "reason": "quick"})
        client.post(RATE, {"score": "4", "kept": "quick", "words": "شكرا"})
        given.refresh_from_db()
        assert (given.score, given.reason, given.words) == (4, "quick", "شكرا")
        written = answered.ticket.entries.get(kind="rating")
        assert written.data == {"score": 4, "reason": "quick"}

    def test_another_score_takes_a_reason_away_that_does_not_go_with_it(
        self, answered: Any
    ) -> None:
        client = inside(answered)
        client.post(RATE, {"score": "5", "reason": "clear"})
        client.post(RATE, {"score": "2", "kept": "clear"})
        assert Rating.objects.values_list("score", "reason").get() == (2, "")
        assert answered.ticket.entries.get(kind="rating").data["score"] == 2

    def test_it_may_be_changed_for_seven_days_only(self, answered: Any) -> None:
        ticket = answered.ticket
        rating.rate(ticket, score=2, at=make.NOW)
        rating.rate(ticket, score=3, at=make.NOW + timedelta(days=7))
        with pytest.raises(rating.Fixed):
            rating.rate(ticket, score=5, at=make.NOW + timedelta(days=7, seconds=1))
        assert Rating.objects.get().score == 3
        with time_machine.travel(make.NOW + timedelta(days=8)):
            page = inside(answered).get(FOLLOW).content.decode()
            assert 'name="score"' not in page
            assert 'id="rate"' in page

    def test_each_contact_has_its_own(self, answered: Any, amina: Any) -> None:
        ticket = answered.ticket
        rating.rate(ticket, score=2, at=make.NOW)
        line = entry(ticket, Kind.LINE, at=make.NOW, text="وبعد؟", from_asker=True)
        rating.rate(ticket, score=3, at=make.NOW)
        assert Rating.objects.count() == 1, "the second question is not answered yet"
        answering.answer(
            ticket, "جواب ثان", by=amina, at=make.NOW, language="ar", help=Help.INFO, quotes=[]
        )
        rating.rate(ticket, score=5, at=make.NOW)
        assert list(Rating.objects.values_list("contact", "score")) == [(1, 3), (line.number, 5)]

    @pytest.mark.parametrize("language", ["ar", "fr"])
    def test_the_partial_comes_alone_for_script(self, answered: Any, language: str) -> None:
        prefix = "/fr" if language == "fr" else ""
        part = inside(answered, prefix).post(f"{prefix}{RATE}", {"score": "5", "part": "1"})
        html = part.content.decode()
        assert part.status_code == 200
        assert "<html" not in html
        assert 'name="reason"' in html

    def test_the_closing_mail_leads_there(self, answered: Any, amina: Any) -> None:
        closing.close(
            answered.ticket, by=amina, at=make.NOW, outcome=Outcome.ADVICE_GIVEN, help=Help.INFO
        )
        mail = Notice.objects.get(kind="ticket-closed")
        assert mail.address == "asker@example.org"
        assert f"/follow/?ref={answered.ticket.reference}" in mail.text

    def test_a_colleague_sees_it_in_the_thread(
        self, answered: Any, amina: Any, as_user: Any
    ) -> None:
        rating.rate(answered.ticket, score=5, reason="clear", at=make.NOW)
        page = as_user(amina).get(f"/desk/tickets/{answered.ticket.pk}/").content.decode()
        assert answered.ticket.entries.get(kind="rating").reason_label in page


@pytest.mark.django_db
class TestAMonthLater:
    def close(self, asked: Any, amina: Any, outcome: Outcome = Outcome.ADVICE_GIVEN) -> None:
        closing.close(asked.ticket, by=amina, at=make.NOW, outcome=outcome, help=Help.INFO)

    def test_asked_once_by_mail(self, answered: Any, amina: Any) -> None:
        self.close(answered, amina)
        assert ask_results(at=make.NOW + timedelta(days=29)) == 0
        assert ask_results(at=MONTH) == 1
        assert ask_results(at=MONTH) == 0
        mail = Notice.objects.get(kind="result-asked")
        assert f"/follow/?ref={answered.ticket.reference}" in mail.text
        assert "ماذا تحقق" in mail.subject

    def test_asked_of_what_was_answered_and_never_closed(self, answered: Any) -> None:
        assert ask_results(at=MONTH) == 1

    def test_not_asked_of_what_was_withdrawn_nor_after_a_quarter(
        self, asked: Any, amina: Any
    ) -> None:
        self.close(asked, amina, Outcome.WITHDRAWN)
        assert ask_results(at=MONTH) == 0
        Ticket.objects.update(outcome=Outcome.ADVICE_GIVEN)
        assert ask_results(at=make.NOW + timedelta(days=91)) == 0

    def test_one_tap_without_a_rating(self, answered: Any) -> None:
        ask_results(at=MONTH)
        with time_machine.travel(MONTH):
            client = inside(answered)
            assert 'name="result" value="done"' in client.get(FOLLOW).content.decode()
            assert client.post(CAME, {"result": "nothing"}).status_code == 422
            assert client.post(CAME, {"result": "not-yet"}).status_code == 302
            client.post(CAME, {"result": "done"})
        assert Result.objects.get().code == "done"
        assert not Rating.objects.exists()
        assert answered.ticket.entries.get(kind="rating").data == {"result": "done"}
        with time_machine.travel(MONTH + timedelta(days=8)):
            page = inside(answered).get(FOLLOW).content.decode()
            assert 'id="result"' in page
            assert 'name="result"' not in page

    def test_not_answered_before_it_is_asked(self, answered: Any) -> None:
        inside(answered).post(CAME, {"result": "done"})
        assert not Result.objects.exists()

    def test_the_choices_are_those_of_the_theme(self, answered: Any) -> None:
        make.library()
        Ticket.objects.update(theme=Theme.objects.get(code="E"))
        ask_results(at=MONTH)
        with time_machine.travel(MONTH):
            page = inside(answered).get(FOLLOW).content.decode()
        assert 'value="grant"' in page
        assert 'value="hall"' not in page


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_rating(answered: Any) -> None:
    gate = threading.Barrier(2)

    def tap(score: int) -> None:
        gate.wait()
        try:
            rating.rate(Ticket.objects.get(pk=answered.ticket.pk), score=score, at=make.NOW)
        finally:
            connections.close_all()

    for _ in range(3):
        threads = [threading.Thread(target=tap, args=(score,)) for score in (1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert Rating.objects.count() == 1
        score = Rating.objects.get().score
        assert answered.ticket.entries.get(kind="rating").data["score"] == score
