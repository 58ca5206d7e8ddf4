"""Fills a paper: facts where they are known, dotted blanks where they are not. Nothing is invented.

What comes out is plain and feeds both the PDF and the Word file: blocks made of *spans*, each either
the model's own text, a value that was filled in, or a blank to fill in by hand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge.articles import citing
from knowledge.articles.citable import Instrument
from knowledge.articles.papers.blocks import BLANKS, FIELDS, NAME, Block
from knowledge.articles.papers.texts import Cited, Paper
from knowledge.articles.rules import Mark

Rows = Sequence[Mapping[str, str]]
ARTICLE = {"ar": "المادة {n}: ", "fr": "Article {n} – "}
OURS = (
    "نموذج من المركز، تلائمه الجمعية وتوقعه",
    "Modèle du centre, à adapter et à signer par l'association",
)
"""The foot of every page says it in both languages, whatever the paper's own."""
LONGEST = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]+")


@dataclass(frozen=True)
class Span:
    """A stretch of a line: `text`, `value` or `blank`."""

    text: str
    kind: str = "text"


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Part:
    """A block ready to print. A table has a head and rows; signatures one cell a signer."""

    kind: str
    line: Line = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()
    number: int = 0
    """Of a numbered item, counted within its list."""
    even: bool = False
    """A table to fill by hand: its columns are equally wide."""

    @property
    def text(self) -> str:
        return plain(self.line)


@dataclass(frozen=True)
class Document:
    """One paper, filled in, in one language."""

    code: str
    language: str
    title: str
    landscape: bool
    parts: tuple[Part, ...]
    foot: tuple[str, ...] = field(default=())

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"


def plain(line: Line) -> str:
    """The words of a line."""
    return "".join(span.text for span in line)


def fill(
    paper: Paper, values: Mapping[str, str] | None = None, lists: Mapping[str, Rows] | None = None
) -> Document:
    """The paper with what is known; without values it is the blank model."""
    known = {name: said for name, text in (values or {}).items() if (said := _tidy(text))}
    parts, articles, count = [], 0, 0
    for block in paper.blocks:
        articles += block.kind == "article"
        count = count + 1 if block.kind == "numbered" else 0
        lead = ARTICLE[paper.lang].format(n=articles) if block.kind == "article" else ""
        parts.append(_part(block, known, lists or {}, lead=lead, number=count))
    return Document(
        code=paper.code, language=paper.lang, title=paper.title, landscape=paper.landscape,
        parts=tuple(parts), foot=foot(paper),
    )  # fmt: skip


def foot(paper: Paper) -> tuple[str, ...]:
    """Sources, mark and day, then whose model it is in both languages."""
    with override(paper.lang):
        said = _(
            "Sources: %(sources)s. %(mark)s. Text of %(day)s, awaiting review by a named jurist."
        )
        mark = str(Mark(paper.mark).label)
        day = paper.checked.strftime("%d/%m/%Y")
        sources = ("؛ " if paper.lang == "ar" else " ; ").join(sources_of(paper))
        line = said % {"sources": sources, "mark": mark[:1].upper() + mark[1:], "day": day}
    return (line, " · ".join(OURS))


def sources_of(paper: Paper) -> list[str]:
    """The texts cited with their places, then where rules were read, in the paper's language."""
    return [source_text(cited, paper.lang) for cited in paper.cited]


def source_text(cited: Cited, language: str) -> str:
    if isinstance(cited.text, Instrument):
        return citing.written(cited.text, cited.place, language)
    return cited.text.title_fr if language == "fr" else cited.text.title_ar


def _part(
    block: Block, known: Mapping[str, str], lists: Mapping[str, Rows], *, lead: str, number: int
) -> Part:
    if block.kind == "table":
        return _table(block, known, lists)
    if block.kind == "signatures":
        signers = tuple((Span(words.strip()),) for words in block.text.split("|"))
        return Part("signatures", rows=(signers,))
    line = _line(block.text, known)
    return Part(block.kind, line=(Span(lead), *line) if lead else line, number=number)


def _table(block: Block, known: Mapping[str, str], lists: Mapping[str, Rows]) -> Part:
    rows = [tuple(_line(cell, known) for cell in row) for row in block.rows]
    for record in lists.get(block.list, ()):
        told = {fact: _tidy(text) for fact, text in record.items()}
        rows.append(
            tuple((Span(told[c.fact], "value"),) if told.get(c.fact) else () for c in block.columns)
        )
    empty: tuple[Line, ...] = ((),) * len(block.columns)
    rows += [empty] * (block.least - (len(rows) - len(block.rows)))
    head = tuple(column.words for column in block.columns)
    return Part("table", head=head, rows=tuple(rows), even=bool(block.least))


def _line(text: str, known: Mapping[str, str]) -> Line:
    spans: list[Span] = []
    for n, piece in enumerate(NAME.split(text)):
        if n % 2 == 0:
            spans += [Span(piece)] if piece else []
        elif piece in known:
            before = spans[-1].text if spans else ""
            spans.append(Span(_unrepeated(known[piece], before), "value"))
        else:
            spans.append(Span("." * (FIELDS.get(piece) or BLANKS[piece]), "blank"))
    return tuple(spans)


def _unrepeated(value: str, before: str) -> str:
    """« de l'association » before « Association Amal »: the word is said once."""
    first, space, rest = value.partition(" ")
    said = before.rstrip().casefold().endswith(first.casefold())
    return rest if space and said and before[-1:].isspace() else value


def _tidy(text: Any) -> str:
    """One line without signs that no printer takes or that would turn the line round."""
    return " ".join(_CONTROL.sub(" ", str(text)).split())[:LONGEST]
