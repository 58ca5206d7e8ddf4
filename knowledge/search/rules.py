"""What of a search may be kept, and for how long. No query here."""

import re
from datetime import timedelta

from knowledge.search.folding import storable

KEPT = timedelta(days=396)
"""Thirteen months: one season can be held against the same one a year before."""
LONGEST_TEXT = 200
_MAIL = re.compile(r"\S+@\S+")
_TELEPHONE = re.compile(r"(?:\+|\b00)?\d(?:[\s.\-()/]{0,2}\d){7,}")
_LONG_NUMBER = re.compile(r"\w*\d{6,}\w*")


def cleaned(text: str) -> str:
    """The text without what could lead to a person, on one line and cut to length."""
    for pattern in (_MAIL, _TELEPHONE, _LONG_NUMBER):
        text = pattern.sub("…", text)
    return " ".join(storable(text).split())[:LONGEST_TEXT]
