"""Drafts over HTTP: whose they are, what they take."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.live import jobs, pace
from helpdesk.live.actions import draft_of
from helpdesk.live.models import Draft


@pytest.fixture(autouse=True)
def _fresh() -> None:
    pace.forget()


def test_visitor_and_user(amina: Any, as_user: Any) -> None:
    visitor = Client()
    answer = visitor.post("/drafts/public:ask-question/", {"question": "سؤال"})
    assert answer.status_code == 200
    assert answer.json()["time"]
    cookie = visitor.cookies["wasl_visitor"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Draft.objects.get().visitor
    as_user(amina).post("/drafts/ticket:1:answer/", {"body": "جواب"})
    assert draft_of(place="ticket:1:answer", user=amina) == {"body": "جواب"}


def test_newest_wins(centre: Any) -> None:
    client = Client()
    for words in ("1", "12", "123"):
        client.post("/drafts/public:x/", {"words": words})
    assert Draft.objects.get().fields == {"words": "123"}


def test_secrets_are_not_kept(centre: Any) -> None:
    Client().post("/drafts/x/", {"words": "w", "code": "1234", "password": "p"})
    assert Draft.objects.get().fields == {"words": "w"}


@pytest.mark.parametrize("place", ["../x", "A", "x" * 200, "ض", "%00"])
def test_strange_places(centre: Any, place: str) -> None:
    assert Client().post(f"/drafts/{place}/", {"a": "b"}).status_code == 404


@pytest.mark.parametrize("words", ["x" * 700_000, "a\x00b", "‮"])
def test_strange_words(centre: Any, words: str) -> None:
    assert Client().post("/drafts/x/", {"words": words}).status_code == 200
    assert len(Draft.objects.get().fields["words"]) <= 20_000


def test_words_beyond_what_a_form_takes(centre: Any) -> None:
    answer = Client().post("/drafts/x/", {"words": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "ما كتبتموه ما زال في الاستمارة" in answer.text
    assert not Draft.objects.exists()


def test_too_many_fields(centre: Any) -> None:
    Client().post("/drafts/x/", {f"f{i}": "v" for i in range(300)})
    assert len(Draft.objects.get().fields) <= 60


def test_needs_post_and_token(centre: Any) -> None:
    assert Client().get("/drafts/x/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/drafts/x/", {"a": "b"}).status_code == 403


def test_pace(centre: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(pace, "DRAFT", pace.Pace("draft", "2 per hour", "99 per hour"))
    client = Client()
    assert [client.post("/drafts/x/", {"a": "b"}).status_code for _ in range(3)] == [200, 200, 429]


def test_counting_broken_lets_everybody_through(centre: Any, monkeypatch: Any) -> None:
    class Broken:
        def hit(self, *args: Any) -> bool:
            raise ConnectionError

    monkeypatch.setattr(pace, "_limiter", Broken)
    assert Client().post("/drafts/x/", {"a": "b"}).status_code == 200


def test_old_ones_are_forgotten(centre: Any) -> None:
    Client().post("/drafts/x/", {"a": "b"})
    saved = Draft.objects.get().saved_at
    assert jobs.forget_old_drafts(at=saved + timedelta(days=29)) == 0
    assert jobs.forget_old_drafts(at=saved + timedelta(days=31)) == 1
