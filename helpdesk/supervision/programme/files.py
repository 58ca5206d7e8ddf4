"""The report as files: a workbook and a PDF, the same bytes from the same content.

A frozen copy keeps the bytes themselves and their SHA-256: another version of a library draws the same
numbers differently one day, and what was handed over must not move with it.
"""

import hashlib
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from helpdesk.centre.wording import moment_text
from helpdesk.supervision.programme.report import Report
from helpdesk.supervision.programme.showing import Shown, ShownFigure, shown, told_text
from helpdesk.supervision.sheets import Sheet, book_of
from knowledge.articles import printing

LANGUAGES = ("ar", "fr")
XLSX, PDF = "xlsx", "pdf"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
}


def made_of(report: Report, format: str, language: str, *, centre: Any) -> bytes:
    """The file in one language. Raises printing.NoPdf."""
    with override(language):
        seen = shown(report, centre=centre)
        return workbook(seen) if format == XLSX else pdf(seen)


def all_of(report: Report, *, centre: Any) -> dict[tuple[str, str], bytes]:
    """Every file this machine can make, by language and format."""
    formats = (XLSX, PDF) if printing.can_pdf() else (XLSX,)
    return {
        (language, format): made_of(report, format, language, centre=centre)
        for language in LANGUAGES
        for format in formats
    }


def sum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def workbook(seen: Shown) -> bytes:
    """Figures with their rules, one sheet a table, and what is not counted."""
    heads = [_("Figure"), _("Number"), _("Of"), _("Share in per cent"), _("Rule")]
    figures = [
        [f"{section.key} {section.name}", "", "", "", ""] if one is None else _row(one)
        for section in seen.sections
        for one in (None, *section.figures)
    ]
    about = [
        [_("Centre"), seen.centre], [_("Period"), seen.title], *map(list, seen.filters),
        [_("Counted on"), moment_text(seen.at)], [_("Version of the rules"), seen.rules_version],
        [_("Digest of the facts"), seen.facts_digest], [_("Digest of the content"), seen.digest],
        *([_("Rule"), rule] for rule in seen.rules),
        *([_("Not counted"), text] for one in seen.sections for text in one.missing),
        *([_("Not counted"), text] for text in seen.missing),
    ]  # fmt: skip
    tables: list[Sheet] = [
        (f"{section.key} {table.title}", [table.title, _("Number"), table.rule],
         [[label, told_text(n) if n is None else n, ""] for label, n, _text in table.rows])
        for section in seen.sections
        for table in section.tables
    ]  # fmt: skip
    sheets = [(_("Figures"), heads, figures), *tables, (_("About"), [_("Report"), ""], about)]
    return book_of(sheets, at=seen.at)


def _row(one: ShownFigure) -> list[Any]:
    if not one.is_told:
        return [one.label, one.more, "", "", one.rule]
    number = told_text(None) if one.number is None else one.number
    whole = "" if one.whole is None else one.whole
    return [one.label, number, whole, "" if one.share is None else one.share, one.rule]


def pdf(seen: Shown) -> bytes:
    """A4. Raises printing.NoPdf."""
    language = "fr" if get_language() == "fr" else "ar"
    context = {"shown": seen, "language": language, "rtl": language == "ar"}
    return printing.page_pdf(
        render_to_string("supervision/programme_print.html", context),
        "supervision/programme-print.css",
    )
