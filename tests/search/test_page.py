"""The search page: linkable, in both languages, calm about anything typed."""

import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

from knowledge.articles.models import Edition
from knowledge.search import index
from knowledge.search.models import SearchRecord
from tests.speed import quickest


def test_page_in_arabic(read_only: Path, client: Client) -> None:
    page = client.get("/search/", {"q": "lwasl nihai ما عطاوناش"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'dir="rtl"' in text
    assert "/search/library/T03-receipt/?k=" in text
    assert "<mark>" in text
    assert 'value="lwasl nihai ما عطاوناش"' in text
    assert SearchRecord.objects.get().place == "search"


def test_page_in_french(read_only: Path, client: Client) -> None:
    text = client.get("/fr/search/", {"q": "récépissé"}).content.decode()
    assert "/fr/search/library/T03-receipt/?k=" in text


def test_arabic_answers_on_a_french_page(read_only: Path, client: Client) -> None:
    text = client.get(
        "/fr/search/", {"q": "récépissé", "lang": "ar", "theme": "A"}
    ).content.decode()
    assert '<li class="res" lang="ar" dir="rtl">' in text
    assert '"/search/library/T03-receipt/?k=' in text


def test_without_a_question_the_most_expected_are_shown(read_only: Path, client: Client) -> None:
    assert "/library/T01-creation/" in client.get("/search/").content.decode()
    assert not SearchRecord.objects.exists()


def test_nothing_found_offers_related_words_and_the_ask_form(library: Path, client: Client) -> None:
    Edition.objects.update(current=None)
    index.refresh()
    page = client.get("/fr/search/", {"q": "les pétitions"})
    assert not page.context["found"].hits
    assert "q=p%C3%A9tition" in page.content.decode()
    assert "/fr/ask/" in page.content.decode()


def test_a_missing_index_is_a_notice(library: Path, client: Client) -> None:
    shutil.rmtree(library)
    page = client.get("/search/", {"q": "الوصل"})
    assert page.status_code == 200
    assert page.context["found"].degraded
    assert "/library/T03-receipt/" in page.content.decode()


STRANGE = {
    "100 KB": "وصل récépissé " * 5000,
    "100 KB in one word": "a" * 100_000,
    "100 KB of quotes": "'\"" * 50_000,
    "query syntax": '+(title:x AND NOT *) "a b"~3 [1 TO *] ^2 field:\\',
    "regular expression": "(a+)+$ .* [z-a] \\x{110000} (?P<x>",
    "bidi controls": "\u202e\u2066الوصل\u2069\u202c\u200f",
    "presentation forms": "ﺍﻟﻮﺻﻞ",
    "tatweel": "الـــــوصل",
    "NUL": "الو\x00صل",
    "markup": "<script>alert(1)</script>\"'><img src=x>",
    "template": "{{ 7|add:7 }}{% now %}",
    "emoji": "📄🧾 الوصل",
    "percent": "100% %s %(x)s %d",
    "combining": "e" + "\u0301" * 5000,
    "ligature": "ﷺ" * 2000,
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_input(read_only: Path, client: Client, name: str) -> None:
    page, seconds = quickest(lambda: client.get("/search/", {"q": STRANGE[name]}))
    assert page.status_code == 200
    assert seconds < 0.5
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "<img src=x>" not in text
    if name in ("presentation forms", "tatweel", "NUL", "bidi controls", "emoji"):
        assert page.context["found"].hits[0].topic == "T03-receipt"


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%FF%FE", "%00", "%C3"])
def test_bytes_that_are_no_text(read_only: Path, client: Client, raw: str) -> None:
    assert client.get(f"/search/?q={raw}{quote('الوصل')}").status_code == 200


@pytest.mark.parametrize(
    "query", ["lang=xx&theme=%00", "lang=fr&theme=9999", "theme=A'--", "lang=ar&lang=fr"]
)
def test_strange_narrowing(read_only: Path, client: Client, query: str) -> None:
    assert client.get(f"/search/?q=wasl&{query}").status_code == 200


def test_only_reading(read_only: Path, client: Client) -> None:
    assert client.post("/search/", {"q": "x"}).status_code == 405
    assert client.head("/search/", {"q": "x"}).status_code == 200
