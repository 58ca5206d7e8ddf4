"""The sample cases: whoever words a question finds the right article among three suggestions."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from knowledge.articles.models import Version
from knowledge.search import query
from knowledge.search.scope import is_elsewhere

CASES = json.loads(
    (Path(__file__).parent.parent / "knowledge" / "cases.json").read_text(encoding="utf-8")
)
LEAST = 22
"""Of 25 cases; the last is out of scope and must be told so."""


def test_suggestions_for_the_sample_cases(read_only: Path) -> None:
    missed = [case for case in CASES if case["topics"] != ["Z"] and not _suggested(case)]
    assert len(CASES) - len(missed) >= LEAST, [case["words"] for case in missed]


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_a_question_out_of_scope_is_told_where_to_go(
    client: Client, read_only: Path, prefix: str
) -> None:
    for case in CASES:
        page = client.get(f"{prefix}/search/", {"q": case["words"]})
        assert page.context["elsewhere"] == (case["topics"] == ["Z"]), case["words"]
        if case["topics"] == ["Z"]:
            text = page.content.decode()
            assert ("خارج" if not prefix else "Hors champ") in text
            assert ("محام" if not prefix else "avocat") in text


@pytest.mark.parametrize(
    "text", ["visa de la convention par l'association", "زواج في قاعة الجمعية", "", "récépissé"]
)
def test_what_may_be_ours_is_never_sent_away(text: str) -> None:
    assert not is_elsewhere(text)


def test_all_cases_are_complete() -> None:
    assert [case["number"] for case in CASES] == list(range(1, 26))
    parts = {"number", "channel", "language", "words", "context", "topics", "help", "outcome"}
    assert all(set(case) == parts for case in CASES)


def _suggested(case: dict[str, Any]) -> bool:
    lang = "fr" if case["language"].startswith("French") else "ar"
    hits = query.suggest(case["words"], lang=lang)
    return any(hit.topic.split("-")[0] in case["topics"] for hit in hits)


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_an_article_is_found_by_its_own_question(read_only: Path, lang: str) -> None:
    for version in Version.objects.current().in_language(lang).whole():
        topics = [hit.topic for hit in query.suggest(version.question, lang=lang)]
        assert version.edition.article.topic in topics, version.question
