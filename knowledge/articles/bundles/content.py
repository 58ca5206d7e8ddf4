"""What stands in a bundle, as plain data: articles with their signed editions, and the texts they cite.

Written with `plain`, read with `article` and `texts`, which believe nothing: a signature says who made
a bundle, not that it is well made. No query here.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from knowledge.articles import citable, sheets
from knowledge.articles.bundles.reader import Reader
from knowledge.articles.bundles.refusals import Malformed

LANGUAGES = ("ar", "fr")
TEXTS, TERMS = "texts.json", "terms.json"
MARKS = tuple(mark for mark in citable.MARKS if mark != "unsure")
"""What nobody is sure of stays at home."""


@dataclass(frozen=True)
class Force:
    """From when until when something is in force; `instead` and `territory` of an article only."""

    starts: date | None = None
    ends: date | None = None
    is_ended: bool = False
    ended_by: str = ""
    instead: str = ""
    territory: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edition:
    """A published version with who signed it there; `sheet` is its content."""

    sheet: sheets.Sheet
    number: int
    reviewer: str
    reviewed_on: date
    bulletin: str
    earlier: tuple[str, ...]
    """Digests of what readers there saw before: only what was published."""

    @property
    def language(self) -> str:
        return self.sheet.lang


@dataclass(frozen=True)
class Article:
    topic: str
    theme: str
    intake: tuple[str, ...]
    four_eyes: bool
    force: Force
    editions: tuple[Edition, ...]


@dataclass(frozen=True)
class Text:
    """A text of law, or a place where one was read."""

    code: str
    kind: str
    number: str
    day: date | None
    name_ar: str
    name_fr: str
    short_ar: str
    short_fr: str
    bulletin_ar: str
    bulletin_fr: str
    mark: str
    force: Force


NAMES = {
    "name_ar": 300, "name_fr": 300, "short_ar": 120, "short_fr": 120, "bulletin_ar": 120,
    "bulletin_fr": 120,
}  # fmt: skip
"""What a text is called in words, and how long that may be."""


@dataclass(frozen=True)
class Term:
    """A notion of their glossary that readers find there, with the ways people write it."""

    ar: tuple[str, ...]
    fr: tuple[str, ...]
    darija: tuple[str, ...]
    latin: tuple[str, ...]
    meaning_ar: str
    meaning_fr: str
    stands_for: str
    """Key of the entry of the program in whose place it stands."""


def plain(found: Article) -> dict[str, Any]:
    """An article as it is written into its file."""
    return {
        "topic": found.topic, "theme": found.theme, "intake": list(found.intake),
        "four_eyes": found.four_eyes, "force": _plain_force(found.force),
        "editions": {one.language: _plain_edition(one) for one in found.editions},
    }  # fmt: skip


def plain_text(found: Text) -> dict[str, Any]:
    return {
        "kind": found.kind, "number": found.number, "day": _iso(found.day), "mark": found.mark,
        "force": _plain_force(found.force), **{name: getattr(found, name) for name in NAMES},
    }  # fmt: skip


def plain_terms(found: Iterable[Term]) -> dict[str, Any]:
    return {"terms": sorted((asdict(term) for term in found), key=repr)}


def terms(content: Any) -> tuple[Term, ...]:
    """Raises Malformed."""
    read = Reader(TERMS, content)
    found = read.rows("terms", 5_000, _term)
    read.nothing_else()
    return tuple(found)


def article(content: Any, *, topic: str, codes: frozenset[str]) -> Article:
    """Raises Malformed; `codes` are the texts that may be cited."""
    read = Reader(f"articles/{topic}.json", content)
    found = Article(
        topic=read.one_of("topic", [topic]),
        theme=read.one_of("theme", sheets.THEMES),
        intake=tuple(read.texts("intake", 40, 60)),
        four_eyes=read.yes("four_eyes"),
        force=_force(read.inner("force"), codes),
        editions=(),
    )
    editions = read.inner("editions")
    made = [
        _edition(editions.inner(language), found, language, codes)
        for language in LANGUAGES
        if language in editions.content
    ]
    editions.nothing_else()
    read.nothing_else()
    if not made:
        raise Malformed(read.name, "editions")
    return replace(found, editions=tuple(made))


def texts(content: Any) -> dict[str, Text]:
    """Raises Malformed."""
    table = Reader(TEXTS, content)
    codes = frozenset(table.content)
    return {code: _text(table.inner(code), code, codes) for code in sorted(codes)}


def _text(read: Reader, code: str, codes: frozenset[str]) -> Text:
    if " " in code or not (citable.INSTRUMENT.fullmatch(code) or citable.SOURCE.fullmatch(code)):
        raise Malformed(read.name, code)
    names = {name: read.text(name, n, empty=True) for name, n in NAMES.items()}
    found = Text(
        code=code, kind=read.one_of("kind", (*citable.KINDS, "source")),
        number=read.text("number", 40, empty=True), day=read.day("day"), **names,
        mark=read.one_of("mark", ("", *citable.MARKS)), force=_force(read.inner("force"), codes),
    )  # fmt: skip
    read.nothing_else()
    return found


def _term(read: Reader) -> Term:
    words = {name: tuple(read.texts(name, 120, 60)) for name in ("ar", "fr", "darija", "latin")}
    said = {name: read.text(name, 500, empty=True) for name in ("meaning_ar", "meaning_fr")}
    found = Term(**words, **said, stands_for=read.text("stands_for", 20, empty=True))  # type: ignore[arg-type]
    read.nothing_else()
    return found


def _plain_force(force: Force) -> dict[str, Any]:
    return {
        "from": _iso(force.starts), "until": _iso(force.ends), "ended": force.is_ended,
        "by": force.ended_by, "instead": force.instead, "territory": list(force.territory),
    }  # fmt: skip


def _force(read: Reader, codes: frozenset[str]) -> Force:
    found = Force(
        read.day("from"), read.day("until"), read.yes("ended"), read.text("by", 40, empty=True),
        read.text("instead", 40, empty=True), tuple(read.texts("territory", 8, 100)),
    )  # fmt: skip
    read.nothing_else()
    if found.ended_by and found.ended_by not in codes:
        raise Malformed(read.name, found.ended_by)
    return found


def _plain_edition(found: Edition) -> dict[str, Any]:
    sheet = found.sheet
    return {
        "title": sheet.title, "question": sheet.question, "keywords": sheet.keywords,
        "checked": _iso(sheet.checked), "number": found.number, "earlier": list(found.earlier),
        "signed": {"by": found.reviewer, "on": _iso(found.reviewed_on), "bulletin": found.bulletin},
        "sections": {
            name: [
                {"key": line.key, "mark": line.mark, "text": line.text,
                 "cites": [[cited.code, cited.place] for cited in line.citations]}
                for line in rows
            ]
            for name, rows in sheet.sections.items()
        },
    }  # fmt: skip


def _edition(read: Reader, of: Article, language: str, codes: frozenset[str]) -> Edition:
    signed, sections = read.inner("signed"), read.inner("sections")
    lines = {name: sections.rows(name, 400, _line(codes)) for name in sheets.SECTIONS}
    sections.nothing_else()
    keys = [line.key for rows in lines.values() for line in rows]
    if len(set(keys)) != len(keys) or not keys:
        raise Malformed(read.name, "sections")
    sheet = sheets.Sheet(
        topic=of.topic, lang=language, theme=of.theme, title=read.text("title", 200),
        question=read.text("question", 300), keywords=read.texts("keywords", 120, 100),
        intake=list(of.intake), four_eyes=of.four_eyes, checked=read.given_day("checked"),
        sections=lines,
    )  # fmt: skip
    found = Edition(
        sheet,
        read.count("number"),
        signed.text("by", 120),
        signed.given_day("on"),
        signed.text("bulletin", 200, empty=True),
        tuple(read.texts("earlier", 64, 2_000)),
    )
    signed.nothing_else()
    read.nothing_else()
    return found


def _line(codes: frozenset[str]) -> Callable[[Reader], sheets.Line]:
    def read_line(read: Reader) -> sheets.Line:
        cited = [sheets.Place(*pair) for pair in read.pairs("cites", 40, 60)]
        line = sheets.Line(
            read.text("key", 10), read.one_of("mark", MARKS), cited, read.text("text", 6_000)
        )
        read.nothing_else()
        if strange := [place.code for place in cited if place.code not in codes]:
            raise Malformed(read.name, strange[0])
        return line

    return read_line


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
