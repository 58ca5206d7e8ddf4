"""Morocco's public holidays as proposals; only a supervisor's word makes one count. No query here.

Dates that follow the moon come from the `holidays` package as estimates. A day with two feasts is
one row with both names.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

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


def ramadans(year: int) -> list[tuple[date, date]]:
    """First and last day of each Ramadan that begins in the year, as estimated."""
    from holidays.calendars.islamic import _IslamicLunar  # the tables by which feasts are proposed

    moon = _IslamicLunar()
    begins = [day for day, _ in moon.ramadan_beginning_dates(year) if day.year == year]
    feasts = sorted(day for near in (year, year + 1) for day, _ in moon.eid_al_fitr_dates(near))
    return [
        (day, next(feast for feast in feasts if feast > day) - timedelta(days=1))
        for day in sorted(set(begins))
    ]


def _plain(names: str, language: str) -> str:
    """Without the package's own word for "estimated"; two feasts joined as people write them."""
    joined = "، " if language == "ar" else ", "
    bare = names.replace(_ESTIMATED[language], "")
    return re.sub(r"\s*;\s*", joined, bare)[:120]
