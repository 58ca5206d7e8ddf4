"""Writes a filled paper as a Word file (.docx) that reads right to left where its language does.

Word does not guess: direction is said of the section, of each paragraph, of each run and of each
table, and the font of Arabic letters (`cs`) and the language of each run with it.
"""

import io
import re
from typing import Any

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from knowledge.articles.papers.filling import Document, Line, Part, Span

FONT = {"ar": "Arial", "fr": "Arial"}
"""Stands on every machine and has Arabic letters."""
TONGUES = {"ar": "ar-MA", "fr": "fr-FR"}
SIZES = {"title": 15, "heading": 12, "note": 8.5, "table": 9.5, "foot": 7}
BOLD = ("title", "heading", "article", "addressee", "subject")
GREY = RGBColor(0x55, 0x55, 0x55)
_ARABIC, _LATIN = re.compile("[\u0600-\u06ff]"), re.compile("[A-Za-zÀ-ÿ]")


def docx(document: Document) -> bytes:
    """The whole file."""
    return _Writer(document).written()


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.rtl = document.direction == "rtl"
        self.file: Any = new_document()

    def written(self) -> bytes:
        self._set_up()
        for part in self.document.parts:
            self._add(part)
        self._foot()
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def _set_up(self) -> None:
        core = self.file.core_properties
        core.title, core.author, core.comments = self.document.title, "", ""
        core.language = TONGUES[self.document.language]
        section = self.file.sections[0]
        width, height = Mm(210), Mm(297)
        if self.document.landscape:
            section.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
        section.page_width, section.page_height = width, height
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin, section.bottom_margin = Mm(18), Mm(22)
        if self.rtl:
            _flag(section._sectPr, "w:bidi", before=("w:rtlGutter", "w:docGrid"))
        style = self.file.styles["Normal"]
        style.font.name, style.font.size = FONT[self.document.language], Pt(10.5)
        style.paragraph_format.space_after = Pt(5)
        style.paragraph_format.line_spacing = 1.25

    def _add(self, part: Part) -> None:
        if part.kind == "table":
            self._table(part)
        elif part.kind == "signatures":
            self._signatures(part)
        else:
            self._paragraph(part)

    def _paragraph(self, part: Part) -> None:
        paragraph = self.file.add_paragraph(style=self._style(part.kind))
        layout = paragraph.paragraph_format
        if part.kind in ("title", "addressee"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif part.kind == "place":
            # In a paragraph that reads from the right, Word's "right" is where its lines end.
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if part.kind in ("title", "heading", "article", "addressee", "subject", "place"):
            layout.space_before = Pt(9)
        layout.keep_with_next = part.kind in ("heading", "article")
        lead = {"item": "•  ", "numbered": f"{part.number}.  "}.get(part.kind, "")
        if lead:
            layout.left_indent, layout.first_line_indent = Mm(6), Mm(-4)
        line = (Span(lead), *part.line) if lead else part.line
        self._write(paragraph, line, part.kind, bold=part.kind in BOLD)

    def _style(self, kind: str) -> str:
        """Headings are headings for whoever moves through the file by them."""
        return {"heading": "Heading 1", "article": "Heading 2"}.get(kind, "Normal")

    def _table(self, part: Part) -> None:
        table = self.file.add_table(rows=1, cols=len(part.head), style="Table Grid")
        if self.rtl:
            _flag(table._tbl.tblPr, "w:bidiVisual", before=("w:tblW", "w:tblLook", "w:jc"))
        self._cells(table.rows[0], tuple((Span(words),) for words in part.head), bold=True)
        _flag(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        for row in part.rows:
            self._cells(table.add_row(), row)
        self.file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _signatures(self, part: Part) -> None:
        for row in part.rows:
            table = self.file.add_table(rows=1, cols=len(row))
            if self.rtl:
                _flag(table._tbl.tblPr, "w:bidiVisual", before=("w:tblW", "w:tblLook", "w:jc"))
            self._cells(table.rows[0], row, bold=True, centred=True)
            table.rows[0].height = Mm(30)

    def _cells(
        self, row: Any, lines: tuple[Line, ...], *, bold: bool = False, centred: bool = False
    ) -> None:
        row.height = Mm(8)
        for cell, line in zip(row.cells, lines, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            if centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._write(paragraph, line, "table", bold=bold)

    def _foot(self) -> None:
        foot = self.file.sections[0].footer
        for n, text in enumerate(self.document.foot):
            paragraph = foot.paragraphs[0] if n == 0 else foot.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = 1.0
            self._write(paragraph, (Span(text),), "foot")

    def _write(self, paragraph: Any, line: Line, kind: str, *, bold: bool = False) -> None:
        if self.rtl:
            _flag(paragraph._p.get_or_add_pPr(), "w:bidi", before=_AFTER_BIDI)
        for span in line:
            run = paragraph.add_run(span.text)
            run.bold = bold or span.kind == "value"
            run.font.size = Pt(SIZES.get(kind, 10.5))
            if kind in ("note", "foot") or span.kind == "blank":
                run.font.color.rgb = GREY
            else:
                run.font.color.rgb = RGBColor(0x11, 0x11, 0x11)
            self._speak(run, span)

    def _speak(self, run: Any, span: Span) -> None:
        """Font, size and language for both kinds of letters, and the way this run reads."""
        language = _language(span, self.document.language)
        run.font.name = FONT[language]
        properties = run._r.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        fonts.set(qn("w:cs"), FONT[language])
        size = properties.find(qn("w:sz")).get(qn("w:val"))
        twins = [("w:szCs", {"w:val": size})]
        if run.bold:
            _flag(properties, "w:bCs", before=_AFTER_BOLD)
        twins += [("w:rtl", {})] if language == "ar" else []
        twins.append(("w:lang", {"w:val": TONGUES["fr"], "w:bidi": TONGUES["ar"]}))
        for name, said in twins:
            element = OxmlElement(name)
            for key, value in said.items():
                element.set(qn(key), value)
            properties.append(element)


_AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
               "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:rPr")  # fmt: skip
"""What the schema wants after the flag within a paragraph's properties."""
_AFTER_BOLD = (
    "w:i",
    "w:iCs",
    "w:caps",
    "w:color",
    "w:spacing",
    "w:sz",
    "w:szCs",
    "w:rtl",
    "w:lang",
)


def _language(span: Span, own: str) -> str:
    """The paper's own, except a value that was typed in the other script."""
    if span.kind != "value":
        return own
    arabic, latin = _ARABIC.search(span.text), _LATIN.search(span.text)
    if bool(arabic) == bool(latin):
        return own
    return "ar" if arabic else "fr"


def _flag(properties: Any, name: str, *, before: tuple[str, ...] = ()) -> None:
    """Set an on/off property once, in the place the schema gives it."""
    if properties.find(qn(name)) is not None:
        return
    element = OxmlElement(name)
    following = [child for child in properties if child.tag in {qn(tag) for tag in before}]
    if following:
        following[0].addprevious(element)
    else:
        properties.append(element)
