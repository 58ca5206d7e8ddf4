"""Equivalents of the words of a question, from the glossary."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.search.analysis import stems_of
from knowledge.search.folding import fold, words
from knowledge.search.glossary import Entry, Glossary, in_use
from knowledge.search.stemming import without_article

WEIGHT = 0.5
"""What an equivalent counts beside the asker's own word (1)."""
_KEPT = 2
"""Glossaries of which something is kept: that in use, and the one that questions under way still have."""


@dataclass(frozen=True)
class _Group:
    """Spellings of one notion as rows of stems; `given` are those worth looking for in texts."""

    entry: Entry
    given: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Match:
    """An entry of which a question holds a spelling, and {stem: weight} of its other spellings."""

    entry: Entry
    added: dict[str, float]


class Thesaurus:
    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], _Group]]] = {}
        for entry in entries:
            written = _rows(entry.written)
            group = _Group(entry, written)
            for row in dict.fromkeys(written + _rows(entry.latin)):
                self._by_first.setdefault(row[0], []).append((row, group))
        for found in self._by_first.values():
            found.sort(key=lambda pair: -len(pair[0]))

    def expand(self, stems: list[str]) -> dict[str, float]:
        """{stem: weight} of the other spellings of each notion that the row of stems contains."""
        out: dict[str, float] = {}
        for match in self.matches(stems):
            for stem, weight in match.added.items():
                out[stem] = max(out.get(stem, 0), weight)
        return out

    def matches(self, stems: list[str]) -> list[Match]:
        """The notions that the row of stems contains.

        The longest spelling that starts at a stem wins: "rapport financier" is not "rapport".
        """
        found = []
        for at, first in enumerate(stems):
            longest = 0
            for row, group in self._by_first.get(first, ()):
                if len(row) < longest or tuple(stems[at : at + len(row)]) != row:
                    continue
                longest = len(row)
                found.append(Match(group.entry, _added(group, stems)))
        return found


def _added(group: _Group, stems: list[str]) -> dict[str, float]:
    added: dict[str, float] = {}
    for other in group.given:
        for stem in other:
            if stem not in stems:
                added[stem] = max(added.get(stem, 0), WEIGHT / len(other) ** 0.5)
    return added


def thesaurus() -> Thesaurus:
    return _whole(in_use())


def own_thesaurus() -> Thesaurus:
    """Of the centre's own terms alone."""
    return _own(in_use())


@lru_cache(_KEPT)
def _whole(glossary: Glossary) -> Thesaurus:
    return Thesaurus(glossary.entries)


@lru_cache(_KEPT)
def _own(glossary: Glossary) -> Thesaurus:
    return Thesaurus(glossary.own)


@lru_cache(_KEPT)
def written_words(glossary: Glossary) -> frozenset[str]:
    """Every word of the spellings that articles may contain."""
    return _words(text for entry in glossary.entries for text in entry.written)


@lru_cache(_KEPT)
def latin_words(glossary: Glossary) -> frozenset[str]:
    """Every word of the Latin spellings of Darija."""
    return _words(text for entry in glossary.entries for text in entry.latin)


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for text in texts for word in words(text))


def written_form(word: str) -> str:
    """A word in normal form as people write it, when the glossary holds it, else empty."""
    return _written_forms(in_use()).get(word, "")


@lru_cache(_KEPT)
def _written_forms(glossary: Glossary) -> dict[str, str]:
    forms: dict[str, str] = {}
    for entry in glossary.entries:
        for text in entry.written:
            for written in text.split():
                for word in words(written):
                    for key in (word, fold(word), without_article(word)):
                        forms.setdefault(key, written)
    return forms


def _rows(spellings: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    rows = (tuple(stems_of(text)) for text in spellings)
    return tuple(dict.fromkeys(row for row in rows if row))
