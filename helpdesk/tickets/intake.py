"""The facts an advisor needs to answer: their words, and how each is typed. No query here.

The codes are those of the articles' `intake` lists. The portal asks them as questions, the desk shows
them as "still to say". What a centre changed of this list, and added to it, is in `facts`.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Shape(StrEnum):
    DAY = "day"
    YES_NO = "yes-no"
    LINE = "line"
    NUMBER = "number"


@dataclass(frozen=True)
class Fact:
    code: str
    words: str | Lazy
    """Of the program; empty for a fact that the centre added."""
    shape: Shape = Shape.LINE
    rank: int = 0
    ar: str = ""
    fr: str = ""
    """The centre's own words."""
    is_asked: bool = True
    themes: tuple[str, ...] = ()
    """Letters of the themes with which it is always asked for."""

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return (self.fr if get_language() == "fr" else self.ar) or str(self.words)


_ALL = (
    Fact("deposit_date", _("Date the file was deposited"), Shape.DAY),
    Fact("receipt_date", _("Date of the receipt"), Shape.DAY),
    Fact("has_provisional", _("Provisional receipt in hand"), Shape.YES_NO),
    Fact("has_final", _("Final receipt in hand"), Shape.YES_NO),
    Fact("deposit_proof", _("Proof that the file was deposited")),
    Fact("refusal_reason", _("Reason given for the refusal")),
    Fact("change_kind", _("What has changed")),
    Fact("change_date", _("Date of the change"), Shape.DAY),
    Fact("declared_change", _("Change already declared"), Shape.YES_NO),
    Fact("statutes_say", _("What the statutes say about it")),
    Fact("mandate_end", _("End of the board's mandate"), Shape.DAY),
    Fact("assembly_date", _("Date of the assembly"), Shape.DAY),
    Fact("dispute_sides", _("Who stands on which side")),
    Fact("bank_name", _("Bank")),
    Fact("signatories", _("Who signs at the bank")),
    Fact("amount", _("Amount in dirhams"), Shape.NUMBER),
    Fact("funder", _("Who gives the money")),
    Fact("funds_date", _("Date the money was or will be received"), Shape.DAY),
    Fact("country", _("Country the money comes from")),
    Fact("activity", _("Activity concerned")),
    Fact("employee_start", _("First day of work"), Shape.DAY),
    Fact("collection_kind", _("Way of collecting")),
    Fact("territory", _("Where it takes place")),
    Fact("call_name", _("Name of the call for projects")),
    Fact("association_age", _("Age of the association in years"), Shape.NUMBER),
    Fact("documents_held", _("Documents in hand")),
    Fact("seat", _("Seat of the association")),
    Fact("founders_number", _("Number of founders"), Shape.NUMBER),
    Fact("accounting_period", _("Accounting period concerned")),
)
FACTS: dict[str, Fact] = {fact.code: replace(fact, rank=rank) for rank, fact in enumerate(_ALL)}

YES, NO = "yes", "no"
WORDS = {YES: _("yes"), NO: _("no")}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_day(value: str) -> date | None:
    """A stored day; None for anything else."""
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
