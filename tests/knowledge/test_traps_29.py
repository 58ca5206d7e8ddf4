"""Traps of the articles on participation, seat, stamps, platforms, special regimes and members."""

import re

import pytest

from knowledge.articles.sheets import Line
from tests.knowledge.test_library import SHEETS, about, denies

PERMISSION = {"ar": "ترخيص|رخصة|(?<!\\w)إذن(?!\\w)", "fr": "autoris|permission"}


def watched(topic: str, lang: str, words: str) -> list[Line]:
    """The lines of the section to watch that hold these words."""
    lines = SHEETS[topic, lang].sections["watch"]
    return [line for line in lines if re.search(words, line.text, re.I)]


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_trap_a_public_meeting_is_declared_not_authorised(lang: str) -> None:
    sheet = SHEETS["T31-public-meetings", lang]
    words = PERMISSION[lang]
    wrongly_said = {"ar": "يقال لكم.*غير صحيح", "fr": "On vous dit.*C'est faux"}[lang]
    lines = about(words, sheet)
    assert lines
    for line in lines:
        assert denies(words, line, lang) or re.search(wrongly_said, line.text), line.text
    assert watched(sheet.topic, lang, words)


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_trap_silence_is_consent_only_for_the_published_lists(lang: str) -> None:
    sheet = SHEETS["T30-simplification", lang]
    word, lists = {"ar": ("سكوت", "لوائح"), "fr": ("silence", "listes")}[lang]
    lines = about(word, sheet)
    assert lines
    assert all(lists in line.text for line in lines)
    assert watched(
        sheet.topic, lang, {"ar": "لا تصدقوا.*سكوت", "fr": "Ne croyez pas.*silence"}[lang]
    )
    assert watched(
        sheet.topic, lang, {"ar": "أي قرار يخص الجمعيات", "fr": "aucune décision sur les"}[lang]
    )


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_trap_the_permit_is_the_care_homes_not_the_associations(lang: str) -> None:
    words = {"ar": "تأسيس الجمعية لا يحتاج إلى رخصة", "fr": "créer l'association ne demande aucune"}
    assert watched("T37-special-regimes", lang, words[lang])


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_trap_the_board_need_not_accept_that_a_member_leaves(lang: str) -> None:
    words = {"ar": "موافقة المكتب.*غير صحيح", "fr": "le bureau doit accepter.*C'est faux"}
    (line,) = watched("T39-members", lang, words[lang])
    assert line.mark == "seen"


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_trap_no_stamp_is_paid_for_the_criminal_record(lang: str) -> None:
    words = {"ar": "السجل العدلي لم يعد", "fr": "casier judiciaire ne fait plus partie"}
    assert watched("T35-stamps-signature", lang, words[lang])


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_what_nobody_checked_is_for_the_staff_only(lang: str) -> None:
    for topic, words in (
        ("T35-stamps-signature", {"ar": "مبلغ التنبر غير", "fr": "montant du timbre n'est"}),
        ("T35-stamps-signature", {"ar": "يقبل التوقيع", "fr": "électronique est-elle acceptée"}),
        ("T36-digital", {"ar": "«شراكة»", "fr": "Charaka"}),
        ("T32-halls", {"ar": "41.90", "fr": "41-90"}),
    ):
        lines = about(words[lang], SHEETS[topic, lang])
        assert lines, (topic, words[lang])
        assert all(line.mark == "unsure" for line in lines)
