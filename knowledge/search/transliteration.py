"""Arabic words that a word in Latin letters may stand for, out of the words the index knows.

Two steps: a skeleton of consonants, computed alike from both scripts, finds candidates; the cost of
aligning the spellings, which knows how each letter is written, ranks them.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.search.arabizi import (
    ARABIC_CLASS,
    DROPPED_ARABIC,
    DROPPED_LATIN,
    LATIN_CLASS,
    READINGS,
    SECOND_CLASS,
    VOWELS,
    units,
)

TOO_DEAR = 0.45
"""A candidate that costs more per letter is another word."""
DOMAIN_BONUS = 0.15
FREQUENCY_BONUS = 0.012
_ARABIC_ONLY = re.compile("[\u0621-\u064a]+")
_RUN = re.compile(r"(.)\1+")
Candidates = list[tuple[str, float]]


class Lexicon:
    """The Arabic words that Latin spellings are read against; words may be added, none removed."""

    def __init__(self) -> None:
        self._by_skeleton: dict[str, list[str]] = {}
        self._frequency: dict[str, int] = {}
        self._domain: set[str] = set()
        self.candidates = lru_cache(maxsize=4096)(self._candidates)

    def add(self, words: Iterable[tuple[str, int]], *, domain: bool = False) -> None:
        """Add (word, document frequency); a domain word wins against equally good look-alikes."""
        for word, frequency in words:
            if not _ARABIC_ONLY.fullmatch(word):
                continue
            is_new = word not in self._frequency
            self._frequency[word] = max(self._frequency.get(word, 0), frequency)
            if domain:
                self._domain.add(word)
            if is_new and (skeleton := skeleton_of(word)):  # last: see Speller.add
                self._by_skeleton.setdefault(skeleton, []).append(word)
        self.candidates.cache_clear()

    def _candidates(self, latin: str) -> Candidates:
        """Up to eight (word, cost), the likeliest first."""
        seen: dict[str, float] = {}
        forms = list(_forms(units(latin)))
        for form, extra in forms:
            for second, skeleton in enumerate(_latin_skeletons(form)):
                self._weigh(seen, form, skeleton, extra + (0.02 if second else 0))
        if not seen or min(seen.values()) > TOO_DEAR:
            for form, extra in forms:
                for skeleton in _latin_skeletons(form)[:1]:
                    for near in _one_dropped(skeleton):
                        self._weigh(seen, form, near, extra + 0.25)
        ranked = sorted((cost - self._bonus(word), word) for word, cost in seen.items())
        return [(word, cost) for cost, word in ranked[:8]]

    def _weigh(self, seen: dict[str, float], form: list[str], skeleton: str, extra: float) -> None:
        for word in self._by_skeleton.get(skeleton, ()):
            seen[word] = min(seen.get(word, math.inf), alignment_cost(form, word) + extra)

    def _bonus(self, word: str) -> float:
        frequent = FREQUENCY_BONUS * math.log(self._frequency[word] + 1)
        return frequent + (DOMAIN_BONUS if word in self._domain else 0)


def skeleton_of(arabic: str) -> str:
    """Consonant classes of an Arabic word: weak letters dropped, a final h (ta marbuta) too."""
    out: list[str] = []
    for at, letter in enumerate(arabic):
        name = ARABIC_CLASS.get(letter)
        final_h = letter == "ه" and at == len(arabic) - 1
        if name and not final_h and (not out or out[-1] != name):
            out.append(name)
    return "".join(out)


def alignment_cost(form: list[str], arabic: str) -> float:
    """Cheapest alignment of spelling units with an Arabic word, per square root of letters."""
    size = len(arabic)
    row = [0.0]
    for letter in arabic:
        row.append(row[-1] + DROPPED_ARABIC.get(letter, 1.0))
    for at, unit in enumerate(form):
        dropped = DROPPED_LATIN.get(unit, 1.0)
        late = 0.15 if at == 0 and unit in VOWELS else 0.0
        new = [row[0] + dropped]
        for end in range(1, size + 1):
            best = min(
                row[end] + dropped + late,
                new[end - 1] + DROPPED_ARABIC.get(arabic[end - 1], 1.0),
            )
            for reading, cost in READINGS[unit]:
                start = end - len(reading)
                if start < 0 or arabic[start:end] != reading:
                    continue
                # A vowel is a ta marbuta only at the end of the word.
                if reading == "ه" and unit in "ae" and end != size:
                    continue
                best = min(best, row[start] + cost)
            new.append(best)
        row = new
    return row[size] / math.sqrt(max(size, len(form), 1))


def _forms(spelled: list[str]) -> Iterable[tuple[list[str], float]]:
    """The word itself, without a tanwin (ahlan), without an article (lwasl, el9anoun)."""
    yield spelled, 0.0
    if len(spelled) > 4 and spelled[-2:] == ["a", "n"]:
        yield spelled[:-1], 0.05
    if len(spelled) > 3 and spelled[0] == "l":
        yield spelled[1:], 0.0 if spelled[1] not in VOWELS else 0.05
    if len(spelled) > 4 and spelled[0] in "eai" and spelled[1] == "l":
        yield spelled[2:], 0.05


def _latin_skeletons(form: list[str]) -> list[str]:
    """The main skeleton, then those of the second readings, one letter at a time."""
    first = [LATIN_CLASS.get(unit, LATIN_CLASS.get(unit.lower(), "")) for unit in form]
    keys = [first]
    keys += [
        [*first[:at], SECOND_CLASS[unit], *first[at + 1 :]]
        for at, unit in enumerate(form)
        if unit in SECOND_CLASS
    ]
    if form and form[-1] in ("h", "t", "8"):  # -ah, -at for ta marbuta
        keys.append(first[:-1])
    if len(form) > 4 and form[-2:] == ["a", "n"]:
        keys.append(first[:-1])
    skeletons = (_RUN.sub(r"\1", "".join(key)) for key in keys)
    return list(dict.fromkeys(skeleton for skeleton in skeletons if skeleton))


def _one_dropped(skeleton: str) -> set[str]:
    if len(skeleton) <= 3:
        return set()
    return {skeleton[:at] + skeleton[at + 1 :] for at in range(len(skeleton))}
