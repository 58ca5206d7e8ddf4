"""What becomes of a question, step by step: for who keeps the glossary and wonders why something is found.

Nothing is reckoned twice here: the steps are those that `understand` left behind.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.search import index, kept, query, simple
from knowledge.search.analysis import is_stop
from knowledge.search.arabizi import is_arabizi
from knowledge.search.engines.port import EngineBroken
from knowledge.search.expansion import How, Question, Taken, understand
from knowledge.search.folding import words
from knowledge.search.glossary import Entry
from knowledge.search.hits import Results
from knowledge.search.stemming import stem
from knowledge.search.thesaurus import Match, own_thesaurus, thesaurus
from knowledge.search.vocabulary import Vocabulary

LONGEST = 400
HITS = 5


@dataclass(frozen=True)
class Word:
    """A word in normal form; `taken` is None for one that says nothing of the subject."""

    folded: str
    taken: Taken | None
    is_in_library: bool = False

    @property
    def how(self) -> str:
        """Of expansion.How; `kept` when the glossary alone knows it, `stop` when it says nothing."""
        if self.taken is None:
            return "stop"
        if self.taken.how == How.KNOWN and not self.is_in_library:
            return "kept"
        return str(self.taken.how)


@dataclass(frozen=True)
class Added:
    """A term of the glossary that was recognised, and (stem, percent) of what it adds."""

    entry: Entry
    stems: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Explained:
    text: str
    is_arabizi: bool
    words: list[Word]
    added: list[Added]
    asked: list[tuple[str, int]]
    """(stem, percent) of all that is looked for, the heaviest first."""
    results: Results


def explain(text: str) -> Explained:
    """Never raises on what was typed."""
    kept.follow(at_once=True)
    text = text[:LONGEST]
    vocabulary = _vocabulary()
    question = understand(text, vocabulary)
    return Explained(
        text=text,
        is_arabizi=is_arabizi(text.split()),
        words=list(_words(text, question, vocabulary)),
        added=_added(question),
        asked=_in_percent(question.stems),
        results=query.search(text, limit=HITS),
    )


def _vocabulary() -> Vocabulary:
    try:
        return index.engine().vocabulary
    except EngineBroken:
        return simple.vocabulary()


def _words(text: str, question: Question, vocabulary: Vocabulary) -> Iterator[Word]:
    """Every word until the last that counted."""
    taken = iter(question.taken)
    for word in words(text):
        if is_stop(word):
            yield Word(word, None)
        elif (one := next(taken, None)) is not None:
            yield Word(word, one, vocabulary.has_stem(stem(word)))


def _added(question: Question) -> list[Added]:
    rows = thesaurus().matches([taken.stem for taken in question.taken])
    rows += own_thesaurus().matches([stem(taken.typed) for taken in question.taken])
    found: dict[int, Match] = {id(match.entry): match for match in reversed(rows)}
    return [
        Added(match.entry, tuple(_in_percent(match.added))) for match in reversed(found.values())
    ]


def _in_percent(weights: dict[str, float]) -> list[tuple[str, int]]:
    ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(term, round(100 * weight)) for term, weight in ranked]
