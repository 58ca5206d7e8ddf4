"""Citations said aloud: numbers spelled out, in both languages, without losing a zero."""

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.articles import citing, sheets, speaking

LAW = SimpleNamespace(
    kind="law", number="75-00", day=date(2002, 7, 23), short_ar="القانون 75.00",
    short_fr="loi 75-00", name_ar="القانون رقم 75.00", name_fr="Loi n° 75-00",
)  # fmt: skip
DAHIR = SimpleNamespace(
    kind="dahir", number="1-58-376", day=date(1958, 11, 15), short_ar="ظهير الجمعيات 1.58.376",
    short_fr="dahir 1-58-376", name_ar="الظهير", name_fr="Dahir",
)  # fmt: skip
CODE = SimpleNamespace(
    kind="code", number="CGI", day=None, short_ar="المدونة العامة للضرائب", short_fr="CGI",
    name_ar="المدونة العامة للضرائب", name_fr="Code général des impôts",
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "french", "arabic"),
    [
        (0, "zéro", "صفر"),
        (21, "vingt et un", "واحد وعشرين"),
        (71, "soixante et onze", "واحد وسبعين"),
        (80, "quatre-vingts", "ثمانين"),
        (81, "quatre-vingt-un", "واحد وثمانين"),
        (91, "quatre-vingt-onze", "واحد وتسعين"),
        (200, "deux cents", "مائتين"),
        (376, "trois cent soixante-seize", "ثلاثمائة وستة وسبعين"),
        (1958, "mille neuf cent cinquante-huit", "ألف وتسعمائة وثمانية وخمسين"),
        (5000, "cinq mille", "خمسة آلاف"),
        (200_000, "deux cent mille", "مائتين ألف"),
        (1_000_000, "un zéro zéro zéro zéro zéro zéro", "واحد صفر صفر صفر صفر صفر صفر"),
    ],
)
def test_numbers_in_words(value: int, french: str, arabic: str) -> None:
    assert speaking.number(value, "fr") == french
    assert speaking.number(value, "ar") == arabic


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_two_numbers_sound_alike(language: str) -> None:
    said = [speaking.number(value, language) for value in range(10_000)]
    assert len(set(said)) == len(said)
    assert not any(re.search(r"\d|  ", words) for words in said)


@pytest.mark.long
@given(st.text(max_size=60), st.sampled_from(["ar", "fr"]))
def test_no_text_breaks_it(words: str, language: str) -> None:
    speaking.aloud(words, language)
    for text in (LAW, DAHIR, CODE):
        citing.said(text, words, language)
        citing.written(text, words, language)


@pytest.mark.parametrize(
    ("text", "place", "arabic", "french"),
    [
        (
            LAW, "",
            "القانون رقم خمسة وسبعين فاصل صفر صفر، الصادر بتنفيذه ظهير ثلاثة وعشرين يوليوز ألفين واثنين",
            "loi numéro soixante-quinze tiret zéro zéro, promulguée par le dahir du vingt-trois juillet"
            " deux mille deux",
        ),
        (
            DAHIR, "art. 5",
            "الظهير الشريف رقم واحد فاصل ثمانية وخمسين فاصل ثلاثمائة وستة وسبعين، الصادر في خمسة عشر"
            " نونبر ألف وتسعمائة وثمانية وخمسين، الفصل الخامس",
            "dahir numéro un tiret cinquante-huit tiret trois cent soixante-seize, du quinze novembre"
            " mille neuf cent cinquante-huit, article cinq",
        ),
        (
            CODE, "art. 6-I-A-1°",
            "المدونة العامة للضرائب، المادة ستة، واحد، ألف، واحد",
            "Code général des impôts, article six, un romain, A, un",
        ),
    ],
)  # fmt: skip
def test_a_citation_for_the_telephone(text: Any, place: str, arabic: str, french: str) -> None:
    assert citing.said(text, place, "ar") == arabic
    assert citing.said(text, place, "fr") == french


@pytest.mark.parametrize(
    ("kind", "words", "arabic", "french"),
    [
        ("dahir", "art. 32 bis", "الفصل\xa032 المكرر", "art. 32 bis"),
        ("dahir", "art. 32 ter", "الفصل\xa032 المكرر مرتين", "art. 32 ter"),
        ("law", "art. 32 ter", "المادة\xa032 المكررة مرتين", "art. 32 ter"),
        ("law", "art. 120-122", "المواد\xa0من 120 إلى 122", "art. 120 à 122"),
        ("law", "art. 2-3", "المادتان\xa02 و3", "art. 2 et 3"),
        ("law", "art. 2, 15", "المادتان\xa02 و15", "art. 2 et 15"),
        ("dahir", "art. 5, para. 6", "الفصل\xa05، الفقرة\xa06", "art. 5, alinéa 6"),
        ("code", "art. 6-I-A-1°", "المادة\xa0\u20666-I-A-1°\u2069", "art. 6-I-A-1°"),
    ],
)
def test_a_place_in_each_language(kind: str, words: str, arabic: str, french: str) -> None:
    assert citing.place(kind, words, "ar") == arabic
    assert citing.place(kind, words, "fr") == french


def test_several_articles_are_said_as_several() -> None:
    assert citing.said(LAW, "art. 2-3", "fr").endswith("articles deux et trois")
    assert citing.said(LAW, "art. 120-122", "fr").endswith("articles cent vingt à cent vingt-deux")


def test_the_first_of_a_month_has_its_own_word() -> None:
    assert speaking.day(date(2005, 8, 1), "ar") == "فاتح غشت ألفين وخمسة"
    assert speaking.day(date(2005, 8, 1), "fr") == "premier août deux mille cinq"


LIBRARY = Path(sheets.__file__).parent / "library"
TEXTS = sheets.load_instruments(LIBRARY)
CITED = sorted(
    {
        (place.code, place.place)
        for sheet in sheets.read_library(LIBRARY)
        for line in sheet.lines()
        for place in line.citations
        if place.code in TEXTS
    }
)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_citation_of_the_library_can_be_said(language: str) -> None:
    """No digit is left to stumble over, no abbreviation, and no Latin word in an Arabic sentence."""
    assert CITED
    for code, place in CITED:
        text = SimpleNamespace(**TEXTS[code].__dict__, day=TEXTS[code].date)
        said = citing.said(text, place, language)
        assert not re.search(r"\d|n°|\bart\.|\bpara\b", said), said
        if language == "ar":
            assert not re.search(r"[A-Za-z]{2,}", said), said
