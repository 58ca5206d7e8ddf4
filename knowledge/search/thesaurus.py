"""Equivalents of the words of a question, from the glossary."""

from dataclasses import dataclass
from functools import cache

from knowledge.search.analysis import stems_of
from knowledge.search.folding import fold, words
from knowledge.search.glossary import entries
from knowledge.search.stemming import without_article

WEIGHT = 0.5
"""What an equivalent counts beside the asker's own word (1)."""


@dataclass(frozen=True)
class _Group:
    """Spellings of one notion as rows of stems; `given` are those worth looking for in texts."""

    given: tuple[tuple[str, ...], ...]


class Thesaurus:
    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], _Group]]] = {}
        for entry in entries():
            written = _rows(entry.written)
            group = _Group(written)
            for row in dict.fromkeys(written + _rows(entry.latin)):
                self._by_first.setdefault(row[0], []).append((row, group))
        for found in self._by_first.values():
            found.sort(key=lambda pair: -len(pair[0]))

    def expand(self, stems: list[str]) -> dict[str, float]:
        """{stem: weight} of the other spellings of each notion that the row of stems contains.

        The longest spelling that starts at a stem wins: "rapport financier" is not "rapport".
        """
        out: dict[str, float] = {}
        for at, first in enumerate(stems):
            longest = 0
            for row, group in self._by_first.get(first, ()):
                if len(row) < longest or tuple(stems[at : at + len(row)]) != row:
                    continue
                longest = len(row)
                for other in group.given:
                    for stem in other:
                        if stem not in stems:
                            out[stem] = max(out.get(stem, 0), WEIGHT / len(other) ** 0.5)
        return out


@cache
def thesaurus() -> Thesaurus:
    return Thesaurus()


@cache
def written_words() -> frozenset[str]:
    """Every word of the spellings that articles may contain."""
    return frozenset(fold(w) for e in entries() for text in e.written for w in words(text))


@cache
def latin_words() -> frozenset[str]:
    """Every word of the Latin spellings of Darija."""
    return frozenset(fold(w) for e in entries() for text in e.latin for w in words(text))


def written_form(word: str) -> str:
    """A word in normal form as people write it, when the glossary holds it, else empty."""
    return _written_forms().get(word, "")


@cache
def _written_forms() -> dict[str, str]:
    forms: dict[str, str] = {}
    for entry in entries():
        for text in entry.written:
            for written in text.split():
                for word in words(written):
                    for key in (word, fold(word), without_article(word)):
                        forms.setdefault(key, written)
    return forms


def _rows(spellings: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    rows = (tuple(stems_of(text)) for text in spellings)
    return tuple(dict.fromkeys(row for row in rows if row))
