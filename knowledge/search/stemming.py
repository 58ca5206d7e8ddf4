"""Stems: what a word has in common with its plural, its feminine and its article."""

import re
from functools import lru_cache

import Stemmer

from knowledge.search.folding import fold, is_arabic

_french = Stemmer.Stemmer("french")
_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
_GROWN_ON = (
    re.compile("[وفبكل](.{3,})"),
    re.compile("[وف][بكل](.{3,})"),
    re.compile("(?:كا|غا|ك|غ)([نتي].{2,})"),
    re.compile("ما?(.{3,})ش"),
)
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a word in normal form (see folding): Arabic light stems, French Snowball.

    French accents go before stemming, so that people who type none lose nothing.
    """
    if is_arabic(word):
        return _arabic_stem(word)
    folded = fold(word)
    if folded.isdigit() or len(folded) < 4:
        return folded
    return str(_french.stemWord(folded))


def without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def bare_forms(word: str) -> list[str]:
    """What an Arabic word may be without what grew on to it, the least changed first.

    Written-on particles (لملف, فالدوار), the Darija present and future (كيطلب, غنفتحو) and the
    negation around a verb (ماعطاوناش).
    """
    if not is_arabic(word):
        return []
    cut = [match[1] for pattern in _GROWN_ON if (match := pattern.fullmatch(word))]
    forms = [form for core in cut for form in (core, without_article(core))]
    return [form for form in dict.fromkeys(forms) if form != word]


def _arabic_stem(word: str) -> str:
    """Affixes removed in the manner of Light10, each suffix at most once and in this order.

    A final -i or -ia goes only from long words: جمعية (association) is not جمع (assembly).
    """
    if len(word) > 3 and word[0] == "و":
        word = word[1:]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        left = 4 if suffix in ("يه", "ي") else 2
        if word.endswith(suffix) and len(word) - len(suffix) >= left:
            word = word[: -len(suffix)]
    return word
