"""Days, weeks and months of figures, on the centre's clock. No query here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from helpdesk.hours.rules import add_months

KINDS = ("day", "week", "month")
WHOLE = ("month", "quarter", "year")
"""Periods of the programme report: each begins on the first of a month."""


@dataclass(frozen=True)
class Period:
    """From its first day to the day after its last; midnights are those of Casablanca."""

    kind: str
    first: date
    after: date

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        return midnight(self.after)

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.after - self.first).days)]

    def before(self) -> "Period":
        return period(self.kind, self.first - timedelta(days=1))

    def following(self) -> "Period":
        return period(self.kind, self.after)


def period(kind: str, on: date) -> Period:
    """The day, the week from Monday, the month, the quarter or the year in which a day falls."""
    if kind == "week":
        first = on - timedelta(days=on.weekday())
        return Period(kind, first, first + timedelta(days=7))
    if kind in WHOLE:
        months = {"month": 1, "quarter": 3, "year": 12}[kind]
        first = on.replace(day=1, month=on.month - (on.month - 1) % months)
        return Period(kind, first, add_months(first, months))
    return Period("day", on, on + timedelta(days=1))


def asked(kind: str, day: str, *, at: datetime) -> Period:
    """As an address asks for it; anything else is today."""
    today = timezone.localdate(at)
    try:
        on = date.fromisoformat(day[:10])
    except ValueError:
        on = today
    if not date(2020, 1, 1) <= on <= today:
        on = today
    return period(kind if kind in KINDS else "day", on)


def midnight(day: date) -> datetime:
    """The instant at which a day begins, in UTC: lengths are then true where the clocks change."""
    return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)
