"""Known words near an unknown one, by an index of deletions (the idea of SymSpell).

Two words within N edits share a form that N deletions make from both, so a look-up of the few forms
of the word asked for replaces a walk through the vocabulary. Only the first letters are deleted
from, which keeps the index small; the true distance decides.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations

SHORTEST = 4
PREFIX = 7
ONE_EDIT, TWO_EDITS = 0.7, 0.35
"""Weights of a neighbour beside the asker's own word (1)."""
MOST = 4


class Speller:
    def __init__(self) -> None:
        self._frequency: dict[str, int] = {}
        self._domain: set[str] = set()
        self._forms: dict[str, list[str]] = {}
        self.near = lru_cache(maxsize=4096)(self._near)

    def add(self, words: Iterable[tuple[str, int]], *, domain: bool = False) -> None:
        """Add (folded word, document frequency) as words that a question may have meant.

        A domain word (glossary, titles) comes before an equally near word, however frequent.
        """
        for word, frequency in words:
            if len(word) < SHORTEST or any(letter.isdigit() for letter in word):
                continue
            is_new = word not in self._frequency
            self._frequency[word] = max(self._frequency.get(word, 0), frequency)
            if domain:
                self._domain.add(word)
            if is_new:  # last: whoever finds it there meanwhile finds the rest
                for form in _forms(word[:PREFIX], _edits(word)):
                    self._forms.setdefault(form, []).append(word)
        self.near.cache_clear()

    def _near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Up to four (known word, weight), the nearest first; then domain words, a like beginning, frequency."""
        if len(word) < SHORTEST or word.isdigit():
            return ()
        limit = _edits(word)
        candidates = {
            known for form in _forms(word[:PREFIX], limit) for known in self._forms.get(form, ())
        }
        found = []
        for known in candidates:
            if abs(len(known) - len(word)) <= limit and known.isascii() == word.isascii():
                edits = distance(word, known, limit)
                if edits <= limit:
                    alike = _same_start(word, known)
                    found.append(
                        (edits, known not in self._domain, -alike, -self._frequency[known], known)
                    )
        weights = (TWO_EDITS, ONE_EDIT)
        return tuple((known, weights[edits <= 1]) for edits, *_, known in sorted(found)[:MOST])


def distance(one: str, two: str, limit: int) -> int:
    """Edits between two words (a swap of neighbours is one); limit + 1 when there are more."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        new = [i]
        for j, b in enumerate(two, 1):
            best = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            new.append(best)
        if min(new) > limit:
            return limit + 1
        before, row = row, new
    return min(row[-1], limit + 1)


def _same_start(one: str, two: str) -> int:
    """Letters until the words part."""
    return next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))


def _edits(word: str) -> int:
    return 1 if len(word) < 6 else 2


def _forms(prefix: str, deletions: int) -> set[str]:
    size = len(prefix)
    return {
        "".join(letter for at, letter in enumerate(prefix) if at not in gone)
        for count in range(min(deletions, size - 1) + 1)
        for gone in combinations(range(size), count)
    }
