"""What every engine takes and gives; each speaks its own words behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.search.analysis import Terms, analyse
from knowledge.search.expansion import Question

STEMS, GRAMS, PAIRS = 1.0, 0.3, 0.5
"""Weights of the three fields (stems, four-grams, pairs of stems), chosen on training questions."""


class EngineBroken(Exception):
    """The engine cannot answer now: not built, damaged or made by another version."""


class EngineBusy(EngineBroken):
    """Another process is writing; try again."""


@dataclass(frozen=True)
class Document:
    """One text to index. `key` tells it apart; documents of one `topic` are translations."""

    key: str
    topic: str
    lang: str
    theme: str
    title: str
    text: str
    keywords: str = ""
    """Further spellings that lead to the text. They may be Darija in Latin letters, so they do not
    tell which Latin words are real words of the index."""
    stamp: str = ""
    """Which state of the text this is; another stamp means the text must be indexed anew."""

    @property
    def terms(self) -> Terms:
        """The title counts twice: it says what the text is about."""
        return analyse(f"{self.title}\n{self.title}\n{self.text}\n{self.keywords}")


@dataclass(frozen=True)
class Found:
    key: str
    topic: str
    lang: str
    score: float


class Engine(Protocol):
    """What is asked of each; how one is filled is its own."""

    def find(
        self, question: Question, *, lang: str = "", theme: str = "", limit: int = 10
    ) -> Sequence[Found]: ...
