"""What people wrongly believe about branches, unions, status, dissolution, fines and grants."""

import re

import pytest

from tests.knowledge.figures import figures
from tests.knowledge.test_library import NO, SHEETS, about, denies


@pytest.mark.parametrize("topic", ["T06-branches", "T07-federations"])
def test_trap_a_branch_or_a_union_is_declared_not_authorised(topic: str) -> None:
    for lang, words in (("ar", "رخصة|ترخيص|إذن"), ("fr", "autoris|permission|accord préalable")):
        lines = about(words, SHEETS[topic, lang])
        assert lines
        for line in lines:
            assert denies(words, line, lang), line.text


def test_trap_the_circular_on_branches_gets_no_invented_number() -> None:
    for lang, words in (("ar", "دورية"), ("fr", "circulaire")):
        for line in about(words, SHEETS["T06-branches", lang]):
            assert not [sign for sign in line.text if sign.isdigit()], line.text


def test_trap_the_law_of_another_country_replaces_no_declaration() -> None:
    for lang, words in (("ar", "بلد آخر"), ("fr", "autre pays")):
        lines = about(words, SHEETS["T08-foreign", lang])
        assert lines
        assert all(re.search("لا يغنيها|ne la dispense pas", line.text) for line in lines)


def test_trap_public_utility_comes_neither_by_silence_nor_by_age() -> None:
    for lang, silence, age in (
        ("ar", "السكوت", r"عمر\w* أدنى|عدد السنوات"),
        ("fr", "le silence", "âge minimum|nombre d'années"),
    ):
        sheet = SHEETS["T09-public-utility", lang]
        assert about(silence, sheet)
        assert about(age, sheet)
        for line in about(silence, sheet):
            assert re.search("لا تعتبروا|Ne prenez pas", line.text), line.text
        for line in about(age, sheet):
            assert re.search("لم نجد|Nous n'avons trouvé", line.text), line.text
        kept = figures(" ".join(line.text for line in sheet.lines()))
        assert {"5", "10"} <= set(kept), "5 years are not for everyone"


def test_trap_members_share_neither_profits_nor_what_is_left() -> None:
    for topic in ("T10-capacity", "T11-voluntary-dissolution"):
        for lang, words in (("ar", "تُ?قسم|يتقسمو"), ("fr", r"\bparta(?:ge|gé)")):
            lines = about(words, SHEETS[topic, lang])
            assert lines, (topic, lang)
            for line in lines:
                assert re.search(NO[lang], line.text, re.I), line.text


@pytest.mark.parametrize("topic", ["T11-voluntary-dissolution", "T12-judicial-dissolution"])
def test_trap_no_authority_dissolves_without_a_court(topic: str) -> None:
    for lang, words in (("ar", "سلطات العمومية"), ("fr", "autorités publiques")):
        lines = about(words, SHEETS[topic, lang])
        assert lines
        for line in lines:
            assert re.search("قضائي|décision de justice", line.text), line.text


def test_trap_the_caid_dissolves_nothing() -> None:
    for lang, words in (("ar", "القائد"), ("fr", "caïd")):
        lines = about(words, SHEETS["T12-judicial-dissolution", lang])
        assert lines
        assert all(re.search("خاطئ|est faux", line.text) for line in lines)


def test_trap_amounts_of_fines_nobody_read_stay_with_the_staff() -> None:
    for lang in ("ar", "fr"):
        for line in SHEETS["T13-penalties", lang].lines():
            if {"1200", "5000"} & set(figures(line.text)):
                assert line.mark == "unsure", line.text


def test_trap_no_fine_for_lack_of_an_authorisation_to_create() -> None:
    for lang, words in (("ar", "رخصة لتأسيس"), ("fr", "autorisation pour créer")):
        lines = about(words, SHEETS["T13-penalties", lang])
        assert lines
        assert all(denies(words, line, lang) for line in lines)


def test_trap_aided_projects_keep_their_originals_longer_than_five_years() -> None:
    for lang in ("ar", "fr"):
        lines = SHEETS["T16-subsidy-accounts", lang].lines()
        for line in [line for line in lines if "5" in figures(line.text)]:
            assert re.search("خاطئ|est faux", line.text)
            assert "10" in figures(line.text)
