"""The papers as written: both languages ask the same, nothing is said that the facts do not hold."""

import re
from pathlib import Path
from typing import Any

import pytest

from knowledge.articles.papers import blocks, texts
from knowledge.articles.papers.blocks import FIELDS, LISTS, NAME
from knowledge.articles.papers.filling import fill, plain
from knowledge.articles.papers.texts import CODES, Paper
from knowledge.articles.sheets import SheetError
from tests.knowledge.figures import allowed, figures

FACTS = Path(__file__).parents[1] / "facts"
PAPERS = texts.read_papers(texts.FOLDER)
OUTSIDE = "dahir-1-58-376 law-31-13"


@pytest.fixture(params=PAPERS, ids=lambda pair: "-".join(pair))
def paper(request: pytest.FixtureRequest) -> Paper:
    return PAPERS[request.param]


def words(paper: Paper) -> str:
    """All that a reader of the paper or of its page reads."""
    cells = [cell for b in paper.blocks for row in b.rows for cell in row]
    heads = [column.words for b in paper.blocks for column in b.columns]
    said = [paper.title, paper.purpose, paper.signer, *paper.hints]
    text = " ".join([*said, *(b.text for b in paper.blocks), *cells, *heads])
    return NAME.sub(" ", text)


def test_there_are_twelve_in_two_languages() -> None:
    assert len(CODES) == 12
    assert set(PAPERS) == {(code, lang) for code in CODES for lang in ("ar", "fr")}
    files = {path.name for path in texts.FOLDER.glob("*.md")}
    assert files == {f"{code}.{lang}.md" for code, lang in PAPERS}


@pytest.mark.parametrize("code", CODES)
def test_both_languages_ask_the_same(code: str) -> None:
    ar, fr = PAPERS[code, "ar"], PAPERS[code, "fr"]
    for name in ("themes", "topics", "mark", "cited", "landscape", "checked"):
        assert getattr(ar, name) == getattr(fr, name), name
    assert sorted(ar.needs) == sorted(fr.needs)
    assert len(ar.hints) == len(fr.hints)
    assert [b.kind for b in ar.blocks] == [b.kind for b in fr.blocks]
    for one, other in zip(ar.blocks, fr.blocks, strict=True):
        assert sorted(NAME.findall(one.text)) == sorted(NAME.findall(other.text)), other.text
        assert (one.list, one.least) == (other.list, other.least)
        assert [c.fact for c in one.columns] == [c.fact for c in other.columns]
        assert len(one.rows) == len(other.rows)
        assert one.text.count("|") == other.text.count("|")


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same_figures(code: str) -> None:
    assert figures(words(PAPERS[code, "ar"])) == figures(words(PAPERS[code, "fr"]))


def test_every_figure_is_in_the_facts(paper: Paper) -> None:
    files = [FACTS / f"{topic}.md" for topic in paper.topics]
    said = allowed("\n".join(path.read_text("utf-8") for path in files if path.exists()))
    said |= set(figures(OUTSIDE))
    assert set(figures(words(paper))) - said == set()
    places = " ".join(f"{c.text.code} {c.place}" for c in paper.cited if c.place)
    assert set(figures(places)) - said - set(figures("constitution-2011")) == set()


def test_every_field_is_asked_by_some_paper() -> None:
    asked = {name for paper in PAPERS.values() for name in paper.needs}
    assert asked == set(FIELDS) | set(LISTS)


def test_the_voice_is_ours(paper: Paper) -> None:
    text = words(paper)
    assert "!" not in text
    assert not re.search("[٠-٩۰-۹ـ]", text.replace("بـ", "ب")), "digits 0-9, no kashida"
    if paper.lang == "fr":
        assert not re.search(r"veuillez|[ \u00a0\w][:;?](?!\w)", text, re.I), "narrow spaces"
    else:
        assert not re.search("يوليو(?!ز)|أغسطس|سبتمبر|نوفمبر|ديسمبر", text)


def test_the_centre_signs_nothing(paper: Paper) -> None:
    signers = [b.text for b in paper.blocks if b.kind == "signatures"]
    assert len(signers) == 1
    assert not re.search(r"المركز|centre|Wasl|وصل", signers[0])


def test_the_criminal_record_and_authorisations_are_asked_nowhere(paper: Paper) -> None:
    printed = " ".join(b.text for b in paper.blocks)
    assert not re.search("السجل العدلي|casier|ترخيص|رخصة|autorisation", printed)


def test_statutes_hold_what_the_list_of_the_sgg_names() -> None:
    for lang, names in (
        ("ar", "1.58.376 الاسم المدة المقر الأهداف الأعضاء المكتب الجمع موارد الحل التصريح"),
        (
            "fr",
            "1-58-376 Nom Durée Siège Buts Membres Bureau Assemblée Ressources Dissolution déclar",
        ),
    ):
        text = words(PAPERS["statutes", lang])
        assert [name for name in names.split() if name not in text] == []


def test_a_declaration_states_what_article_5_asks() -> None:
    for lang, names in (
        ("ar", "الاسم الأهداف الصفة الجنسية السن الازدياد المهنة العنوان المقر الفروع نظائر التنبر"),
        ("fr", "Nom Buts titre Nationalité Âge naissance Profession Adresse Siège Sections "
               "exemplaires timbre"),
    ):  # fmt: skip
        text = words(PAPERS["declaration", lang])
        assert [name for name in names.split() if name not in text] == []
        assert "3" in figures(text)


def test_what_the_law_leaves_open_is_a_blank_with_a_note() -> None:
    for lang in ("ar", "fr"):
        rows = PAPERS["statutes", lang].blocks
        assert sum(block.kind == "note" for block in rows) >= 10
        for n, block in enumerate(rows):
            if block.kind == "note":
                before = [b.text for b in rows[max(0, n - 4) : n]]
                assert any("{_" in text for text in before), block.text


def test_a_blank_invents_nothing(paper: Paper) -> None:
    document = fill(paper)
    lines = [part.line for part in document.parts]
    lines += [line for part in document.parts for row in part.rows for line in row]
    assert not [span for line in lines for span in line if span.kind == "value"]
    asked = sum(len(NAME.findall(b.text)) for b in paper.blocks)
    assert sum(span.kind == "blank" for line in lines for span in line) >= asked
    assert "{" not in " ".join(plain(line) for line in lines)


def test_the_foot_says_sources_mark_day_and_whose_model() -> None:
    said = fill(PAPERS["declaration", "fr"]).foot
    assert "dahir 1-58-376" in said[0]
    assert "24/11/2026" in said[0]
    for lang in ("ar", "fr"):
        last = fill(PAPERS["statutes", lang]).foot[-1]
        assert "نموذج من المركز" in last
        assert "Modèle du centre" in last


GOOD = (texts.FOLDER / "attendance.fr.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "attendance"', 'code = ""', "code must be"),
        ('mark = "general"', 'mark = "sure"', "lang or mark"),
        ('"A1"', '"A999"', "A999"),
        ("{assembly_date}", "{birthday}", "line 17: unknown field 'birthday'"),
        ("{assembly_date}", "{_}", "needs and the fields used differ"),
        ("|: 16", "|: crowd 16", "line 19: unknown list 'crowd'"),
        ("|: 16", "| a | b", "line 19: 2 cells under 4 columns"),
        ("| Nom et prénom", "| {name}", "line 18: a column without words"),
        ("%% Président", "Président", "says who signs"),
        ("# Feuille", "Feuille", "opens with its one title"),
        ("+++\ncode", "code", "opens with a +++ line"),
    ],
)
def test_a_damaged_paper_says_where(old: str, new: str, said: str) -> None:
    known: dict[str, Any] = {c.text.code: c.text for p in PAPERS.values() for c in p.cited}
    assert old in GOOD
    with pytest.raises(SheetError, match=re.escape(said)):
        texts.parse(GOOD.replace(old, new, 1), name="attendance.fr.md", texts=known)


def test_a_table_is_filled_from_a_list_and_keeps_empty_rows() -> None:
    rows = blocks.parse(["| Nom {name} | Voix", "|: board 3"], name="x")
    (table,) = rows
    assert table.list == "board"
    assert table.least == 3
