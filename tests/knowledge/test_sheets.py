"""The reader of library sheets: what a good sheet gives, and what every bad one is told."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.articles.sheets import (
    Place,
    SheetError,
    load_instruments,
    load_sources,
    parse,
    read_library,
)

GOOD = """+++
topic = "T03-receipt"
lang = "fr"
theme = "A"
title = "Le récépissé"
question = "Et le récépissé ?"
keywords = ["lwasl"]
intake = ["deposit_date"]
four_eyes = false
checked = 2026-11-24
+++
## in-short
- Sur-le-champ : un reçu. {s1 | seen | dahir-1-58-376 art. 5; N5}
## steps
- Gardez-le. {s2 | general}

## documents
## deadlines
- Peut-être 60 jours. {s3 | unsure}
## watch
## spoken
- Vous recevez un reçu. {p1 | seen | dahir-1-58-376 art. 5}
"""
INSTRUMENTS = """[dahir-1-58-376]
kind = "dahir"
number = "1-58-376"
date = 1958-11-15
name_ar = "الظهير"
name_fr = "Dahir"
short_ar = "الظهير"
short_fr = "dahir"
mark = "seen"
"""
SOURCES = '[N5]\ntitle = "almaghribalarabi.com p=208"\n'


def library(folder: Path, **files: str) -> Path:
    (folder / "instruments.toml").write_text(files.pop("instruments", INSTRUMENTS), "utf-8")
    (folder / "sources.toml").write_text(files.pop("sources", SOURCES), "utf-8")
    (folder / files.pop("name", "T03-receipt.fr.md")).write_text(files.pop("sheet", GOOD), "utf-8")
    return folder


def test_a_good_sheet_gives_header_sections_and_statements() -> None:
    sheet = parse(GOOD, name="T03-receipt.fr.md")
    assert (sheet.topic, sheet.lang, sheet.theme) == ("T03-receipt", "fr", "A")
    assert sheet.checked == date(2026, 11, 24)
    assert sheet.four_eyes is False
    assert sheet.sections["documents"] == []
    first = sheet.sections["in-short"][0]
    assert first.citations == [Place("dahir-1-58-376", "art. 5"), Place("N5")]
    assert first.text == "Sur-le-champ : un reçu."
    assert [line.key for line in sheet.lines()] == ["s1", "s2", "s3", "p1"]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
    text = "\ufeff" + GOOD.replace("\n", "\r\n")
    assert parse(text, name="x.md") == parse(GOOD, name="x.md")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("+++\ntopic", "topic", 1, "opens with a +++ line"),
        ("checked = 2026-11-24\n+++\n", "checked = 2026-11-24\n", 1, "not closed"),
        ('lang = "fr"', "lang = fr", 3, "not valid TOML"),
        ('lang = "fr"', 'lang = "en"', 3, "lang 'en'"),
        ('theme = "A"', 'theme = "Q"', 4, "theme 'Q'"),
        ('topic = "T03-receipt"', 'topic = "receipt"', 2, "T03-receipt"),
        ('title = "Le récépissé"', 'title = " "', 5, "title is empty"),
        ('title = "Le récépissé"\n', "", 1, "lacks title"),
        ('title = "Le', 'author = "x"\ntitle = "Le', 5, "unknown header word author"),
        ("four_eyes = false", 'four_eyes = "no"', 9, "four_eyes must be a bool"),
        ("checked = 2026-11-24", 'checked = "today"', 10, "checked must be a date"),
        ('keywords = ["lwasl"]', "keywords = [3]", 7, "a list of words"),
        ('keywords = ["lwasl"]', 'keywords = ["a", "a"]', 7, "a word twice"),
        ('["deposit_date"]', '["shoe_size"]', 8, "unknown intake code shoe_size"),
        ("## in-short\n", "", 12, "before the first section"),
        ("## watch", "## warnings", 20, "unknown section 'warnings'"),
        ("## watch\n", "", 20, "spoken is out of order"),
        ("## watch\n", "## steps\n", 20, "steps is out of order or given twice"),
        ("## spoken\n", "## watch\n", 21, "watch is out of order or given twice"),
        ("- Gardez-le. {s2 | general}", "Gardez-le.", 15, "one line"),
        ("- Gardez-le. {s2 | general}", "- Gardez-le.", 15, "one line"),
        (
            "- Gardez-le. {s2 | general}",
            "- Gardez {x} le. {s2 | general}",
            15,
            "one line",
        ),
        ("- Gardez-le. {s2 | general}", "- {s2 | general}", 15, "no words"),
        ("{s2 | general}", "{s2}", 15, "id, mark and citations"),
        ("{s2 | general}", "{s2 | general | N5 | N5}", 15, "id, mark and citations"),
        ("{s2 | general}", "{p2 | general}", 15, "the id 'p2'"),
        ("{p1 |", "{s9 |", 22, "the id 's9'"),
        ("{s2 | general}", "{s1 | general}", 15, "s1 is used twice"),
        ("{s2 | general}", "{s2 | certain}", 15, "the mark 'certain'"),
        ("{s2 | general}", "{s2 | seen}", 15, "where it was read"),
        ("{s2 | general}", "{s2 | general | }", 15, "neither a text nor a source"),
        ("art. 5; N5", "art. 5; Le Monde", 13, "neither a text nor a source"),
        (
            "{p1 | seen | dahir-1-58-376 art. 5}",
            "{p1 | unsure}",
            22,
            "never read aloud",
        ),
    ],
)
def test_a_bad_sheet_is_told_file_line_and_reason(
    old: str, new: str, line: int, reason: str
) -> None:
    assert old in GOOD
    with pytest.raises(SheetError) as told:
        parse(GOOD.replace(old, new, 1), name="T03-receipt.fr.md")
    assert reason in told.value.reason
    assert told.value.line == line
    assert str(told.value).startswith(f"T03-receipt.fr.md, line {line}: ")


def test_a_missing_last_section_and_an_empty_file_are_told() -> None:
    with pytest.raises(SheetError, match="spoken is missing"):
        parse(GOOD[: GOOD.index("## spoken")], name="x.md")
    with pytest.raises(SheetError, match="line 1"):
        parse("", name="x.md")


def test_a_library_is_read_with_its_citations_resolved(tmp_path: Path) -> None:
    assert [sheet.topic for sheet in read_library(library(tmp_path))] == ["T03-receipt"]
    assert load_instruments(tmp_path)["dahir-1-58-376"].bulletin_fr == ""
    assert load_sources(tmp_path)["N5"].title_ar == "almaghribalarabi.com p=208"


def test_a_citation_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    folder = library(tmp_path, sheet=GOOD.replace("; N5", "; N6"))
    with pytest.raises(SheetError, match=r"T03-receipt\.fr\.md, line 13: the citation N6"):
        read_library(folder)


def test_a_file_under_another_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="the file name does not"):
        read_library(library(tmp_path, name="T03-receipt.ar.md"))


def test_a_missing_or_damaged_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="the file is missing"):
        read_library(tmp_path)
    (library(tmp_path) / "T03-receipt.fr.md").write_bytes(GOOD.encode() + b"\xff")
    with pytest.raises(SheetError, match="not UTF-8"):
        read_library(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('kind = "dahir"', 'kind = "novel"', "kind is one of"),
        ('mark = "seen"', 'mark = "sure"', "mark is one of"),
        ("date = 1958-11-15", 'date = "1958"', "date must be a day"),
        ('short_fr = "dahir"\n', "", "short_fr"),
        ('short_fr = "dahir"', "short_fr = 3", "short_fr must be words"),
        ("[dahir-1-58-376]", "[Dahir]", "small letters"),
        ('mark = "seen"', 'mark = "seen"\ncolour = "red"', "colour"),
    ],
)
def test_a_bad_instrument_is_told(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(SheetError, match=r"instruments\.toml, line 1") as told:
        load_instruments(library(tmp_path, instruments=INSTRUMENTS.replace(old, new, 1)))
    assert reason in told.value.reason


@pytest.mark.parametrize("text", ['title = "x"\n', '[n5]\ntitle = "x"\n', "[N5]\n", "[N5\n"])
def test_a_bad_source_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(SheetError, match=r"sources\.toml, line 1"):
        load_sources(library(tmp_path, sources=text))
