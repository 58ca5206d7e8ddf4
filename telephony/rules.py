"""What is known of a caller, and what an outcome means for the ticket. No query here."""

from enum import StrEnum
from typing import Any

from helpdesk.tickets.rules import Outcome


class Recognition(StrEnum):
    """Of a caller by the number alone."""

    KNOWN = "known"
    PERHAPS = "perhaps"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


def recognition(persons: int, *, withheld: bool) -> Recognition:
    """One person with this number is known; several share it, so any of them is perhaps the caller."""
    if withheld:
        return Recognition.WITHHELD
    if persons == 1:
        return Recognition.KNOWN
    return Recognition.PERHAPS if persons else Recognition.UNKNOWN


STAYS_OPEN = frozenset({Outcome.REFERRED_PENDING, Outcome.WAITING_DOCUMENTS, Outcome.NO_ANSWER})
"""Outcomes after which the ticket is still owed something."""


def ends_ticket(outcome: str, *, promised: bool) -> bool:
    """Whether a call with this outcome ends its ticket: not while a call-back is owed."""
    return bool(outcome) and not promised and outcome not in STAYS_OPEN


def has_call(leg: Any) -> bool:
    """The newest turn is this leg's: ending it ends the call."""
    return bool(leg.turn) and leg.turn == leg.call.turn
