"""Telephone numbers inside running text: found, taken out, or covered. Pure: no query here.

People write numbers into questions in every spelling, with anything between the digits. A long run
of digits that is no telephone number (a follow code, an account) is covered too: it may lead to a
person, and nobody searches by half of it.
"""

import re
from collections.abc import Iterator

from helpdesk.associations.numbers import BadNumber, Number

COVER = "••••"
_RUN = re.compile(r"\+?\d(?:[\W_]{0,3}\d){7,}")
_LONG = 9
"""Digits from which a run is covered whatever it is; eight are a date (2026-11-24)."""
_LOCAL = re.compile(r"(?:00212|212|0)([5-8]\d{8})")


def numbers_in(text: str) -> list[Number]:
    """Every telephone number of the text, once, in the order written."""
    found = (number for run in _RUN.findall(text) for number in _numbers(run))
    return list(dict.fromkeys(found))


def covered(text: str, cover: str = COVER) -> str:
    """The text with `cover` in place of telephone numbers and other long runs of digits."""
    return _RUN.sub(lambda run: cover if _is_telling(run[0]) else run[0], text)


def _is_telling(run: str) -> bool:
    return len(_digits(run)) >= _LONG or any(_numbers(run))


def _numbers(run: str) -> Iterator[Number]:
    """The run as one number, or the Moroccan numbers written one after the other."""
    digits = _digits(run)
    if len(digits) <= 15:
        try:
            yield Number.parse(("+" if run[0] == "+" else "") + digits)
            return
        except BadNumber:
            pass
    for match in _LOCAL.finditer(digits):
        yield Number("+212" + match[1])


def _digits(run: str) -> str:
    """Plain digits, from any script."""
    return "".join(str(int(character)) for character in run if character.isdecimal())
