"""Hands a paper over as a file: its name, its kind, and nothing a browser would run or keep."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from knowledge.articles import printing
from knowledge.articles.papers.filling import Document
from knowledge.articles.papers.texts import Paper

FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def word(document: Document) -> bytes:
    from knowledge.articles import wordfile  # python-docx takes its time to load

    return wordfile.docx(document)


def blank(paper: Paper) -> bytes:
    """The ready-made blank PDF."""
    return printing.blank_pdf(paper.code, paper.lang)


def made(document: Document, form: str) -> tuple[bytes, bool]:
    """The file, and whether it is filled: without libpango a PDF is the ready-made blank."""
    if form == "docx":
        return word(document), True
    try:
        return printing.pdf(document), True
    except printing.NoPdf:
        return printing.blank_pdf(document.code, document.language), False


def attachment(content: bytes, paper: Paper, form: str, *, about: str = "") -> HttpResponse:
    """A download named by the paper's title; `about` is a reference that goes into the name."""
    title = " ".join(_UNSAFE.sub(" ", f"{paper.title} {about}").split())
    answer = HttpResponse(content, content_type=FORMS[form])
    answer["Content-Disposition"] = content_disposition_header(True, f"{title}.{form}")
    answer["X-Content-Type-Options"] = "nosniff"
    if about:
        answer["Cache-Control"] = "no-store, private"
    return answer
