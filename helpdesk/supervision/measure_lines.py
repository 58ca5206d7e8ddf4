"""The same figures by queue, language, theme, province and hour, and how many advisors each hour needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.centre.territory import province_name
from helpdesk.supervision import erlang, measures
from helpdesk.supervision.erlang import Staff
from helpdesk.supervision.measure_figures import small, worded
from helpdesk.supervision.measure_rows import Rows
from helpdesk.supervision.measures import Wait, Work
from helpdesk.supervision.months import told_of
from helpdesk.tickets import access as tickets

TARGET = 20
"""Seconds where no contact tells a target."""


@dataclass(frozen=True)
class Cell:
    """`number` by `unit` as in a figure; `is_small` = not told where persons could be guessed."""

    number: float | None
    unit: str = ""
    is_small: bool = False

    @property
    def text(self) -> str:
        return worded(self.number, self.unit)


@dataclass(frozen=True)
class Line:
    label: str
    cells: list[Cell]
    is_hidden: bool = False
    """So few that nothing of the line is told."""


@dataclass(frozen=True)
class Table:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Hour:
    """One hour of the day: numbers of the whole period, and the staff for a mean day of it."""

    hour: int
    in_time: int
    late: int
    abandoned: int
    line: Line
    calls: float
    """Offered in this hour, on a mean day."""
    there: float
    """Advisors available or occupied, on a mean day."""
    staff: Staff

    @property
    def label(self) -> str:
        return f"{self.hour:02d}:00"


def heads() -> list[str]:
    return [
        _("Offered contacts"), _("Answered contacts"), _("Service level"), _("Abandonment"),
        _("Average speed of answer"), _("Average handling time"),
    ]  # fmt: skip


def tables(rows: Rows, queues: Sequence[Any]) -> list[Table]:
    names = {queue.pk: str(queue) for queue in queues}
    themes = {theme.pk: str(theme) for theme in tickets.themes()}
    by: list[tuple[str, Callable[[Any], Any], Callable[[Any], str]]] = [
        (_("By queue"), lambda one: one.queue, lambda pk: names.get(pk, _("not said"))),
        (_("By language"), lambda one: one.language, _language),
        (_("By theme"), lambda one: one.theme, lambda pk: themes.get(pk, _("not said"))),
        (_("By province"), lambda one: one.province, lambda code: province_name(code) if code else _("not said")),
    ]  # fmt: skip
    return [Table(title, _lines(rows, key, name)) for title, key, name in by]


def _language(code: str) -> str:
    return str(Tongue(code).label) if code in Tongue.values else _("not said")


def _lines(rows: Rows, key: Callable[[Any], Any], name: Callable[[Any], str]) -> list[Line]:
    waits: dict[str, list[Wait]] = {}
    works: dict[str, list[Work]] = {}
    for wait in rows.waits:
        waits.setdefault(name(key(wait)), []).append(wait)
    for work in rows.works:
        works.setdefault(name(key(work)), []).append(work)
    counts = {
        label: len(measures.offered(waits.get(label, []))) for label in waits.keys() | works.keys()
    }
    told = told_of(counts)
    order = sorted(counts, key=lambda label: (-counts[label], label))
    return [
        _line(label, waits.get(label, []), works.get(label, []), is_hidden=told[label] is None)
        for label in order
    ]


def _line(
    label: str, waits: Sequence[Wait], works: Sequence[Work], *, is_hidden: bool = False
) -> Line:
    offered, answered = measures.offered(waits), measures.answered(waits)
    timely, given_up = measures.in_time(waits), measures.abandoned(waits)
    speed = measures.speed(waits)
    n, taken = len(offered), len(answered)
    late = len(measures.abandoned_late(waits))
    return Line(
        label,
        [
            Cell(n, "", small(n, n)),
            Cell(taken, "", small(taken, n)),
            Cell(measures.service_level(waits), "%", small(len(timely), taken + late)),
            Cell(measures.abandonment(waits), "%", small(len(given_up), n)),
            Cell(speed.mean if speed else None, "s", small(taken, taken)),
            Cell(measures.handling_time(works), "s", small(len(works), len(works))),
        ],
        is_hidden,
    )  # fmt: skip


def hours(rows: Rows) -> list[Hour]:
    """From the first hour in which somebody called to the last."""
    seen = {one.hour for one in measures.offered(rows.waits)}
    if not seen:
        return []
    days = max(1, len({timezone.localdate(one.since) for one in rows.waits}))
    handling = measures.handling_time(rows.works)
    targets = [(one.due_at - one.since).total_seconds() for one in rows.waits]
    target = median(targets) if targets else TARGET
    found = range(min(seen), max(seen) + 1)
    counts = {
        f"{n:02d}:00": sum(one.hour == n for one in measures.offered(rows.waits)) for n in found
    }
    told = told_of(counts)
    return [
        _hour(n, rows, days, handling, target, is_hidden=told[f"{n:02d}:00"] is None) for n in found
    ]


def _hour(
    n: int, rows: Rows, days: int, handling: float | None, target: float, *, is_hidden: bool
) -> Hour:
    waits = [one for one in rows.waits if one.hour == n]
    works = [one for one in rows.works if one.hour == n]
    timely = len(measures.in_time(waits))
    calls = len(measures.offered(waits)) / days
    staff = (
        erlang.needed(calls=calls, per=3600, handling=handling, target=target)
        if handling
        else Staff(0, 1.0)
    )
    return Hour(
        n, timely, len(measures.answered(waits)) - timely, len(measures.abandoned(waits)),
        _line(f"{n:02d}:00", waits, works, is_hidden=is_hidden), calls,
        measures.people_there(rows.free, n) / days, staff,
    )  # fmt: skip
