"""Themes as shelves, what is asked most, what to read next, the glossary."""

from typing import Any

import pytest
from django.test import Client

from knowledge.articles import access, shelving
from knowledge.articles.models import Article, Version
from knowledge.articles.neighbours import neighbours
from knowledge.search import glossary, wordlist

pytestmark = pytest.mark.django_db
LETTERS = "ABCDEFGHI"
EXPECTED = ("T01", "T02", "T03", "T04", "T05", "T34", "T38", "T14", "T20", "T19", "T17", "T15")
"""The twelve questions of the expert estimate, by the topic that answers each."""


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content, "utf-8")


@pytest.mark.parametrize("prefix", ["", "/fr"])
@pytest.mark.parametrize("letter", LETTERS)
def test_each_theme_has_its_page_with_all_its_answers(
    client: Client, library: None, letter: str, prefix: str
) -> None:
    page = read(client, f"{prefix}/library/theme/{letter}/")
    language = "fr" if prefix else "ar"
    for version in access.shelf(language=language).filter(edition__article__theme__code=letter):
        assert f"{prefix}/library/{version.edition.article.topic}/" in page
    assert read(client, f"{prefix}/library/theme/{letter.lower()}/")


@pytest.mark.parametrize("letter", ["Z", "z", "J", "AA", "x" * 200])
def test_other_letters_are_not_found(client: Client, library: None, letter: str) -> None:
    assert client.get(f"/library/theme/{letter}/").status_code == 404


def test_a_shelf_stands_in_the_order_of_its_sub_themes(library: None) -> None:
    versions = list(access.shelf(language="fr"))
    for theme in access.themes():
        numbers = [v.edition.article.topic[:3] for v in shelving.on_shelf(theme, versions)]
        assert numbers == [n for n in shelving.ORDER[theme.code] if n in numbers]
    named = {n for order in shelving.ORDER.values() for n in order}
    assert {v.edition.article.topic[:3] for v in versions} <= named
    assert named == {f"T{n:02d}" for n in range(1, 40)}


def test_the_twelve_questions_expected_most_in_their_order(client: Client, library: None) -> None:
    asked = Article.objects.asked_most()
    assert tuple(article.topic[:3] for article in asked) == EXPECTED
    page = read(client, "/fr/library/")
    aside = page[page.index('id="asked"') : page.index('id="all"')]
    places = [aside.index(f"/fr/library/{article.topic}/") for article in asked]
    assert places == sorted(places)


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_the_library_leads_to_every_answer_and_theme(
    client: Client, library: None, prefix: str
) -> None:
    page = read(client, f"{prefix}/library/")
    for version in access.shelf(language="fr" if prefix else "ar"):
        assert f"{prefix}/library/{version.edition.article.topic}/" in page
    for letter in LETTERS:
        assert f"{prefix}/library/theme/{letter}/" in page


def test_every_article_offers_others_to_read(client: Client, library: None) -> None:
    for language in ("ar", "fr"):
        shelf = list(access.shelf(language=language))
        for version in Version.objects.current().in_language(language).whole():
            near = neighbours(version, shelf)
            assert 1 <= len(near) <= 4, version.edition.article.topic
            assert version not in near
            assert {v.edition.language for v in near} == {language}
    page = read(client, "/library/T03-receipt/")
    assert "/library/T02-dossier/" in page[page.index('id="near"') :]


def test_a_theme_offers_its_papers(client: Client, library: None) -> None:
    assert "/library/papers/receipt-reminder/" in read(client, "/library/theme/A/")


def test_an_empty_theme_says_so(client: Client, library: None) -> None:
    assert "/fr/ask/" in read(client, "/fr/library/theme/I/")


@pytest.mark.parametrize("order", ["ar", "fr", "ary", "", "xx", "<script>", "\x00"])
def test_the_glossary_holds_every_term_under_its_letter(
    client: Client, db: Any, order: str
) -> None:
    response = client.get("/library/words/", {"order": order})
    assert response.status_code == 200
    page = response.content.decode()
    assert "jam3iya" in page
    assert "récépissé provisoire" in page
    assert "<script>" not in page


@pytest.mark.parametrize("order", wordlist.ORDERS)
def test_each_term_stands_once(order: str) -> None:
    letters = wordlist.by_letter(order)
    shown = [term for letter in letters for term in letter.terms]
    assert len(shown) == sum(bool(wordlist.written(t, order)) for t in glossary.terms())
    assert len({letter.anchor for letter in letters}) == len(letters)
