"""The page of the gap report for one reader: what it is narrowed to, its choices, its lines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.centre.territory import PROVINCES, province_choices, province_name
from helpdesk.supervision import gaps, periods
from helpdesk.supervision.gap_sources import Narrowed, Source
from helpdesk.supervision.measure_page import Choice, title_of
from helpdesk.supervision.periods import Period
from helpdesk.tickets import access as tickets

WEEKS = 13
RECENT = 4
"""Weeks that are shown together while none is chosen."""
MOST = 100
"""Groups on the page; the workbook has them all."""


@dataclass(frozen=True)
class Line:
    """A group as the page shows it."""

    group: gaps.Group
    theme: str
    languages: str
    provinces: str
    reasons: list[tuple[str, int]]

    @property
    def words(self) -> str:
        return self.group.wordings[0]

    @property
    def others(self) -> list[str]:
        return self.group.wordings[1:]


@dataclass(frozen=True)
class Page:
    title: str
    first: datetime
    query: str
    weeks: list[Choice]
    themes: list[Choice]
    languages: list[Choice]
    provinces: list[Choice]
    sources: list[Choice]
    lines: list[Line]
    total: int
    report: gaps.Report
    reads_requests: bool

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.report.missed or self.report.rare or self.report.by_theme)


def page(user: Any, given: Any, *, at: datetime, most: int = MOST) -> Page:
    """`given` are the parameters of the address; what is none of the choices counts as not given."""
    weeks = _weeks(at)
    chosen = next((one for one in weeks if code_of(one) == given.get("week")), None)
    names = {theme.code: str(theme) for theme in tickets.themes()}
    wanted = {
        "week": code_of(chosen) if chosen else "",
        "theme": _one_of(given.get("theme"), names),
        "language": _one_of(given.get("language"), Tongue.values),
        "province": _one_of(given.get("province"), PROVINCES),
        "why": _one_of(given.get("why"), Source.values),
    }
    first, after = (chosen or weeks[RECENT - 1]).start, (chosen or weeks[0]).end
    what = Narrowed(first, after, wanted["theme"], wanted["language"], wanted["province"])
    found = gaps.report(user, what, source=wanted["why"])
    every = (_("the last four weeks"), *(title_of(week) for week in weeks))
    return Page(
        title=title_of(chosen) if chosen else every[0],
        first=first,
        query=urlencode({name: value for name, value in wanted.items() if value}),
        weeks=_choices(zip(("", *map(code_of, weeks)), every, strict=True), wanted["week"]),
        themes=_choices([("", _("All themes")), *names.items()], wanted["theme"]),
        languages=_choices([("", _("All languages")), *Tongue.choices], wanted["language"]),
        provinces=_choices([("", _("All provinces")), *province_choices()], wanted["province"]),
        sources=_choices([("", _("For whatever reason")), *Source.choices], wanted["why"]),
        lines=[_line(one, names) for one in found.groups[:most]],
        total=len(found.groups),
        report=found,
        reads_requests=user.has_perm("tickets.read_ticket"),
    )


def last_week(at: datetime) -> Period:
    """The whole week before this one."""
    return _weeks(at)[1]


def _weeks(at: datetime) -> list[Period]:
    """This week and those before, the newest first."""
    found = [periods.period("week", timezone.localdate(at))]
    while len(found) < WEEKS:
        found.append(found[-1].before())
    return found


def code_of(week: Period) -> str:
    """`2026-W48`, as the address has it."""
    year, number, _day = week.first.isocalendar()
    return f"{year}-W{number:02d}"


def _one_of(value: Any, known: Any) -> str:
    return value if isinstance(value, str) and value in known else ""


def _choices(rows: Any, chosen: str) -> list[Choice]:
    return [Choice(str(code), str(label), code == chosen) for code, label in rows]


def _line(group: gaps.Group, names: dict[str, str]) -> Line:
    return Line(
        group, names.get(group.theme, ""),
        _listed(str(Tongue(code).label) for code in group.languages if code in Tongue.values),
        _listed(province_name(code) for code in group.provinces),
        [(str(source.label), number) for source, number in group.sources],
    )  # fmt: skip


def _listed(names: Any) -> str:
    return " · ".join(names)
