"""Text made comparable: one spelling for everything that people write in several ways.

Arabic letter variants, marks, presentation forms, digits of both scripts, French accents and
elisions, and the lam-alef that PDF text layers of Moroccan laws turn round. Nothing here raises on
what a person typed: NUL bytes and lone surrogates are dropped.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640"  # vowel signs, Quranic signs, tatweel
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"  # joiners and bidi controls
)
LONGEST_WORD = 40
"""Characters of one word that count; more is a blob, not a word."""

_MARKS = re.compile(f"[{MARKS}]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیئ", "ي"),
        **dict.fromkeys("ةھہە", "ه"),
        **dict.fromkeys("کگڭݣ", "ك"),
        **dict.fromkeys("’‘ʼ´`", "'"),
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
        "ؤ": "و",
        "ڤ": "ف",
        "پ": "ب",
        "œ": "oe",
        "æ": "ae",
        "Œ": "oe",
        "Æ": "ae",
        "ß": "ss",
    }
)
# "االستثمار", "إلضافية", "األعمال" for "الاستثمار", "الإضافية", "الأعمال".
_LAM_ALEF = re.compile("(?<![\u0621-\u064a])([وبفك]?)ا([اأإآ])ل(?=[\u0621-\u064a])")
_WORD = re.compile("[^\\W_]+(?:'[^\\W_]+)*")
_ELISION = re.compile("^(?:[ldjcmntsy]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)'(?=.)")
_ARABIC = re.compile("[\u0621-\u064a]")


def storable(text: str) -> str:
    """The text without what neither a database nor an index can hold."""
    return _UNSTORABLE.sub("", text)


def normalise(text: str) -> str:
    """Compatibility forms, marks, case and Arabic letter variants folded; French accents kept."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", storable(text)))
    return _LAM_ALEF.sub(r"\1ال\2", text).translate(_LETTERS).lower()


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """The word without Latin accents."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def words(text: str) -> Iterator[str]:
    """Words of the text in normal form; French elisions gone, other apostrophes split."""
    for word in _WORD.findall(normalise(text)):
        if "'" in word:
            parts = _ELISION.sub("", word).split("'")
            yield from (part[:LONGEST_WORD] for part in parts if part)
        else:
            yield word[:LONGEST_WORD]


def is_arabic(word: str) -> bool:
    return bool(_ARABIC.search(word))
