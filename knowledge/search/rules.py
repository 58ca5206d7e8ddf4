"""What of a search may be kept, and for how long. No query here."""

import re
from datetime import timedelta

from knowledge.search.folding import is_arabic, storable

KEPT = timedelta(days=396)
"""Thirteen months: one season can be held against the same one a year before."""
LONGEST_TEXT = 200
SEEN_ENOUGH, ON_DAYS = 3, 2
"""Searches and days after which a word of questions may be read: one person's name is seldom so common."""
SELDOM = timedelta(days=60)
"""A word seen too seldom in this time is forgotten with its digest."""
_MAIL = re.compile(r"\S+@\S+")
_TELEPHONE = re.compile(r"(?:\+|\b00)?\d(?:[\s.\-()/]{0,2}\d){7,}")
_LONG_NUMBER = re.compile(r"\w*\d{6,}\w*")


def cleaned(text: str) -> str:
    """The text without what could lead to a person, on one line and cut to length."""
    for pattern in (_MAIL, _TELEPHONE, _LONG_NUMBER):
        text = pattern.sub("…", text)
    return " ".join(storable(text).split())[:LONGEST_TEXT]


def is_common(searches: int, days: int) -> bool:
    """Whether a word that stood in so many searches, on so many days, may be kept readable."""
    return searches >= SEEN_ENOUGH and days >= ON_DAYS


def may_be_word(word: str) -> bool:
    """Letters of one script: no number, no code, nothing typed by a cat."""
    if not 3 <= len(word) <= 24 or not word.isalpha():
        return False
    return word.isascii() or all(map(is_arabic, word))
