"""The sample cases: whoever words a question finds the right article among three suggestions."""

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.articles.models import Article, Version
from knowledge.search import query

CASES = json.loads(
    (Path(__file__).parent.parent / "knowledge" / "cases.json").read_text(encoding="utf-8")
)
LEAST = 0.9


def test_suggestions_for_the_sample_cases(read_only: Path) -> None:
    there = {article.topic.split("-")[0] for article in Article.objects.all()}
    asked = [case for case in CASES if there & set(case["topics"])]
    missed = [case for case in asked if not _suggested(case)]
    assert len(asked) >= 12
    assert 1 - len(missed) / len(asked) >= LEAST, [case["words"] for case in missed]


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
