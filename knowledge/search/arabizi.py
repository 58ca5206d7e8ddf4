"""How Moroccans write Arabic in Latin letters and digits: the letters, and how to tell.

Each Latin spelling has its Arabic readings with a cost between 0 (sure) and 1; the tables below
were written by hand and hold the classes of consonants by which words are found at all.
"""

import re

from knowledge.search.folding import fold

READINGS: dict[str, tuple[tuple[str, float], ...]] = {
    "ch": (("ش", 0),),
    "sh": (("ش", 0), ("سه", 0.5), ("صح", 0.5)),
    "kh": (("خ", 0),),
    "gh": (("غ", 0),),
    "th": (("ث", 0), ("ت", 0.3), ("ته", 0.6)),
    "dh": (("ذ", 0), ("ض", 0.2), ("ظ", 0.2), ("د", 0.4)),
    "ph": (("ف", 0),),
    "ou": (("و", 0),),
    "oo": (("و", 0),),
    "ee": (("ي", 0),),
    "aa": (("ا", 0.02), ("ع", 0.08), ("عا", 0.05), ("اع", 0.15)),
    "ai": (("ي", 0.1), ("اي", 0.1), ("اءي", 0.2)),
    "ei": (("ي", 0.1),),
    "aw": (("او", 0), ("و", 0.1)),
    "au": (("او", 0.1), ("و", 0.1)),
    "b": (("ب", 0),),
    "p": (("ب", 0),),
    "t": (("ت", 0), ("ط", 0.15), ("ث", 0.25), ("ه", 0.45)),
    "T": (("ط", 0), ("ت", 0.2)),
    "6": (("ط", 0),),
    "d": (("د", 0), ("ض", 0.15), ("ذ", 0.2), ("ظ", 0.3)),
    "D": (("ض", 0), ("ظ", 0.1), ("د", 0.2)),
    "r": (("ر", 0),),
    "R": (("ر", 0), ("غ", 0.3)),
    "z": (("ز", 0), ("ظ", 0.3), ("ذ", 0.3)),
    "Z": (("ز", 0), ("ظ", 0.1)),
    "s": (("س", 0), ("ص", 0.15), ("ث", 0.4)),
    "S": (("ص", 0), ("س", 0.2)),
    "c": (("س", 0.2), ("ك", 0.2), ("ش", 0.4)),
    "ç": (("س", 0),),
    "j": (("ج", 0),),
    "g": (("ك", 0.1), ("ج", 0.2), ("ق", 0.2), ("غ", 0.4)),
    "7": (("ح", 0),),
    "h": (("ه", 0), ("ح", 0.2)),
    "H": (("ح", 0), ("ه", 0.2)),
    "8": (("ه", 0), ("غ", 0.4)),
    "5": (("خ", 0),),
    "x": (("خ", 0.2), ("ش", 0.3), ("كس", 0.3)),
    "3": (("ع", 0),),
    "4": (("غ", 0.2), ("ض", 0.2)),
    "f": (("ف", 0),),
    "v": (("ف", 0),),
    "9": (("ق", 0),),
    "q": (("ق", 0),),
    "k": (("ك", 0), ("ق", 0.25), ("خ", 0.5)),
    "l": (("ل", 0),),
    "m": (("م", 0),),
    "n": (("ن", 0),),
    "w": (("و", 0),),
    "y": (("ي", 0),),
    "2": (("ا", 0), ("ء", 0), ("ي", 0.1), ("و", 0.2), ("ق", 0.6)),
    "a": (("ا", 0), ("ه", 0.1), ("ع", 0.35), ("ي", 0.3)),
    "e": (("ي", 0.25), ("ه", 0.25), ("ا", 0.3)),
    "i": (("ي", 0), ("ا", 0.35)),
    "o": (("و", 0), ("ا", 0.35)),
    "u": (("و", 0),),
    "'": (("ع", 0.2), ("ا", 0.2), ("ء", 0.2)),
}
VOWELS = frozenset("aeiou'") | {"aa", "ai", "ei", "au", "aw", "ou", "oo", "ee"}
DROPPED_LATIN = {
    "a": 0.08,
    "aa": 0.3,
    "e": 0.04,
    "i": 0.15,
    "o": 0.15,
    "u": 0.15,
    "ou": 0.2,
    "'": 0.1,
    "h": 0.6,
    "y": 0.5,
    "w": 0.6,
    "ai": 0.4,
    "ei": 0.4,
    "au": 0.4,
    "aw": 0.6,
    "ee": 0.3,
    "oo": 0.3,
}
"""Cost of a Latin letter that stands for nothing written; 1 when not listed."""
DROPPED_ARABIC = {"ا": 0.3, "و": 0.45, "ي": 0.45, "ه": 0.35, "ء": 0.15, "ع": 0.8}
"""Cost of an Arabic letter that was not written in Latin; 1 when not listed."""

ARABIC_CLASS = {
    letter: name
    for name, letters in {
        "t": "تطثة",
        "d": "دضذظ",
        "s": "سص",
        "h": "حه",
        "k": "قكگڭ",
        "x": "خ",
        "R": "غ",
        "C": "ش",
        "j": "ج",
        "3": "ع",
        "b": "ب",
        "r": "ر",
        "z": "ز",
        "f": "ف",
        "l": "ل",
        "m": "م",
        "n": "ن",
    }.items()
    for letter in letters
}
LATIN_CLASS = {
    "ch": "C",
    "sh": "C",
    "kh": "x",
    "gh": "R",
    "th": "t",
    "dh": "d",
    "ph": "f",
    "b": "b",
    "p": "b",
    "t": "t",
    "6": "t",
    "d": "d",
    "r": "r",
    "z": "z",
    "s": "s",
    "c": "s",
    "ç": "s",
    "j": "j",
    "g": "k",
    "7": "h",
    "h": "h",
    "8": "h",
    "5": "x",
    "x": "x",
    "3": "3",
    "4": "R",
    "f": "f",
    "v": "f",
    "9": "k",
    "q": "k",
    "k": "k",
    "l": "l",
    "m": "m",
    "n": "n",
}
SECOND_CLASS = {
    "g": "j",
    "c": "k",
    "z": "d",
    "sh": "sh",
    "th": "th",
    "kh": "kh",
    "8": "R",
    "x": "C",
    "aa": "3",
}

_SPLIT = re.compile("ch|sh|kh|gh|th|dh|ph|ou|oo|ee|aa|ai|ei|au|aw|.", re.DOTALL)
_DOUBLED = re.compile(r"(ch|kh|gh|sh)\1")
_RUN = re.compile(r"([^a])\1+")
_DIGIT_LETTER = re.compile("[a-z][2356789]|[2356789][a-z]")
_LATIN_WORD = re.compile("(?=.*[a-z])[a-z0-9']{3,}")
_MARKERS = frozenset(
    [
        "kifach",
        "kifash",
        "chno",
        "chnou",
        "chnu",
        "chkoun",
        "chhal",
        "ch7al",
        "fin",
        "fen",
        "mnin",
        "fo9ach",
        "wach",
        "wash",
        "dyal",
        "dial",
        "diyal",
        "dyali",
        "dyalna",
        "had",
        "dak",
        "lli",
        "bach",
        "bash",
        "7it",
        "b7al",
        "kayn",
        "kayna",
        "rah",
        "machi",
        "ach",
        "bghit",
        "bghina",
        "bgha",
        "brit",
        "khass",
        "khassni",
        "khasni",
        "khasna",
        "khassha",
        "ndir",
        "ndiro",
        "3la",
        "3lach",
        "3and",
        "3andi",
        "3ndi",
        "3andna",
        "mn",
        "m3a",
        "ola",
        "wla",
        "nta",
        "howa",
        "hiya",
        "7na",
        "chi",
        "wa7ed",
        "bla",
        "9bel",
    ]
)


def is_arabizi(raw_words: list[str]) -> bool:
    """A digit inside a Latin word, or a Moroccan function word, tells the question."""
    low = [fold(word.lower()) for word in raw_words]
    return any(_DIGIT_LETTER.search(word) or word in _MARKERS for word in low)


def is_latin_word(word: str) -> bool:
    return bool(_LATIN_WORD.fullmatch(fold(word.lower())))


def units(word: str) -> list[str]:
    """Spelling units; doubled letters collapse, capital T D S H Z R (emphatics) stay."""
    kept = "".join(c if c in "TDSHZR" else c.lower() for c in fold(word))
    kept = _DOUBLED.sub(r"\1", kept)
    kept = _RUN.sub(r"\1", re.sub("a{3,}", "aa", kept))
    return [unit for unit in _SPLIT.findall(kept) if unit in READINGS]
