"""The one analysis of texts and questions: every engine gets its terms from here, made in Python.

Words: a *stem* stands for the forms of a word, a *gram* is four letters running (for typing errors
and for clitics that the stemmer misses), a *pair* is two stems side by side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from knowledge.search.folding import fold, words
from knowledge.search.glossary import stop_words
from knowledge.search.stemming import stem

VERSION = 1
"""Raise it whenever terms of the same text change: the index is then built anew."""
GRAM = 4


@dataclass(frozen=True)
class Terms:
    """What an index keeps of a text; each list may repeat a term, for its frequency."""

    stems: list[str]
    grams: list[str]
    pairs: list[str]


def analyse(text: str) -> Terms:
    kept = [word for word in words(text) if not is_stop(word)]
    stems = [stem(word) for word in kept]
    return Terms(stems, [gram for word in kept for gram in grams(word)], pairs(stems))


def stems_of(text: str) -> list[str]:
    return [stem(word) for word in words(text) if not is_stop(word)]


def is_stop(word: str) -> bool:
    """A word that says nothing of the subject (articles, question words), in any language."""
    return fold(word) in stop_words()


def grams(word: str) -> list[str]:
    """Letters four by four, with the edges of the word marked."""
    edged = f"_{fold(word)}_"
    return [edged[at : at + GRAM] for at in range(max(1, len(edged) - GRAM + 1))]


def pairs(stems: Iterable[str]) -> list[str]:
    row = list(stems)
    return [f"{one}_{two}" for one, two in pairwise(row)]
