"""What differs between two whole editions that grew apart: statements beside each other by their words.

Keys do not help here, since two centres number their own. Plain data in and out; no query here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from knowledge.articles import citing, differing
from knowledge.articles.differing import Piece
from knowledge.articles.rules import Mark, Section
from knowledge.articles.sheets import Sheet


@dataclass(frozen=True)
class Said:
    """One statement as it is compared. `sources` are the texts it cites, with the place."""

    section: str
    text: str
    mark: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A statement before and after; one of the two is None where it came or went."""

    before: Said | None
    after: Said | None
    pieces: Sequence[Piece]

    @property
    def is_same(self) -> bool:
        return self.before == self.after

    @property
    def sources_gone(self) -> list[str]:
        return _without(self.before, self.after)

    @property
    def sources_new(self) -> list[str]:
        return _without(self.after, self.before)

    @property
    def mark_moved(self) -> bool:
        """How sure it is changed, though it was there before."""
        return bool(self.before and self.after and self.before.mark != self.after.mark)

    @property
    def mark_before(self) -> str:
        return str(Mark(self.before.mark).label) if self.before else ""

    @property
    def mark_after(self) -> str:
        return str(Mark(self.after.mark).label) if self.after else ""


@dataclass(frozen=True)
class Part:
    """One section in which something differs."""

    section: Section
    lines: Sequence[Line]

    @property
    def title(self) -> str:
        return str(self.section.label)


def parts(before: Iterable[Said], after: Iterable[Said]) -> list[Part]:
    """The sections in which anything differs, each with all its lines, in reading order."""
    old, new = list(before), list(after)
    found = [
        Part(section, _lines(_of(old, section), _of(new, section))) for section in Section
    ]  # fmt: skip
    return [part for part in found if not all(line.is_same for line in part.lines)]


def said(sheet: Sheet, texts: Mapping[str, Any]) -> list[Said]:
    """The statements of a sheet; `texts` are those it cites, by code."""
    return [
        Said(
            name, line.text, line.mark,
            tuple(citing.written(texts[p.code], p.place, sheet.lang) for p in line.citations),
        )
        for name, rows in sheet.sections.items()
        for line in rows
    ]  # fmt: skip


def said_in(version: Any) -> list[Said]:
    """The statements of a version that was loaded whole."""
    language = version.edition.language
    return [
        Said(
            row.section, row.text, row.mark,
            tuple(citing.line(cited, language) for cited in row.citations.all()),
        )
        for row in version.statements.all()
    ]  # fmt: skip


def _lines(old: Sequence[Said], new: Sequence[Said]) -> list[Line]:
    """Equal texts stand beside each other; what lies between them is paired in its order."""
    texts = [row.text for row in old], [row.text for row in new]
    found: list[Line] = []
    for _what, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        found += [_line(*pair) for pair in zip_longest(old[a:b], new[c:d])]
    return found


def _line(before: Said | None, after: Said | None) -> Line:
    texts = before.text if before else "", after.text if after else ""
    return Line(before, after, differing.pieces(*texts))


def _of(rows: Iterable[Said], section: str) -> list[Said]:
    return [row for row in rows if row.section == section]


def _without(these: Said | None, those: Said | None) -> list[str]:
    known = those.sources if those else ()
    return [source for source in (these.sources if these else ()) if source not in known]
