"""The simple search: titles and questions compared in memory, for when no index can answer."""

from functools import lru_cache

from knowledge.search import glossary, library
from knowledge.search.analysis import stems_of
from knowledge.search.engines.port import Found
from knowledge.search.expansion import Question
from knowledge.search.vocabulary import Vocabulary


def vocabulary() -> Vocabulary:
    """The glossary's words alone."""
    return _vocabulary(glossary.in_use())


@lru_cache(maxsize=1)
def _vocabulary(of: glossary.Glossary) -> Vocabulary:
    return Vocabulary()


def find(question: Question, *, theme: str, limit: int) -> list[Found]:
    """Titles and questions that hold the heaviest words of the question."""
    found = []
    for topic, lang, heading in library.headings(theme):
        score = sum(question.stems.get(stem, 0.0) for stem in set(stems_of(heading)))
        if score > 0:
            found.append(Found(topic, topic, lang, score))
    return sorted(found, key=lambda hit: (-hit.score, hit.key))[:limit]
