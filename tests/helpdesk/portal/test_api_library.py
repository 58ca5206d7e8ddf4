"""The library for programs: what readers see, in pages, by language, with ETags and a pace."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from helpdesk.centre.models import Centre
from helpdesk.portal.api import keyed
from knowledge.articles.models import Article, Instrument, Statement, Version
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def library(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The starter library, laid once for the module and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        make.library()
        yield
        transaction.set_rollback(True)


def get(path: str, **headers: str) -> Any:
    return Client(raise_request_exception=False).get(f"/api/{path}", headers=headers)


def test_articles_come_in_pages_with_a_way_to_the_next(library: None):
    first = get("v1/articles/?limit=7&lang=fr").json()
    assert (len(first["items"]), first["page"]) == (7, 1)
    assert first["count"] == Version.objects.current().in_language("fr").count()
    assert "page=2" in first["next"]
    assert {one["language"] for one in first["items"]} == {"fr"}
    last = get(f"v1/articles/?limit=7&lang=fr&page={first['pages']}").json()
    assert last["next"] is None
    assert get("v1/articles/?page=9999").json()["items"] == []


def test_one_article_has_its_sections_texts_and_marks(library: None):
    said = get("v1/articles/T03-receipt/", **{"accept-language": "fr"}).json()
    assert said["language"] == "fr"
    assert said["sections"][0]["code"] == "in-short"
    assert said["caution"]
    marks = {s["mark"] for part in said["sections"] for s in part["statements"]}
    assert marks <= {"seen", "secondary", "general"}
    numbers = {text["number"] for text in said["texts"]}
    assert {
        n for part in said["sections"] for s in part["statements"] for n in s["texts"]
    } <= numbers
    assert set(said["translations"]) == {"ar", "fr"}
    assert get("v1/articles/T03-receipt/").json()["language"] == "ar"


def test_what_nobody_is_sure_of_and_what_is_read_aloud_stays_here(library: None):
    version = Version.objects.current().get(
        edition__article__topic="T03-receipt", edition__language="ar"
    )
    Statement.objects.create(
        version=version, key="x1", section="steps", rank=900, text="سر غير مؤكد", mark="unsure"
    )
    Statement.objects.create(
        version=version, key="x2", section="spoken", rank=901, text="سر منطوق", mark="seen"
    )
    assert "سر" not in get("v1/articles/T03-receipt/").content.decode()


def test_a_draft_is_nowhere(library: None):
    article = Article.objects.get(topic="T03-receipt")
    article.editions.update(current=None)
    assert get("v1/articles/T03-receipt/").status_code == 404
    topics = [one["topic"] for one in get("v1/articles/?limit=100").json()["items"]]
    assert topics
    assert "T03-receipt" not in topics


def test_the_register_and_the_glossary(library: None):
    rows = get("v1/instruments/?limit=100&lang=fr").json()
    assert rows["count"] == Instrument.objects.texts().count()
    one = get("v1/instruments/dahir-1-58-376/?lang=fr").json()
    assert one["kind"] == "dahir"
    assert one["articles"]
    assert get("v1/instruments/nothing/").status_code == 404
    terms = get("v1/glossary/?limit=5").json()
    assert len(terms["items"]) == 5
    assert all(term["ar"] for term in terms["items"])


def test_search_answers_even_without_an_index(library: None):
    found = get("v1/search/?q=récépissé&lang=fr").json()
    assert found["language"] == "fr"
    assert all("<" not in hit["passage"] for hit in found["items"])
    assert get("v1/search/").status_code == 422


def test_who_has_it_already_gets_304(library: None):
    first = get("v1/themes/")
    again = get("v1/themes/", **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Access-Control-Allow-Origin"] == "*"
    head = Client().head("/api/v1/themes/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=1_0", "page=٣", "page=%2B3", "limit=101", "page=99999999999999999999",
     "lang=en", "page=", "page=1e3", "limit=%00"],
)  # fmt: skip
def test_a_parameter_that_cannot_be_taken_is_named(library: None, query: str):
    told = get(f"v1/articles/?{query}", **{"accept-language": "fr"})
    assert told.status_code == 422
    assert told.json()["errors"][0]["field"] == query.partition("=")[0]
    assert told["Content-Language"] == "fr"


def test_unknown_addresses_and_methods_are_told_as_documents(db: Any):
    told = get("v1/nothing")
    assert (told.status_code, told.json()["code"]) == (404, "not-found")
    told = Client().post("/api/v1/articles/", {}, content_type="application/json")
    assert (told.status_code, told.json()["code"]) == (405, "wrong-method")
    assert "GET" in told["Allow"]


def test_an_address_that_asks_too_often_waits(db: Any, monkeypatch: pytest.MonkeyPatch):
    slow = keyed.pace.Pace("api-test", visitor="2 per minute", address="2 per minute")
    monkeypatch.setattr(keyed, "PACE", slow)
    got = [get("v1/themes/") for _ in range(3)]
    assert [one.status_code for one in got] == [200, 200, 429]
    assert int(got[2]["Retry-After"]) > 0


def test_the_document_names_every_operation(db: Any):
    said = get("openapi.json", **{"accept-language": "fr"}).json()
    assert said["openapi"].startswith("3.")
    assert said["paths"]["/api/v1/articles/"]["get"]["summary"] == "Fiches"
    assert "Problem" in said["components"]["schemas"]
    for page in ("/api/", "/fr/api/"):
        text = Client().get(page).content.decode()
        assert all(path in text for path in said["paths"])


def test_a_list_asks_the_database_a_fixed_number_of_questions(
    library: None, django_assert_max_num_queries: Any
):
    with django_assert_max_num_queries(3):
        get("v1/articles/?limit=100&lang=fr")
    with django_assert_max_num_queries(8):
        get("v1/articles/T03-receipt/")


def test_before_the_opening_it_is_read_where_the_centre_says_so(not_open: Any):
    assert get("v1/articles/").status_code == 200
    Centre.objects.update(reads_early=False)
    cache.clear()
    assert get("v1/articles/").json()["code"] == "opens-soon"
    assert get("openapi.json").status_code == 200
