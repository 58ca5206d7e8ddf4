"""Two ranked lists as one: reciprocal rank fusion, which needs no common scale of scores."""

from collections import defaultdict
from collections.abc import Sequence

from knowledge.search.expansion import Question
from knowledge.search.folding import words as words_of

K = 60
DENSE = 0.5
"""Weight of the vectors beside 1 for words: more takes from Darija what it gives to French."""


def fuse(words: Sequence[str], vectors: Sequence[str]) -> list[tuple[str, float]]:
    """(name, fused score) of all names in both rows, best first."""
    scores: dict[str, float] = defaultdict(float)
    for row, weight in ((words, 1.0), (vectors, DENSE)):
        for rank, name in enumerate(row, 1):
            scores[name] += weight / (K + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def readable(text: str, question: Question) -> str:
    """The question with Latin Darija in Arabic letters, which is all the model can read of it."""
    read = {understood.typed: understood.read for understood in question.understood}
    if not read:
        return text
    return " ".join(read.get(word, word) for raw in text.split() for word in words_of(raw))
