"""What differs between two texts of an edition, statement by statement and word by word. No query here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from knowledge.articles import parts
from knowledge.articles.parts import Item
from knowledge.articles.rules import Mark

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
LONGEST = 2_000
"""Words compared one by one; a longer text is shown as taken out and put in."""


@dataclass(frozen=True)
class Piece:
    """Words that both have (`""`), or that were taken out (`del`) or put in (`ins`)."""

    words: str
    kind: str = ""


@dataclass(frozen=True)
class Change:
    """One statement, or the text of a part that has none: what became of it."""

    key: str
    kind: str
    """`new`, `gone` or `changed`."""
    pieces: Sequence[Piece]
    before: Any = None
    """Mark and citations as they were, when they differ."""
    after: Any = None


@dataclass(frozen=True)
class Brace:
    """What stands behind a statement."""

    mark: str
    cited: str

    @property
    def label(self) -> str:
        return str(Mark(self.mark).label) if self.mark else ""


def changes(name: str, before: str, after: str) -> list[Change]:
    """What differs in one part; empty when nothing does."""
    if parts.same(before, after):
        return []
    if name in parts.HEAD:
        return [Change("", "changed", pieces(before, after))]
    return _of_statements(parts.items(before), parts.items(after))


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[Change]]:
    """The parts that differ, in their order."""
    found = {name: changes(name, before.get(name, ""), after.get(name, "")) for name in parts.NAMES}
    return {name: rows for name, rows in found.items() if rows}


def pieces(before: str, after: str) -> list[Piece]:
    """Both texts in one line of reading."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > LONGEST:
        return [Piece(before, "del"), Piece(after, "ins")]
    made: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(Piece("".join(old[a:b])))
            continue
        made += [Piece("".join(old[a:b]), "del")] if b > a else []
        made += [Piece("".join(new[c:d]), "ins")] if d > c else []
    return made


def _of_statements(before: Sequence[Item], after: Sequence[Item]) -> list[Change]:
    """Statements are the same by their key; those without one by their words."""
    old = {row.key or row.text: row for row in before}
    new = {row.key or row.text: row for row in after}
    made = []
    for name, row in new.items():
        if name not in old:
            made.append(Change(row.key, "new", [Piece(row.text, "ins")], after=_brace(row)))
        elif old[name] != Item(row.text, row.key, row.mark, row.places, old[name].row):
            was, now = _brace(old[name]), _brace(row)
            told = {"before": was, "after": now} if was != now else {}
            made.append(Change(row.key, "changed", pieces(old[name].text, row.text), **told))
    gone = [row for name, row in old.items() if name not in new]
    made += [Change(row.key, "gone", [Piece(row.text, "del")]) for row in gone]
    if not made:  # the same statements in another order, or with other spaces
        made = [Change("", "changed", pieces(parts.typed(before), parts.typed(after)))]
    return made


def _brace(row: Item) -> Brace:
    return Brace(row.mark, "; ".join(f"{code} {place}".strip() for code, place in row.places))
