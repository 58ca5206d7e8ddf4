"""The files: Word read back, PDF by its text, the committed blanks up to date, and every page of them."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.articles import delivering, printing, wordfile
from knowledge.articles.papers import texts
from knowledge.articles.papers.filling import Document, fill
from knowledge.articles.papers.texts import CODES

PAIRS = [(code, lang) for code in CODES for lang in ("ar", "fr")]
VALUES = {
    "association_name": "Association Amal 2020", "seat": "حي السلام، رقم 12", "commune": "Ourika",
    "province": "إقليم الحوز", "deposit_date": "3 شتنبر 2026", "person_name": "فاطمة الزهراء",
    "person_office": "الرئيسة", "statutes_say": "15 يومًا قبل الاجتماع", "activity": "لقاء <b>&",
}  # fmt: skip
BOARD = {"board": [{"name": "فاطمة الزهراء", "office": "الرئيسة"}, {"name": "Brahim A."}]}
needs_pdf = pytest.mark.skipif(not printing.can_pdf(), reason="libpango is missing here")


def document(code: str, lang: str, **kwargs: Any) -> Document:
    found = texts.paper(code, lang)
    assert found is not None
    return fill(found, **kwargs)


def everything(made: Document) -> list[str]:
    """Every stretch of words the file must show."""
    said = [part.text for part in made.parts if part.text]
    said += [words for part in made.parts for words in part.head]
    said += ["".join(s.text for s in line) for p in made.parts for row in p.rows for line in row]
    return [*(text for text in said if text), *made.foot]


def spelt(text: str) -> list[str]:
    """Words of three letters and more, without vowel signs; printers may turn lam-alef round."""
    text = re.sub("[\u064b-\u0652\u2066-\u2069\xad]", "", text)
    folded = [
        re.sub("[لاأإآ]{2,}", lambda m: "".join(sorted(m[0])), word)
        for word in re.findall(r"[^\W\d_]{3,}", text)
    ]
    return [word for word in folded if len(word) > 2]


def paragraphs(file: Any) -> list[Any]:
    tables = [p for t in file.tables for r in t.rows for c in r.cells for p in c.paragraphs]
    return [*file.paragraphs, *tables, *file.sections[0].footer.paragraphs]


@pytest.mark.parametrize(("code", "lang"), PAIRS)
def test_word_says_everything_in_order_and_direction(code: str, lang: str) -> None:
    made = document(code, lang, values=VALUES, lists=BOARD)
    file = docx.Document(io.BytesIO(wordfile.docx(made)))
    rows = paragraphs(file)
    said = "\n".join(p.text for p in rows)
    for text in everything(made):
        assert text in said
    is_arabic = lang == "ar"
    for paragraph in rows:
        if not paragraph.text:
            continue
        properties = paragraph._p.pPr
        assert (properties is not None and properties.find(qn("w:bidi")) is not None) == is_arabic
        for run in paragraph.runs:
            fonts = run._r.rPr.find(qn("w:rFonts"))
            assert fonts.get(qn("w:cs")) == fonts.get(qn("w:ascii")) == "Arial"
            language = run._r.rPr.find(qn("w:lang"))
            assert (language.get(qn("w:val")), language.get(qn("w:bidi"))) == ("fr-FR", "ar-MA")
    section = file.sections[0]._sectPr
    assert (section.find(qn("w:bidi")) is not None) == is_arabic
    for table in file.tables:
        assert (table._tbl.tblPr.find(qn("w:bidiVisual")) is not None) == is_arabic


@pytest.mark.parametrize(
    ("lang", "name", "said"),
    [
        ("ar", "جمعية الأمل", "القانون الأساسي لجمعية الأمل"),
        ("fr", "Association des femmes", "Statuts de l'association des femmes"),
        ("fr", "Associations unies", "Statuts de l'association Associations unies"),
        ("fr", "Association", "Statuts de l'association Association"),
    ],
)
def test_a_name_does_not_say_association_twice(lang: str, name: str, said: str) -> None:
    made = document("statutes", lang, values={"association_name": name})
    assert made.parts[0].text == said


def test_a_name_in_the_other_script_reads_its_own_way() -> None:
    made = document("receipt-reminder", "ar", values=VALUES)
    file = docx.Document(io.BytesIO(wordfile.docx(made)))
    flags = {
        run.text: run._r.rPr.find(qn("w:rtl")) is not None
        for paragraph in file.paragraphs
        for run in paragraph.runs
    }
    assert flags["Association Amal 2020"] is False
    assert flags["فاطمة الزهراء"] is True
    assert flags["3 شتنبر 2026"] is True


@pytest.mark.long
@pytest.mark.parametrize(("code", "lang"), PAIRS)
def test_word_keeps_the_order_its_schema_asks(code: str, lang: str) -> None:
    """Word refuses or repairs files whose properties stand out of order."""
    raw = zipfile.ZipFile(io.BytesIO(wordfile.docx(document(code, lang))))
    xml = raw.read("word/document.xml").decode()
    run = ("rFonts", "b", "bCs", "color", "sz", "szCs", "rtl", "lang")
    line = ("pStyle", "keepNext", "bidi", "spacing", "ind", "jc", "rPr")
    table = ("tblStyle", "bidiVisual", "tblW", "jc", "tblLayout", "tblLook")
    for tag, order in (("rPr", run), ("pPr", line), ("tblPr", table)):
        for inside in re.findall(rf"<w:{tag}>(.*?)</w:{tag}>", xml):
            names = [n for n in re.findall(r"<w:(\w+)[ />]", inside) if n in order]
            if tag == "pPr" and "rPr" in names:
                continue
            assert names == sorted(names, key=order.index), inside


@pytest.mark.long
@pytest.mark.parametrize(("code", "lang"), PAIRS)
def test_the_committed_blank_is_small_and_whole(code: str, lang: str) -> None:
    path = printing.blank_path(code, lang)
    assert path.stat().st_size <= 40_000
    assert pages(path.read_bytes())
    # Cells of a table come out without a space between them.
    said = "".join(spelt(" ".join(pages(path.read_bytes()))))
    wanted = spelt(" ".join(everything(document(code, lang))))
    assert [word for word in wanted if word not in said] == []


@pytest.mark.long
@needs_pdf
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_the_committed_blanks_are_up_to_date(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = {code: pages(printing.blank_pdf(code, lang)) for code in CODES}
    monkeypatch.setattr(printing, "BLANKS", tmp_path / "blank")
    call_command("blank_papers", lang)
    for code in CODES:
        fresh = pages(printing.blank_pdf(code, lang))
        assert fresh == committed[code], f"{code}.{lang}: run manage.py blank_papers and commit"


@needs_pdf
def test_a_filled_pdf_shows_what_is_known_and_escapes_it() -> None:
    made = document("hall-request", "ar", values=VALUES)
    said = " ".join(pages(printing.pdf(made)))
    for name in ("association_name", "seat", "person_name", "activity"):
        assert set(spelt(VALUES[name])) <= set(spelt(said))
    assert "&lt;" not in said
    assert "&" in said


def test_without_libpango_the_blank_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise printing.NoPdf

    monkeypatch.setattr(printing, "_weasyprint", missing)
    assert not printing.can_pdf()
    made = document("declaration", "ar", values=VALUES)
    assert delivering.made(made, "pdf") == (printing.blank_pdf("declaration", "ar"), False)
    content, is_filled = delivering.made(made, "docx")
    assert is_filled
    assert content[:2] == b"PK"


@pytest.mark.long
@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(VALUES)), st.text(max_size=400)))
def test_whatever_is_known_makes_a_file(values: dict[str, str]) -> None:
    made = document("receipt-reminder", "ar", values=values)
    docx.Document(io.BytesIO(wordfile.docx(made)))
    assert all(len(span.text) <= 320 for p in made.parts for span in p.line if span.kind == "value")


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_the_public_pages(client: Client, prefix: str) -> None:
    listed = client.get(f"{prefix}/library/papers/").content.decode()
    for code in CODES:
        assert f"{prefix}/library/papers/{code}/" in listed
        page = client.get(f"{prefix}/library/papers/{code}/")
        assert page.status_code == 200
        for lang in ("ar", "fr"):
            for form in ("docx", "pdf"):
                assert f"/library/papers/{code}/{lang}/{form}/" in page.content.decode()


@pytest.mark.long
@pytest.mark.parametrize(("code", "lang"), PAIRS)
def test_the_blanks_download(client: Client, db: Any, code: str, lang: str) -> None:
    for form, head in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client.get(f"/library/papers/{code}/{lang}/{form}/")
        assert answer.status_code == 200
        assert answer.content.startswith(head)
        assert answer["Content-Type"] == delivering.FORMS[form]
        assert answer["Content-Disposition"].startswith("attachment; filename")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["x/", "statutes/en/pdf/", "statutes/ar/exe/", "STATUTES/", "statutes.ar/ar/pdf/"]
)
def test_what_is_no_paper_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/library/papers/{path}").status_code == 404


@pytest.mark.django_db
def test_an_article_leads_to_its_papers(client: Client) -> None:
    from tests import make

    make.library()
    page = client.get(reverse("articles:article", args=["T02-dossier"])).content.decode()
    with override("ar"):
        assert reverse("articles:paper", args=["declaration"]) in page
    assert reverse("articles:papers") in client.get(reverse("articles:library")).content.decode()


def test_the_day_of_the_text_is_in_the_past() -> None:
    assert all(texts.paper(*pair).checked <= date(2026, 11, 24) for pair in PAIRS)  # type: ignore[union-attr]


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
