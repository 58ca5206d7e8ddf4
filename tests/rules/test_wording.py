"""Dates, numbers and spans as Morocco writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from helpdesk.centre import wording
from helpdesk.centre.territory import commune_name

NB = "\u00a0"


@pytest.mark.parametrize(
    ("day", "arabic", "french"),
    [
        (date(2026, 11, 24), "24 نونبر 2026", "24 novembre 2026"),
        (date(2026, 7, 1), "1 يوليوز 2026", "1er juillet 2026"),
        (date(2026, 8, 8), "8 غشت 2026", "8 août 2026"),
        (date(2026, 9, 30), "30 شتنبر 2026", "30 septembre 2026"),
        (date(2026, 5, 2), "2 ماي 2026", "2 mai 2026"),
        (date(2026, 12, 31), "31 دجنبر 2026", "31 décembre 2026"),
    ],
)
def test_months_are_the_moroccan_ones(day: date, arabic: str, french: str) -> None:
    assert wording.date_text(day, language="ar") == arabic
    assert wording.date_text(day, language="fr") == french


def test_a_moment_is_told_on_the_clock_of_casablanca() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    with translation.override("ar"):
        assert wording.moment_text(late) == "25 نونبر 2026، 00:30"
    with translation.override("fr"):
        assert wording.moment_text(late) == "25 novembre 2026, 00:30"
        assert wording.moment_text(late, "short") == "25 nov., 00:30"
        assert wording.clock_text(late) == "00:30"


def test_a_commune_reads_in_the_readers_language_where_both_names_are_known() -> None:
    assert commune_name("صخور الرحامنة", "fr") == commune_name("Skhour Rhamna", "fr")
    assert commune_name("skhour rhamna", "ar") == "صخور الرحامنة"
    assert commune_name("دوار بعيد", "fr") == "دوار بعيد"


def test_sizes_have_units_of_the_readers_language() -> None:
    with translation.override("ar"):
        assert [wording.size_text(n) for n in (44, 3 * 1024)] == [f"44{NB}بايت", f"3{NB}ك.ب"]
    with translation.override("fr"):
        assert wording.size_text(44) == f"44{NB}o"


def test_numbers_are_grouped_by_a_space_that_cannot_break() -> None:
    assert wording.number_text(15000) == f"15{NB}000"
    assert wording.number_text(1234567.5) == f"1{NB}234{NB}567,5"
    assert wording.number_text(2.345, 1) == "2,3"
    assert wording.percent_text(71) == f"71{NB}%"


@pytest.mark.parametrize(
    ("minutes", "arabic", "french"),
    [
        (38, f"38{NB}د", f"38{NB}min"),
        (126, f"2{NB}س 6{NB}د", f"2{NB}h{NB}06"),
        (60, f"1{NB}س", f"1{NB}h"),
        (4 * 1440, f"4{NB}ي", f"4{NB}j"),
    ],
)
def test_spans_fit_narrow_places(minutes: int, arabic: str, french: str) -> None:
    span = timedelta(minutes=minutes)
    with translation.override("ar"):
        assert wording.span_text(span) == arabic
    with translation.override("fr"):
        assert wording.span_text(span) == french


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+212661234547", "06 61 •• •• 47"),
        ("0524331190", "05 24 •• •• 90"),
        ("00212661234547", "06 61 •• •• 47"),
        ("+33612345678", "+336 •• •• 78"),
        ("1414", "••"),
    ],
)
def test_a_number_shows_its_ends_only(number: str, shown: str) -> None:
    assert wording.masked_phone(number) == shown


def test_french_signs_and_numbers_keep_to_their_words() -> None:
    assert (
        wording.unbreakable("Pas de reçu : 60 jours ?", "fr")
        == f"Pas de reçu{NB}: 60{NB}jours{NB}?"
    )
