"""What a text asks for, for searches of other things than the library.

There a guess must not lead to further guesses: a name that may be read as a word (« Nadia », نادي)
would find everything that has to do with that word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from knowledge.search import index, kept, simple
from knowledge.search.analysis import stems_of
from knowledge.search.engines.port import EngineBroken
from knowledge.search.expansion import MOST_WORDS, understand
from knowledge.search.folding import words
from knowledge.search.stemming import stem
from knowledge.search.thesaurus import thesaurus
from knowledge.search.vocabulary import Vocabulary

GUESSED = 0.6
"""Weight of what a word may be read as; its equivalents weigh somewhat less."""


@dataclass(frozen=True)
class Meaning:
    typed: list[str]
    """Stems of the words as they were typed, in order."""
    stems: Mapping[str, float]
    """Those with weight 1, their likely readings and equivalents with less."""
    ordinary: frozenset[str]
    """Words, folded, that the library knows: they are hardly meant as somebody's name."""


def meaning(text: str, *, holds: Callable[[str], bool]) -> Meaning:
    """By the words the library knows; by the glossary's alone while there is no index.

    `holds` tells whether what is searched has a stem: such a word means itself.
    """
    kept.follow()
    try:
        library = index.engine().vocabulary
    except EngineBroken:
        library = simple.vocabulary()
    typed = stems_of(text)[:MOST_WORDS]
    read = understand(text, _Wider(library, holds)).understood
    stems = thesaurus().expand(typed)
    stems |= {stem(one.read): GUESSED for one in read if one.sure}
    stems |= dict.fromkeys(typed, 1.0)
    return Meaning(typed, stems, frozenset(filter(library.knows, words(text))))


class _Wider(Vocabulary):
    """The library's vocabulary and the words of something else."""

    def __init__(self, library: Vocabulary, holds: Callable[[str], bool]) -> None:
        self.__dict__.update(library.__dict__)  # shared, and never added to here
        self._holds = holds

    def knows(self, word: str) -> bool:
        return super().knows(word) or self._holds(stem(word))
