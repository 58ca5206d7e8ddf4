"""The glossary for readers: terms under their first letters, in the order of one language."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from knowledge.search import kept
from knowledge.search.folding import fold
from knowledge.search.glossary import Entry, Glossary, in_use
from knowledge.search.stemming import without_article

ORDERS = ("ar", "fr", "ary")
"""Arabic, French, Darija: the language whose words lead the list."""


@dataclass(frozen=True)
class Letter:
    """A letter with the terms that begin with it; `anchor` is its place on the page."""

    letter: str
    anchor: str
    terms: list[Entry]


def by_letter(order: str) -> tuple[Letter, ...]:
    """All terms shown that have a word in that language, under the letters of their first spelling."""
    kept.follow()
    return _by_letter(order, in_use())


@lru_cache(maxsize=6)
def _by_letter(order: str, glossary: Glossary) -> tuple[Letter, ...]:
    found: dict[str, list[tuple[str, Entry]]] = {}
    for entry in glossary.entries:
        if not entry.is_shown:
            continue
        spellings = written(entry, order)
        if spellings:
            key = _key(spellings[0])
            found.setdefault(key[:1].upper(), []).append((key, entry))
    return tuple(
        Letter(letter, f"l{ord(letter)}", [entry for _, entry in sorted(rows, key=_first)])
        for letter, rows in sorted(found.items())
    )


def written(entry: Entry, order: str) -> tuple[str, ...]:
    """The spellings of one language."""
    return {"ar": entry.ar, "fr": entry.fr, "ary": entry.darija}[order]


def _key(text: str) -> str:
    """What to sort by: without the article, accents or the signs over letters."""
    folded = fold(text) or text
    bare = without_article(folded)
    plain = unicodedata.normalize("NFD", bare)
    return "".join(c for c in plain if not unicodedata.combining(c)) or text


def _first(pair: tuple[str, Entry]) -> str:
    return pair[0]
