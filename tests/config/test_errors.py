"""What is refused is said in the reader's language, and what was typed is kept."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, OperationalError
from django.test import Client, RequestFactory, override_settings

from config.logs import JsonLine
from config.views import errors
from tests import make

pytestmark = pytest.mark.django_db


def text(response: object) -> str:
    return str(response.content, "utf-8")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("path", "said"), [("/nix/", "لم نجد"), ("/fr/nix/", "introuvable")])
def test_a_missing_page_speaks_the_language_of_its_address(
    client: Client, path: str, said: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert said in text(response)


def test_a_broken_page_needs_neither_database_nor_context(rf: RequestFactory) -> None:
    response = errors.broken(rf.get("/"))
    assert response.status_code == 500
    assert "Réessayer" in text(response)
    assert "أعيدوا المحاولة" in text(response)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("the connection is closed"), 503),
        (DatabaseError("Forced update did not affect any rows."), 400),
    ],
)
def test_a_session_that_the_database_lost_is_to_be_sent_again(
    client: Client,
    centre: object,
    monkeypatch: pytest.MonkeyPatch,
    error: DatabaseError,
    status: int,
) -> None:
    """Whoever ended it elsewhere is told so; where the database fell, sending again helps."""
    asked = make.received("لم نتوصل بالوصل", with_code=True)
    client.post("/follow/", {"reference": asked.ticket.reference, "code": asked.code})

    def falls(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(Session, "save", falls)
    answer = client.post("/follow/ticket/messages/", {"key": "k1", "words": "الوثائق عند القايد"})
    assert answer.status_code == status
    assert answer.has_header("Retry-After") == (status == 503)


def test_a_form_opened_by_hand_explains_itself(client: Client) -> None:
    response = client.post("/library/", HTTP_ACCEPT="text/html")
    assert response.status_code == 405
    assert "<h1>" in text(response)
    assert response["Allow"] == "GET, HEAD"


def test_the_log_says_which_view_refused_and_not_what_was_asked(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/library/?q=0612345678")
    line = json.loads(JsonLine().format(caplog.records[-1]))
    assert (line["method"], line["status"]) == ("POST", 405)
    assert line["view"].endswith("library")
    assert "0612345678" not in str(line)


def test_a_machine_gets_the_bare_status(client: Client) -> None:
    response = client.post("/library/", HTTP_ACCEPT="application/json")
    assert response.status_code == 405
    assert response.content == b""


def test_only_sentences_written_for_people_are_shown(rf: RequestFactory) -> None:
    class NotYours(PermissionDenied):
        pass

    request = rf.get("/fr/")
    request.user = None
    assert "le dossier de Chama" in text(errors.forbidden(request, NotYours("le dossier de Chama")))
    assert "internal" not in text(errors.forbidden(request, PermissionDenied("internal")))


TYPED = {"body": "حطيت الملف عند القايد <b>", "password": "geheim-1", "step": "2"}


def test_a_form_without_its_token_comes_back_with_what_was_typed() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        "/account/login/", TYPED, HTTP_ORIGIN="http://testserver", HTTP_ACCEPT="text/html"
    )
    page = text(response)
    assert response.status_code == 403
    assert 'value="حطيت الملف عند القايد &lt;b&gt;"' in page
    assert "geheim-1" not in page
    assert 'type="password" name="password"' in page
    assert "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_cannot_put_words_into_that_form(origin: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/account/login/", TYPED, HTTP_ORIGIN=origin)
    assert response.status_code == 403
    assert "حطيت" not in text(response)


@override_settings(DEBUG=False)
def test_the_sent_again_form_is_taken() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = text(strict.post("/account/login/", TYPED, HTTP_ORIGIN="http://testserver"))
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = {**TYPED, "csrfmiddlewaretoken": token, "login": "nobody"}
    assert strict.post("/account/login/", again).status_code == 200
