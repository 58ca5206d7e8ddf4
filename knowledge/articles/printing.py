"""Prints a filled paper as PDF; where this machine cannot, the ready-made blank of it.

The Word file is made beside it (`wordfile.py`), from the same `Document`.
"""

import os
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from knowledge.articles.papers.filling import Document

BLANKS = Path(__file__).parent / "papers" / "blank"
"""One blank PDF a paper and language, made by `manage.py blank_papers`."""
SHEET = Path(__file__).parent / "papers" / "paper.css"
"""Read from disk; not a file for browsers."""
FONTS = {
    "Vazirmatn": "fonts/vazirmatn-arabic.woff2",
    "VazirmatnLatin": "fonts/vazirmatn-latin.woff2",
}
TANWIN = ("\u0644\u064b\u0627", "\u0644\u0627\u064b")
"""Lam with tanwin before alef, and behind it: both are good writing, but only the second lets the
ligature be read out of the PDF again, by search and by voice."""


class NoPdf(Exception):
    """This machine has no library that makes PDF."""


def can_pdf() -> bool:
    """Whether a paper filled in can be had as PDF here."""
    try:
        _weasyprint()
    except NoPdf:
        return False
    return True


def pdf(document: Document) -> bytes:
    """A4. Raises NoPdf."""
    html_class, css_class, fonts_class = _weasyprint()
    fonts = fonts_class()
    sheets = [css_class(string=_faces(), font_config=fonts), css_class(SHEET, font_config=fonts)]
    page = render_to_string("articles/paper_print.html", {"paper": document})
    html = html_class(string=page.replace(*TANWIN))
    return bytes(html.write_pdf(stylesheets=sheets, font_config=fonts))


def page_pdf(page: str, sheet: str) -> bytes:
    """A page of HTML with one of our style sheets (a name for static files) as PDF. Raises NoPdf.

    The same page gives the same bytes: nothing of the clock goes in.
    """
    html_class, css_class, fonts_class = _weasyprint()
    fonts = fonts_class()
    styles = [
        css_class(string=_faces(), font_config=fonts),
        css_class(filename=str(finders.find(sheet)), font_config=fonts),
    ]
    html = html_class(string=page.replace(*TANWIN))
    return bytes(html.write_pdf(stylesheets=styles, font_config=fonts))


def blank_pdf(code: str, language: str) -> bytes:
    """The blank as it was made ready; needs nothing of the machine."""
    return blank_path(code, language).read_bytes()


def blank_path(code: str, language: str) -> Path:
    return BLANKS / f"{code}.{language}.pdf"


def _weasyprint() -> tuple[type, type, type]:
    try:
        from weasyprint import CSS, HTML  # needs libpango: fails at import where it is missing
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as missing:
        raise NoPdf from missing
    # Fonts cut to size carry the moment of cutting; without it the same page is the same bytes.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    return HTML, CSS, FontConfiguration


def _faces() -> str:
    """The house fonts from where they lie on disk: nothing is fetched."""
    face = "@font-face{{font-family:{};src:url({})}}"
    return "".join(
        face.format(family, Path(str(finders.find(name))).as_uri())
        for family, name in FONTS.items()
    )
