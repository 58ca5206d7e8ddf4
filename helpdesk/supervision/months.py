"""Figures without persons: whole months only, and no cell that points at somebody.

A cell under 5 is not told; where just one cell of a table would be hidden, the next smallest is hidden
with it, or the total would give it away (trust.md T26). Months are whole because two periods that
overlap by a day tell that day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.accounts.scope import Scope
from helpdesk.centre.territory import province_name
from helpdesk.hours.rules import add_months
from helpdesk.tickets import access as tickets
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.opinion_models import Rating, Result
from helpdesk.tickets.rules import SCORES, Came, Channel

LEAST = 5
"""The smallest number that is told."""
MONTHS = 12
SPLIT = ("channel", "language", "theme", "province")
"""What requests are counted by: all four in one walk over the rows of the month."""


@dataclass(frozen=True)
class Cell:
    """`number` is None when it is too small to be told."""

    label: str
    number: int | None


@dataclass(frozen=True)
class Table:
    title: str
    cells: list[Cell]


@dataclass(frozen=True)
class Month:
    """`start` is its first day; `total` is None when too small to be told."""

    start: date
    months: list[date]
    total: int | None
    tables: list[Table]

    @property
    def is_empty(self) -> bool:
        return not any(table.cells for table in self.tables)


def month_of(user: Any, wanted: str, *, at: datetime) -> Month:
    """The figures of one whole month, `YYYY-MM`; the last one when that is none of the twelve."""
    this = timezone.localdate(at).replace(day=1)
    months = [add_months(this, -back) for back in range(1, MONTHS + 1)]
    start = next((month for month in months if f"{month:%Y-%m}" == wanted), months[0])
    scope = Scope.of(user)
    begin, end = _midnight(start), _midnight(add_months(start, 1))
    rows = Ticket.objects.filter(scope.rows(), opened_at__gte=begin, opened_at__lt=end)
    theirs = Exists(Ticket.objects.filter(scope.rows(), pk=OuterRef("ticket")))
    rated = Rating.objects.filter(theirs, at__gte=begin, at__lt=end)
    came = Result.objects.filter(theirs, said_at__gte=begin, said_at__lt=end)
    counted = list(rows.order_by().values_list(*SPLIT).annotate(n=Count("pk")))
    total = sum(number for *_codes, number in counted)
    themes = {theme.pk: str(theme) for theme in tickets.themes()}
    names: list[tuple[str, Callable[[Any], str]]] = [
        (_("Channel"), lambda code: str(Channel(code).label)),
        (_("Language"), lambda code: str(Tongue(code).label)),
        (_("Theme of the question"), themes.__getitem__),
        (_("Province"), province_name),
    ]
    return Month(
        start, months, total if total >= LEAST else None,
        [
            *(
                Table(title, _cells(((row[n], row[-1]) for row in counted), name))
                for n, (title, name) in enumerate(names)
            ),
            Table(_("Opinions of askers"), _cells(_by(rated, "score"), score_name)),
            Table(_("What came of it"), _cells(_by(came, "code"), lambda code: str(Came(code).label))),
        ],
    )  # fmt: skip


def _by(rows: Any, column: str) -> Any:
    return rows.order_by().values_list(column).annotate(n=Count("pk"))


def _cells(counted: Iterable[tuple[Any, int]], name: Callable[[Any], str]) -> list[Cell]:
    """By the name of each code, the largest first, the untold last."""
    found: dict[str, int] = {}
    for code, number in counted:
        label = name(code) if code else _("not said")
        found[label] = found.get(label, 0) + number
    told = told_of(found)
    return [Cell(label, told[label]) for label in sorted(told, key=lambda one: -(told[one] or 0))]


def score_name(score: int) -> str:
    """`5: yes, entirely`."""
    return f"{score}: {SCORES[score]}"


def told_of(counts: dict[str, int]) -> dict[str, int | None]:
    """The same with None for what is not told: under five, and one more when that is a single cell."""
    hidden = {label for label, number in counts.items() if number < LEAST}
    shown = sorted(counts.keys() - hidden, key=lambda label: counts[label])
    if len(hidden) == 1 and shown:
        hidden.add(shown[0])
    return {label: None if label in hidden else number for label, number in counts.items()}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
