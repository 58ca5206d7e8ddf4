"""A question as weighted terms: Latin letters read as Arabic, errors mended, equivalents added.

The asker's own words always stay, with weight 1: a wrong guess then costs little.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.search.analysis import grams, is_stop, pairs
from knowledge.search.arabizi import is_arabizi, is_latin_word
from knowledge.search.folding import fold, storable, words
from knowledge.search.spelling import ONE_EDIT, SHORTEST
from knowledge.search.stemming import bare_forms, stem
from knowledge.search.thesaurus import own_thesaurus, thesaurus
from knowledge.search.transliteration import TOO_DEAR
from knowledge.search.vocabulary import Vocabulary

MOST_WORDS = 60
"""Words of a question that are searched; engines limit the clauses of a query."""
MOST_CHARACTERS = 4_000
CLEARLY = 0.1
"""Cost under which a Latin word is read as Arabic though nothing else in the question is."""
_PUNCTUATION = '?!.,;:«»()"؟،؛…'


@dataclass(frozen=True)
class Understood:
    """A word that was read as another one; `sure` enough to be shown to the asker, or not."""

    typed: str
    read: str
    sure: bool


class How(StrEnum):
    """What became of a word."""

    KNOWN = "known"
    """The library or the glossary holds it."""
    BARE = "bare"
    """Known without what grew on to it: لملف, كيطلب."""
    MENDED = "mended"
    """Near a known word, and taken for it."""
    NEARED = "neared"
    """Near a known word, which may be another one."""
    READ = "read"
    """Arabic in Latin letters."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Taken:
    """A word as it was taken: (other word, weight) for each reading, and the stem that stands for it."""

    typed: str
    how: How
    read: tuple[tuple[str, float], ...]
    stem: str


@dataclass
class Question:
    """What an engine is asked: {term: weight} for each field, and what was made of the words."""

    stems: dict[str, float] = field(default_factory=dict)
    grams: dict[str, float] = field(default_factory=dict)
    pairs: dict[str, float] = field(default_factory=dict)
    understood: list[Understood] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    """The telling words, in order."""

    @property
    def unknown(self) -> list[str]:
        """Words, folded, that nothing knows and that were taken for no other."""
        lost = (How.UNKNOWN, How.NEARED)
        return list(dict.fromkeys(fold(word.typed) for word in self.taken if word.how in lost))

    @property
    def is_empty(self) -> bool:
        return not self.stems

    def weigh(self, stem: str, weight: float) -> None:
        self.stems[stem] = max(self.stems.get(stem, 0), weight)


def understand(text: str, vocabulary: Vocabulary) -> Question:
    """Never raises on what a person typed; without a telling word the question is empty."""
    question = Question()
    raws = [raw.strip(_PUNCTUATION) for raw in _short(text).split()][:MOST_WORDS]
    arabizi = is_arabizi(raws)
    for raw in raws:
        for word in words(raw):
            if len(question.taken) < MOST_WORDS and not is_stop(word):
                taken = _take(question, raw, word, vocabulary, arabizi=arabizi)
                question.taken.append(taken)
    row = [taken.stem for taken in question.taken]
    for other, weight in equivalents(question).items():
        question.weigh(other, weight)
    for pair in pairs(row):
        question.pairs[pair] = 1.0
    return question


def equivalents(question: Question) -> dict[str, float]:
    """{stem: weight} of what the glossary adds."""
    row = [taken.stem for taken in question.taken]
    added = thesaurus().expand(row)
    # A spelling that the centre itself keeps means its term, whatever else it could be read as.
    for other, weight in own_thesaurus().expand([stem(t.typed) for t in question.taken]).items():
        added[other] = max(added.get(other, 0), weight)
    return added


def _short(text: str) -> str:
    return storable(text[:MOST_CHARACTERS]).replace("’", "'")


def _take(question: Question, raw: str, word: str, known: Vocabulary, *, arabizi: bool) -> Taken:
    """Weigh one word and its readings."""
    own = stem(word)
    question.weigh(own, 1.0)
    for gram in grams(word):
        question.grams[gram] = 1.0
    latin = is_latin_word(word)
    if latin and arabizi and not known.has_latin(word):
        return _take_latin(question, raw, word, known, dearest=TOO_DEAR)
    if known.knows(word) and not (latin and known.is_keyword(word)):
        return Taken(word, How.KNOWN, (), own)
    if bare := next((form for form in bare_forms(word) if known.knows(form)), ""):
        question.weigh(stem(bare), 1.0)
        return Taken(word, How.BARE, ((bare, 1.0),), stem(bare))
    near = () if known.knows(word) else known.near(word)
    if latin and not near:
        return _take_latin(question, raw, word, known, dearest=CLEARLY)
    for other, weight in near:
        question.weigh(stem(other), weight)
    if near and not known.has_stem(own):
        sure = near[0][1] >= ONE_EDIT and len(word) > SHORTEST
        question.understood.append(Understood(word, near[0][0], sure=sure))
        return Taken(word, How.MENDED if sure else How.NEARED, near, stem(near[0][0]))
    return Taken(word, _without_reading(word, known), near, own)


def _take_latin(
    question: Question, raw: str, word: str, known: Vocabulary, *, dearest: float
) -> Taken:
    """Weigh the Arabic words that a Latin spelling may stand for."""
    spelled = raw if fold(raw.lower()) == fold(word) else word
    readings = _read_latin(spelled, known, dearest=dearest)
    for reading, weight in readings:
        question.weigh(stem(reading), weight)
    if not readings:
        return Taken(word, _without_reading(word, known), (), stem(word))
    question.understood.append(Understood(word, readings[0][0], sure=True))
    return Taken(word, How.READ, tuple(readings), stem(readings[0][0]))


def _without_reading(word: str, known: Vocabulary) -> How:
    """A form of a known word counts as known."""
    return How.KNOWN if known.knows(word) or known.has_stem(stem(word)) else How.UNKNOWN


def _read_latin(spelled: str, known: Vocabulary, *, dearest: float) -> list[tuple[str, float]]:
    """(Arabic word, weight) for each likely reading, the likeliest first with weight 1."""
    costs: dict[str, tuple[float, str]] = {}
    for word, cost in known.readings(spelled):
        if not is_stop(word):
            costs[stem(word)] = min(costs.get(stem(word), (9.0, "")), (cost, word))
    least = min((cost for cost, _ in costs.values()), default=9.0)
    if least > dearest:
        return []
    near = sorted(pair for pair in costs.values() if pair[0] < least + 0.25)
    return [(word, math.exp((least - cost) / 0.12)) for cost, word in near]
