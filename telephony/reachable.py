"""Which numbers may be called from here: a list of what is allowed, no list of what is not. No query here.

Whether a number is *valid* is no gate: the library takes satellite and surcharged ones for valid, and real
Moroccan ones for not.
"""

import re
from collections.abc import Iterable

from helpdesk.associations.numbers import Number

MOROCCAN = re.compile(r"\+212[14567][0-9]{8}")
"""Fixed numbers (5) and mobile ones (6, 7, and blocks of 1 and 4); 8 is free, shared and surcharged."""
NEVER = re.compile(r"\+(212[02389]|800|808|870|878|881|882|883|888|979)[0-9]*")
"""Surcharged numbers of Morocco, those of no country, and satellites: also where a setting allows them."""
ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")


def may_be_called(number: Number, prefixes: Iterable[str] = ()) -> bool:
    """`prefixes`: beginnings beside the Moroccan ones, `+33`."""
    text = number.for_storage()
    if NEVER.fullmatch(text):
        return False
    if MOROCCAN.fullmatch(text):
        return True
    known = [one for one in prefixes if re.fullmatch(r"\+[1-9][0-9]{0,9}", one) and one != "+212"]
    return bool(ABROAD.fullmatch(text)) and any(text.startswith(one) for one in known)
