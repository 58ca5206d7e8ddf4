"""Which holidays."""

from datetime import date, timedelta
from typing import Any

from django.db import models


class HolidayQuerySet(models.QuerySet[Any]):
    def confirmed(self) -> "HolidayQuerySet":
        """Days that do not count as working days."""
        return self.exclude(confirmed_at=None).filter(refused_at=None)

    def proposed(self) -> "HolidayQuerySet":
        """Still waiting for a supervisor."""
        return self.filter(confirmed_at=None, refused_at=None)

    def of_year(self, year: int) -> "HolidayQuerySet":
        return self.filter(day__gte=date(year, 1, 1), day__lte=date(year, 12, 31))

    def coming(self, *, on: date) -> "HolidayQuerySet":
        return self.filter(day__gte=on)

    def days(self) -> frozenset[date]:
        return frozenset(self.values_list("day", flat=True))


class RamadanQuerySet(models.QuerySet[Any]):
    def confirmed(self) -> "RamadanQuerySet":
        """Those whose days a supervisor confirmed."""
        return self.exclude(confirmed_at=None)

    def overlapping(self, starts_on: date, ends_on: date) -> "RamadanQuerySet":
        """That have a day in common with these."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)

    def coming(self, *, on: date) -> "RamadanQuerySet":
        """Under way or still to come."""
        return self.filter(ends_on__gte=on)

    def days(self) -> frozenset[date]:
        return frozenset(
            first + timedelta(days=n)
            for first, last in self.values_list("starts_on", "ends_on")
            for n in range((last - first).days + 1)
        )
