"""Reads the sheets of the library: one file an article and language, checked word by word.

A sheet is a TOML header between ``+++`` lines, then the fixed sections with one statement a line:
``- Text. {s1 | seen | dahir-1-58-376 art. 5; N5}``. Everything malformed is a SheetError that says
file, line and reason, because a rule that loses its mark or its source must never reach a reader.
No Django here: the library is read the same way by the set-up command and by tests.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.articles.citable import (
    INSTRUMENT,
    MARKS,
    SOURCE,
    Instrument,
    SheetError,
    Source,
    Wrong,
    load_instruments,
    load_relations,
    load_sources,
    read_text,
    read_toml,
)

__all__ = [
    "Instrument",
    "Line",
    "Place",
    "Sheet",
    "SheetError",
    "Source",
    "load_instruments",
    "load_relations",
    "load_sources",
    "parse",
    "read_library",
]

SECTIONS = ("in-short", "steps", "documents", "deadlines", "watch", "spoken")
LANGS = ("ar", "fr")
THEMES = tuple("ABCDEFGHIZ")
INTAKE = [
    "deposit_date",
    "receipt_date",
    "has_provisional",
    "has_final",
    "deposit_proof",
    "refusal_reason",
    "change_kind",
    "change_date",
    "declared_change",
    "statutes_say",
    "mandate_end",
    "assembly_date",
    "dispute_sides",
    "bank_name",
    "signatories",
    "amount",
    "funder",
    "funds_date",
    "country",
    "activity",
    "employee_start",
    "collection_kind",
    "territory",
    "call_name",
    "association_age",
    "documents_held",
    "seat",
    "founders_number",
    "accounting_period",
]

HEADER: dict[str, type] = {
    "topic": str,
    "lang": str,
    "theme": str,
    "title": str,
    "question": str,
    "keywords": list,
    "intake": list,
    "four_eyes": bool,
    "checked": date,
}
FENCE = "+++"
ITEM = re.compile(r"- (?P<text>[^{}]*)\{(?P<brace>[^{}]*)\}")
TOPIC = re.compile(r"T\d\d-[a-z]+(-[a-z]+)*")
STATEMENT, SPOKEN = re.compile(r"s[1-9]\d*"), re.compile(r"p[1-9]\d*")


@dataclass(frozen=True)
class Place:
    """A cited text and where in it; place is empty for a source or a whole text."""

    code: str
    place: str = ""


@dataclass(frozen=True)
class Line:
    """One statement: its key (s1, p1), its mark, what it rests on, its words."""

    key: str
    mark: str
    citations: list[Place]
    text: str


@dataclass(frozen=True)
class Sheet:
    """One article in one language."""

    topic: str
    lang: str
    theme: str
    title: str
    question: str
    keywords: list[str]
    intake: list[str]
    four_eyes: bool
    checked: date
    sections: dict[str, list[Line]]

    def lines(self) -> Iterator[Line]:
        """Every statement, in reading order."""
        for section in SECTIONS:
            yield from self.sections[section]


def read_library(folder: Path) -> list[Sheet]:
    """All sheets of a folder by file name; raises SheetError, also for an unknown citation."""
    known = frozenset(load_instruments(folder)) | frozenset(load_sources(folder))
    sheets = []
    for path in sorted(folder.glob("*.md")):
        sheet = parse(read_text(path), name=path.name, known=known)
        if path.name != f"{sheet.topic}.{sheet.lang}.md":
            reason = f"the header says {sheet.topic} in {sheet.lang}, the file name does not"
            raise SheetError(reason, name=path.name, line=1)
        sheets.append(sheet)
    return sheets


def parse(text: str, *, name: str, known: frozenset[str] | None = None) -> Sheet:
    """One sheet from its text; name is the file for messages, known the codes that may be cited."""
    rows = text.removeprefix("\ufeff").splitlines()
    if not rows or rows[0].strip() != FENCE:
        raise SheetError("a sheet opens with a +++ line", name=name, line=1)
    end = next((n for n, row in enumerate(rows[1:], 1) if row.strip() == FENCE), None)
    if end is None:
        raise SheetError("the header is not closed by a second +++ line", name=name, line=1)
    header = _header(rows[1:end], name=name)
    return Sheet(**header, sections=_sections(rows, end + 1, name=name, known=known))


def _header(rows: list[str], *, name: str) -> dict[str, Any]:
    head = read_toml("\n".join(rows), name=name, offset=1)
    for key in head:
        if key not in HEADER:
            raise SheetError(f"unknown header word {key}", name=name, line=_row(rows, key))
    for key, kind in HEADER.items():
        if key not in head:
            raise SheetError(f"the header lacks {key}", name=name, line=1)
        try:
            if type(head[key]) is not kind:
                raise Wrong(f"{key} must be a {kind.__name__}")
            _check(key, head[key])
        except Wrong as wrong:
            raise SheetError(str(wrong), name=name, line=_row(rows, key)) from wrong
    return head


def _check(key: str, value: Any) -> None:
    """One header word against what it may hold."""
    if key == "topic" and not TOPIC.fullmatch(value):
        raise Wrong(f"topic {value!r} is not written like T03-receipt")
    if key == "lang" and value not in LANGS:
        raise Wrong(f"lang {value!r} is not one of {', '.join(LANGS)}")
    if key == "theme" and value not in THEMES:
        raise Wrong(f"theme {value!r} is not one of {', '.join(THEMES)}")
    if key in ("title", "question") and not value.strip():
        raise Wrong(f"{key} is empty")
    if key in ("keywords", "intake"):
        if not all(isinstance(word, str) and word.strip() for word in value):
            raise Wrong(f"{key} is a list of words")
        if len(set(value)) != len(value):
            raise Wrong(f"{key} says a word twice")
    if key == "intake" and (strange := [code for code in value if code not in INTAKE]):
        raise Wrong(f"unknown intake code {strange[0]}")


def _sections(
    rows: list[str], start: int, *, name: str, known: frozenset[str] | None
) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    seen: set[str] = set()
    for number, row in enumerate(rows[start:], start + 1):
        if not row.strip():
            continue
        try:
            if row.startswith("## "):
                found[_section(row[3:].strip(), found)] = []
                continue
            if not found:
                raise Wrong("this stands before the first section")
            line = _line(row, section=list(found)[-1], known=known)
            if line.key in seen:
                raise Wrong(f"the id {line.key} is used twice")
            seen.add(line.key)
            found[list(found)[-1]].append(line)
        except Wrong as wrong:
            raise SheetError(str(wrong), name=name, line=number) from wrong
    if missing := [section for section in SECTIONS if section not in found]:
        raise SheetError(f"the section {missing[0]} is missing", name=name, line=len(rows))
    return found


def _section(title: str, found: dict[str, list[Line]]) -> str:
    if title not in SECTIONS:
        raise Wrong(f"unknown section {title!r}")
    if title in found or title != SECTIONS[len(found)]:
        raise Wrong(f"the section {title} is out of order or given twice")
    return title


def _line(row: str, *, section: str, known: frozenset[str] | None) -> Line:
    item = ITEM.fullmatch(row.rstrip())
    if item is None:
        raise Wrong("a statement is one line: - text {id | mark | citations}")
    text, parts = (
        item["text"].strip(),
        [part.strip() for part in item["brace"].split("|")],
    )
    if not text:
        raise Wrong("the statement has no words")
    if len(parts) not in (2, 3):
        raise Wrong("the brace holds id, mark and citations between | signs")
    key, mark = parts[0], parts[1]
    if not (SPOKEN if section == "spoken" else STATEMENT).fullmatch(key):
        raise Wrong(f"the id {key!r} is not written like {'p1' if section == 'spoken' else 's1'}")
    if mark not in MARKS:
        raise Wrong(f"the mark {mark!r} is not one of {', '.join(MARKS)}")
    if mark == "unsure" and section == "spoken":
        raise Wrong("an unsure statement is never read aloud")
    cited = parts[2].split(";") if len(parts) == 3 else []
    citations = [_place(words.strip(), known=known) for words in cited]
    if mark in ("seen", "secondary") and not citations:
        raise Wrong(f"a statement marked {mark} says where it was read")
    return Line(key=key, mark=mark, citations=citations, text=text)


def _place(words: str, *, known: frozenset[str] | None) -> Place:
    if SOURCE.fullmatch(words):
        place = Place(code=words)
    elif match := INSTRUMENT.fullmatch(words):
        place = Place(code=match["code"], place=match["place"] or "")
    else:
        raise Wrong(f"the citation {words!r} is neither a text nor a source")
    if known is not None and place.code not in known:
        raise Wrong(f"the citation {place.code} is in neither instruments.toml nor sources.toml")
    return place


def _row(rows: list[str], key: str) -> int:
    """Line of the file that holds a header word (rows begin at line 2)."""
    return next((n for n, row in enumerate(rows, 2) if row.split("=")[0].strip() == key), 1)
