"""Names made comparable, in Arabic and in Latin letters. Pure: no query here.

A name is found by its words. Each word is kept as `fold` spells it, without its article, and as a
*key*: the consonants that both scripts share, so that « Ennakhil » and النخيل meet at `nxl`.
Words that nearly every name carries (جمعية, association, de …) tell nothing and are left out.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from helpdesk.centre.lines import clean_line
from knowledge.search.arabizi import LATIN_CLASS, SECOND_CLASS, VOWELS, units
from knowledge.search.folding import fold as fold_word
from knowledge.search.folding import is_arabic, words
from knowledge.search.transliteration import alignment_cost, skeleton_of

OF_LATIN, OF_ARABIC = "=", "~"
"""First characters of a key among the words, by the script it was read from: no word has them.

A Latin question meets the keys of both, since « Mohamed » is spelled in many ways; an Arabic one
those of Latin words, since Arabic spelling alone already decides between نور and نار.
"""
LONGEST = 40
NEAR = 0.22
"""Dearest alignment of two spellings that still counts as one name (« Nour » and نار cost 0.29)."""

_COMMON_ARABIC = "جمعيه الجمعيه جمعيات رابطه شبكه اتحاد من في و او علي الي بين"
_COMMON_LATIN = """association associations assoc asso ass jamiya jamiyat jamia jam3iya jam3iyat jamaiya
    reseau union de des du d la le les l et pour en au aux a al el il"""
_COMMON = frozenset((_COMMON_ARABIC + " " + _COMMON_LATIN).split())
_ARTICLES = ("وال", "بال", "فال", "كال", "لل", "ال")
_RUN = re.compile(r"(.)\1+")


def clean(text: str, *, longest: int = 200) -> str:
    """A typed name without control characters and direction overrides, spaces made single."""
    return clean_line(text, limit=longest)


def fold(name: str) -> str:
    """One spelling for a name: « جمعيّة النخيل » and « جمعية النخيل » fold alike."""
    return " ".join(_folded(name))


def same(one: str, other: str) -> bool:
    """The same name, in whichever script each is written; an empty name is nobody's.

    Within one script the spelling decides; across scripts every telling word must have its like, in
    order, by key, by spelling and by ending: كريم is « Karim » and never « Karima ».
    """
    left, right = telling(one), telling(other)
    if not left or not right:
        return bool(fold(one)) and fold(one) == fold(other)
    if len(left) != len(right):
        return False
    return all(_same_word(a, b) for a, b in zip(left, right, strict=True))


def _same_word(one: str, other: str) -> bool:
    if is_arabic(one) == is_arabic(other):
        return one == other
    arabic, latin = (one, other) if is_arabic(one) else (other, one)
    if not set(keys(latin)) & set(keys(arabic)) or not _ends_alike(latin, arabic):
        return False
    return min(alignment_cost(form, arabic) for form in _forms(units(latin))) <= NEAR


def _ends_alike(latin: str, arabic: str) -> bool:
    """A feminine ending is in both or in neither."""
    if arabic.endswith("ه"):
        return latin.endswith(("a", "e", "h", "t"))
    return not latin.endswith("a") or arabic.endswith(("ا", "ء", "ي", "ع"))


def telling(name: str) -> list[str]:
    """The words that tell one name from another, folded and without their article."""
    return [_bare(word) for word in _folded(name) if word not in _COMMON]


def index_words(*names: str) -> set[str]:
    """Every word a name should be found by: as written, without article, and its keys."""
    return {way for name in names for word in words(name) for way in _ways(word)}


def question(text: str) -> list[tuple[str, list[str]]]:
    """What to look for: each telling word (a beginning) with its keys (exact), longest first.

    Empty when the text has only words that every name carries.
    """
    found = {
        word: [OF_LATIN + k for k in keys(word)]
        + ([] if is_arabic(word) else [OF_ARABIC + k for k in keys(word)])
        for word in telling(text)
    }
    return sorted(found.items(), key=lambda pair: -len(pair[0]))[:6]


def keys(word: str) -> list[str]:
    """The keys of a folded word: one for Arabic, up to five readings for Latin."""
    if any(character.isdigit() for character in word) and (is_arabic(word) or word.isdigit()):
        return []
    if len(set(word)) < 2:  # « kkk » would share its one consonant with every name of that key
        return []
    if is_arabic(word):
        skeletons = [_squeezed(skeleton_of(_bare(word)))]
    else:
        skeletons = [s for form in _forms(units(word)) for s in _skeletons(form)]
    kept = dict.fromkeys(s for s in skeletons if s)
    return [s[: LONGEST - 1] for s in list(kept)[:5]]


@lru_cache(maxsize=4096)
def _ways(word: str) -> tuple[str, ...]:
    """How one word as written is found; the same few names and words are in most of what is indexed."""
    word = fold_word(word)
    if word in _COMMON:
        return ()
    first = OF_ARABIC if is_arabic(word) else OF_LATIN
    return (word[:LONGEST], _bare(word)[:LONGEST], *(first + key for key in keys(word)))


def _folded(name: str) -> list[str]:
    return [fold_word(word) for word in words(name)]


def _bare(word: str) -> str:
    """Without the article and what is stuck on before it: للتنمية is found as تنمية."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 2:
            return word[len(article) :]
    return word


def _forms(spelled: list[str]) -> Iterable[list[str]]:
    """The word, and without an article written on to it: « Alwifak », « lwifak »."""
    yield spelled
    if len(spelled) > 3 and spelled[0] in ("a", "e") and spelled[1] == "l":
        yield spelled[2:]
    elif len(spelled) > 2 and spelled[0] == "l" and spelled[1] not in VOWELS:
        yield spelled[1:]


def _skeletons(form: list[str]) -> Iterable[str]:
    """The usual reading first, then those of letters with two values (c, g, z …), one at a time."""
    first = [LATIN_CLASS.get(unit, LATIN_CLASS.get(unit.lower(), "")) for unit in form]
    yield _squeezed("".join(first))
    for at, unit in enumerate(form):
        if unit in SECOND_CLASS:
            yield _squeezed("".join([*first[:at], SECOND_CLASS[unit], *first[at + 1 :]]))
    if form and form[-1] in ("h", "t"):  # -ah, -at for ta marbuta
        yield _squeezed("".join(first[:-1]))


def _squeezed(skeleton: str) -> str:
    """Doubled consonants once; ain away, which French spelling rarely writes (« Saada »)."""
    return _RUN.sub(r"\1", skeleton.replace("3", ""))
