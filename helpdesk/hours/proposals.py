"""Morocco's public holidays as proposals; only a supervisor's word makes one count. No query here.

Dates that follow the moon come from the `holidays` package as estimates. A day with two feasts is
one row with both names.
"""

import re
from dataclasses import dataclass
from datetime import date

_ESTIMATED = {"ar": " (تقديري)", "fr": " (estimé)"}


@dataclass(frozen=True)
class Proposal:
    day: date
    name_ar: str
    name_fr: str
    estimated: bool


def proposals(year: int) -> list[Proposal]:
    """The year's days off, in their order."""
    from holidays.countries.morocco import Morocco  # every country comes along: a second of start

    arabic = Morocco(years=[year], language="ar")
    french = Morocco(years=[year], language="fr")
    return [
        Proposal(
            day=day,
            name_ar=_plain(arabic[day], "ar"),
            name_fr=_plain(french[day], "fr"),
            estimated=_ESTIMATED["fr"] in french[day],
        )
        for day in sorted(french)
        if day.year == year
    ]


def _plain(names: str, language: str) -> str:
    """Without the package's own word for "estimated"; two feasts joined as people write them."""
    joined = "، " if language == "ar" else ", "
    bare = names.replace(_ESTIMATED[language], "")
    return re.sub(r"\s*;\s*", joined, bare)[:120]
