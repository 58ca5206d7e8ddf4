"""The library itself: both languages say the same, nothing is said that the facts do not hold."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.articles import sheets
from knowledge.articles.sheets import Line, Sheet
from tests.knowledge.figures import allowed, figures

LIBRARY = Path(sheets.__file__).parent / "library"
FACTS = Path(__file__).parent / "facts"
TOPICS = [
    "T01-creation",
    "T02-dossier",
    "T03-receipt",
    "T04-refusal",
    "T05-changes",
    "T06-branches",
    "T07-federations",
    "T08-foreign",
    "T09-public-utility",
    "T10-capacity",
    "T11-voluntary-dissolution",
    "T12-judicial-dissolution",
    "T13-penalties",
    "T14-governance",
    "T15-accounting",
    "T16-subsidy-accounts",
    "T17-foreign-funds",
    "T18-partnership",
    "T19-tax",
    "T20-public-generosity",
    "T21-aid-distribution",
    "T22-employment",
    "T23-volunteering",
    "T24-data-protection",
    "T25-access-information",
    "T26-petitions",
    "T27-motions",
    "T28-local-petitions",
    "T29-consultative-bodies",
    "T30-simplification",
    "T31-public-meetings",
    "T32-halls",
    "T33-seat",
    "T34-bank",
    "T35-stamps-signature",
    "T36-digital",
    "T37-special-regimes",
    "T38-funding",
    "T39-members",
]
VOWEL_SIGNS = re.compile("[\u064b-\u0652]")


def bare(sheet: Sheet) -> Sheet:
    """The sheet without Arabic vowel signs, so that a sign added later breaks no test."""
    return replace(
        sheet,
        sections={
            section: [replace(line, text=VOWEL_SIGNS.sub("", line.text)) for line in lines]
            for section, lines in sheet.sections.items()
        },
    )


SHEETS = {(sheet.topic, sheet.lang): bare(sheet) for sheet in sheets.read_library(LIBRARY)}
PRESENT = sorted({topic for topic, _ in SHEETS})
NO = {
    "ar": r"(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|غير|دون|بدون|ما)(?!\w)",
    "fr": r"\b(?:ne|sans|aucune?)\b|\bn['’]",
}


def denies(words: str, line: Line, lang: str) -> bool:
    """Each time the words come up, a negation stands shortly before them in the same clause."""
    denied = re.findall(rf"(?:{NO[lang]})[^.:;،؛؟?]{{0,30}}?(?:{words})", line.text, re.I)
    return len(denied) == len(re.findall(words, line.text, re.I))


def about(words: str, sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines() if re.search(words, line.text, re.I)]


@pytest.fixture(params=SHEETS, ids=lambda pair: "-".join(pair))
def sheet(request: pytest.FixtureRequest) -> Sheet:
    return SHEETS[request.param]


def test_all_topics_are_there_in_both_languages() -> None:
    assert len(TOPICS) == 39
    assert set(SHEETS) == {(topic, lang) for topic in TOPICS for lang in ("ar", "fr")}


@pytest.mark.parametrize("topic", PRESENT)
def test_arabic_and_french_carry_the_same_statements(topic: str) -> None:
    ar, fr = SHEETS[topic, "ar"], SHEETS[topic, "fr"]
    for word in ("theme", "intake", "four_eyes", "checked"):
        assert getattr(ar, word) == getattr(fr, word), word
    for section in sheets.SECTIONS:
        pairs = [(line.key, line.mark, line.citations) for line in ar.sections[section]]
        assert pairs == [(line.key, line.mark, line.citations) for line in fr.sections[section]]


@pytest.mark.parametrize("topic", PRESENT)
def test_arabic_and_french_carry_the_same_numbers_and_dates(topic: str) -> None:
    ar, fr = SHEETS[topic, "ar"], SHEETS[topic, "fr"]
    for one, other in zip(ar.lines(), fr.lines(), strict=True):
        assert figures(one.text) == figures(other.text), one.key


def test_every_number_and_date_is_in_the_facts(sheet: Sheet) -> None:
    said = allowed((FACTS / f"{sheet.topic}.md").read_text("utf-8"))
    for line in sheet.lines():
        places = " ".join(place.place for place in line.citations)
        strange = set(figures(f"{line.text} {places}")) - said
        assert not strange, f"{line.key}: {strange}"
    assert not set(figures(f"{sheet.title} {sheet.question}")) - said


def test_a_sheet_answers_shortly_says_steps_and_can_be_read_aloud(sheet: Sheet) -> None:
    assert 1 <= len(sheet.sections["in-short"]) <= 5
    assert sheet.sections["steps"]
    assert 1 <= len(sheet.sections["spoken"]) <= 3
    assert len(sheet.title) <= 90
    assert len(sheet.keywords) >= 8
    assert sheet.intake
    for line in sheet.lines():
        assert len(line.text) <= 330, line.key
        assert line.text[-1] in ".؟?", line.key


def test_what_is_not_certain_says_so_and_is_not_the_short_answer(sheet: Sheet) -> None:
    assert not [line for line in sheet.sections["in-short"] if line.mark == "unsure"]
    assert not [line for line in sheet.sections["spoken"] if line.mark == "unsure"]


def test_the_papers_are_papers(sheet: Sheet) -> None:
    """Each line stands on receipts as a thing to bring: what we could not find stands under watch."""
    remark = "لم نجد|لم نقرأ|لم نتحقق|Nous n['’]avons|Nous ne l['’]avons|Demandez|اطلبوا"
    assert not [line.text for line in sheet.sections["documents"] if re.search(remark, line.text)]


def test_the_voice_is_ours(sheet: Sheet) -> None:
    text = " ".join([sheet.title, sheet.question, *(line.text for line in sheet.lines())])
    assert "!" not in text
    assert not re.search("[٠-٩۰-۹ـ]", text), "digits 0-9, no kashida"
    if sheet.lang == "fr":
        assert not re.search(r"veuillez|[ \u00a0\w][:;?](?!\w)", text, re.I), "narrow spaces"
    else:
        assert not re.search("يوليو(?!ز)|أغسطس|سبتمبر|نوفمبر|ديسمبر", text), "Moroccan months"
        assert not re.search(
            r"[A-Za-z]", re.sub(r"[A-Z]{2,}\w*|\w+(?:\.\w+)+|Simpl|Damancom", "", text)
        )


def test_refusals_and_foreign_funds_are_released_by_a_second_person() -> None:
    eyes = {sheet.topic for sheet in SHEETS.values() if sheet.four_eyes}
    assert eyes == {
        "T04-refusal",
        "T11-voluntary-dissolution",
        "T12-judicial-dissolution",
        "T13-penalties",
        "T17-foreign-funds",
    } & set(PRESENT)
    for lang, words in (("ar", "مكتبين.*شخص ثان"), ("fr", "deux bureaux.*seconde personne")):
        assert about(words, SHEETS["T14-governance", lang])


@pytest.mark.parametrize("topic", ["T01-creation", "T02-dossier", "T03-receipt", "T04-refusal"])
def test_trap_no_authorisation_is_needed_to_create(topic: str) -> None:
    for lang, words in (("ar", "رخصة|رخيص|إذن"), ("fr", "autoris|permission|accord préalable")):
        for line in about(words, SHEETS[topic, lang]):
            assert denies(words, line, lang), line.text
    assert about("رخصة", SHEETS["T01-creation", "ar"])


def test_trap_the_criminal_record_is_not_asked(sheet: Sheet) -> None:
    words = "السجل العدلي" if sheet.lang == "ar" else "casier"
    assert not [line for line in sheet.sections["documents"] if words in line.text]
    if sheet.topic == "T02-dossier":
        for section in ("in-short", "spoken"):
            lines = [line for line in sheet.sections[section] if words in line.text]
            assert lines
            for line in lines:
                assert re.search("لم يعد|ما بقاش|n'est plus|ne fait plus", line.text)


def test_trap_silence_is_not_consent() -> None:
    for lang, words in (("ar", "سكوت"), ("fr", "silence")):
        lines = about(words, SHEETS["T03-receipt", lang])
        assert lines
        assert all(re.search("لا تعتمدوا|Ne comptez pas", line.text) for line in lines)


def test_trap_other_countries_law_is_named_only_to_be_refused(sheet: Sheet) -> None:
    for line in about(r"1901|القانون الفرنسي|loi française|Égypte|(?<!\w)مصر(?!\w)", sheet):
        assert sheet.topic == "T01-creation"
        assert re.search("لا يطبق|aucune ne s'applique", line.text)


def test_trap_the_old_law_on_collections_is_named_only_as_replaced(sheet: Sheet) -> None:
    for line in about(r"004[.\-]71|2[.\-]04[.\-]970", sheet):
        assert re.search("عوض|حل محل|نسخ|لم يعد|remplac|abrog|n'est plus|ne s'applique", line.text)
    old = {"law-004-71", "decree-2-04-970"}
    for line in sheet.lines():
        if old & {place.code for place in line.citations}:
            assert re.search(r"004[.\-]71|2[.\-]04[.\-]970|قديم|ancien", line.text)


def test_trap_five_years_is_not_for_everyone() -> None:
    for lang in ("ar", "fr"):
        said = figures(" ".join(line.text for line in SHEETS["T15-accounting", lang].lines()))
        assert {"5", "10"} <= set(said)


def test_figures_read_the_three_languages_alike() -> None:
    for text in (
        "عدد 5712 بتاريخ 26 فبراير 2009، القانون 07.09، 50 000 درهم، فاتح مارس",
        "n° 5712 du 26 février 2009, loi 07-09, 50 000 DH, 1er mars",
        "BO 5712 of 26 Feb 2009, law 07-09, 50 000 DH, 1 March",
    ):
        assert set(figures(text)) == {"5712", "2009-2-26", "07-09", "50000", "x-3-1"}
