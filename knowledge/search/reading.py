"""What a text asks for, for searches of other things than the library."""

from collections.abc import Callable

from knowledge.search import index, simple
from knowledge.search.engines.port import EngineBroken
from knowledge.search.expansion import Question, understand
from knowledge.search.stemming import stem
from knowledge.search.vocabulary import Vocabulary


def understood(text: str, *, holds: Callable[[str], bool]) -> Question:
    """By the words the library knows; by the glossary's alone while there is no index.

    `holds` tells whether what is searched has a stem: such a word means itself.
    """
    try:
        vocabulary = index.engine().vocabulary
    except EngineBroken:
        vocabulary = simple.vocabulary()
    return understand(text, _Wider(vocabulary, holds))


class _Wider(Vocabulary):
    """The library's vocabulary and the words of something else."""

    def __init__(self, library: Vocabulary, holds: Callable[[str], bool]) -> None:
        self.__dict__.update(library.__dict__)  # shared, and never added to here
        self._holds = holds

    def knows(self, word: str) -> bool:
        return super().knows(word) or self._holds(stem(word))
