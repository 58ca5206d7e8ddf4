"""What people wrongly believe about agreements, aid, staff, volunteers, files and petitions."""

import re

import pytest

from tests.knowledge.figures import figures
from tests.knowledge.test_library import SHEETS, about, denies


@pytest.mark.parametrize("topic", ["T21-aid-distribution", "T25-access-information"])
def test_trap_silence_of_an_office_is_not_consent(topic: str) -> None:
    for lang, words, refused in (
        ("ar", "سكوت", "لا تعتبروا سكوت"),
        ("fr", "silence", "Ne prenez pas le silence"),
    ):
        lines = about(words, SHEETS[topic, lang])
        assert lines
        assert all(refused in line.text for line in lines)


def test_trap_the_ten_days_before_aid_are_never_told_as_certain() -> None:
    for lang in ("ar", "fr"):
        sheet = SHEETS["T21-aid-distribution", lang]
        lines = [line for line in sheet.lines() if "10" in figures(line.text)]
        assert [line.mark for line in lines] == ["unsure"]


def test_trap_below_the_threshold_both_circulars_are_named() -> None:
    for lang in ("ar", "fr"):
        short = SHEETS["T18-partnership", lang].sections["in-short"]
        said = figures(" ".join(line.text for line in short))
        assert {"7/2003", "13/2022", "50000"} <= set(said)


@pytest.mark.parametrize(
    ("topic", "old", "now"),
    [
        ("T26-petitions", "5000", "4000"),
        ("T27-motions", "25000", "20000"),
        ("T28-local-petitions", "5000", "500"),
    ],
)
def test_trap_the_number_before_2021_is_named_only_as_past(topic: str, old: str, now: str) -> None:
    for lang in ("ar", "fr"):
        sheet = SHEETS[topic, lang]
        lines = [line for line in sheet.lines() if old in figures(line.text)]
        assert lines
        for line in lines:
            assert re.search("قبل 2021|avant 2021", line.text), line.text
        assert now in figures(" ".join(line.text for line in sheet.sections["in-short"]))


def test_trap_not_every_file_of_names_needs_an_authorisation() -> None:
    for lang, words in (
        ("ar", "لا يصح القول إن كل ملف"),
        ("fr", "Il est faux de dire que tout fichier"),
    ):
        assert about(words, SHEETS["T24-data-protection", lang])


def test_trap_not_every_volunteer_needs_an_approval() -> None:
    for lang, words in (
        ("ar", "لا يصح القول إن كل متطوع"),
        ("fr", "Il est faux de dire que tout bénévole"),
    ):
        assert about(words, SHEETS["T23-volunteering", lang])


def test_trap_an_association_is_an_employer_like_others() -> None:
    for lang, words in (("ar", "يعفيكم"), ("fr", "dispense")):
        lines = about(words, SHEETS["T22-employment", lang])
        assert lines
        assert all(denies(words, line, lang) for line in lines)


def test_a_lost_file_is_answered_by_two_persons() -> None:
    for lang, words in (("ar", "ضاع ملف.*شخص ثان"), ("fr", "fichier perdu.*seconde personne")):
        assert about(words, SHEETS["T24-data-protection", lang])
