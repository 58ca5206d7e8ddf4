"""Acts on holidays and Ramadan (propose, confirm, refuse, add), and on the hours of a week."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from helpdesk.accounts.actions import audit
from helpdesk.centre.actions import note
from helpdesk.hours.models import Holiday, Opening, Ramadan, Schedule
from helpdesk.hours.proposals import proposals, ramadans
from helpdesk.hours.rules import Window


class DayTaken(Exception):
    """Another holiday lies on that day; the message is for the person."""

    def __init__(self) -> None:
        super().__init__(_("Another holiday is already noted on this day."))


@transaction.atomic
def propose(year: int) -> int:
    """Lay the year's proposals beside what is there; how many were new. Harmless twice.

    A moon date that a supervisor moved is not proposed again on its estimated day.
    """
    there = list(Holiday.objects.of_year(year))
    days = {holiday.day for holiday in there}
    settled = {h.name_fr for h in there if h.estimated and (h.confirmed_at or h.refused_at)}
    new = [
        Holiday(day=p.day, name_ar=p.name_ar, name_fr=p.name_fr, estimated=p.estimated)
        for p in proposals(year)
        if p.day not in days and p.name_fr not in settled
    ]
    return len(Holiday.objects.bulk_create(new, ignore_conflicts=True)) + _propose_ramadans(year)


def _propose_ramadans(year: int) -> int:
    """A month whose dates a supervisor moved is not proposed again beside them."""
    found = 0
    for starts, ends in ramadans(year):
        if not Ramadan.objects.overlapping(starts, ends).exists():
            Ramadan.objects.get_or_create(starts_on=starts, defaults={"ends_on": ends})
            found += 1
    return found


@transaction.atomic
def confirm_ramadan(
    month: Ramadan | None, *, starts_on: date, ends_on: date, by: Any, at: datetime
) -> Ramadan:
    """From now on these days have the hours of Ramadan; None = one nobody proposed. Raises DayTaken."""
    month = month or Ramadan()
    if Ramadan.objects.overlapping(starts_on, ends_on).exclude(pk=month.pk).exists():
        raise DayTaken
    month.starts_on, month.ends_on = starts_on, ends_on
    month.confirmed_by, month.confirmed_at = by, at
    _save(month)
    days = {"from": starts_on.isoformat(), "until": ends_on.isoformat()}
    audit("confirmed-holiday", by=by, at=at, subject=month, facts=days)
    return month


@transaction.atomic
def set_week(schedule: Schedule, windows: Iterable[Window], *, by: Any, at: datetime) -> Schedule:
    """Replace all hours of a schedule. What is due by them is counted again by a sweep."""
    windows = list(windows)
    note(
        schedule.centre, step="hours", before=_told(schedule.openings.all()), after=_told(windows),
        by=by, at=at,
    )  # fmt: skip
    schedule.openings.all().delete()
    Opening.objects.bulk_create(
        Opening(
            schedule=schedule, weekday=one.weekday, opens=one.opens, closes=one.closes,
            in_ramadan=one.in_ramadan,
        )
        for one in windows
    )  # fmt: skip
    schedule.changed_at = at
    schedule.save(update_fields=["changed_at"])
    audit("changed-hours", by=by, at=at, subject=schedule)
    return schedule


def _told(week: Iterable[Any]) -> dict[str, str]:
    """A week as the history keeps it: `day0` is Monday, `fast0` a Monday in Ramadan."""
    days: dict[str, list[str]] = {f"{kind}{n}": [] for kind in ("day", "fast") for n in range(7)}
    for one in sorted(week, key=lambda one: (one.weekday, one.opens)):
        kind = "fast" if one.in_ramadan else "day"
        days[f"{kind}{one.weekday}"].append(f"{one.opens:%H:%M}-{one.closes:%H:%M}")
    return {day: " ".join(stretches) for day, stretches in days.items()}


@transaction.atomic
def confirm(holiday: Holiday, *, day: date, by: Any, at: datetime) -> Holiday:
    """From now on that day does not count; `day` is where the feast really falls.

    Confirming again on the same day changes nothing. Raises DayTaken.
    """
    if holiday.confirmed_at and holiday.day == day and holiday.refused_at is None:
        return holiday
    holiday.day = day
    holiday.confirmed_by, holiday.confirmed_at, holiday.refused_at = by, at, None
    _save(holiday)
    audit("confirmed-holiday", by=by, at=at, subject=holiday, facts={"day": day.isoformat()})
    return holiday


def confirm_fixed(*, year: int, by: Any, at: datetime) -> int:
    """Confirm every proposal of the year whose date does not follow the moon; how many."""
    fixed = Holiday.objects.of_year(year).proposed().filter(estimated=False)
    return len([confirm(holiday, day=holiday.day, by=by, at=at) for holiday in fixed])


@transaction.atomic
def refuse(holiday: Holiday, *, by: Any, at: datetime) -> Holiday:
    """The centre works on that day, also when it was confirmed before."""
    holiday.confirmed_by, holiday.confirmed_at, holiday.refused_at = None, None, at
    holiday.save(update_fields=["confirmed_by", "confirmed_at", "refused_at"])
    audit(
        "confirmed-holiday", by=by, at=at, subject=holiday,
        facts={"day": holiday.day.isoformat(), "refused": True},
    )  # fmt: skip
    return holiday


@transaction.atomic
def add(*, day: date, name_ar: str, name_fr: str, by: Any, at: datetime) -> Holiday:
    """A day off that no calendar knew, confirmed at once. Raises DayTaken."""
    holiday = Holiday(day=day, name_ar=name_ar, name_fr=name_fr)
    holiday.confirmed_by, holiday.confirmed_at = by, at
    _save(holiday)
    audit("confirmed-holiday", by=by, at=at, subject=holiday, facts={"day": day.isoformat()})
    return holiday


def _save(holiday: Holiday | Ramadan) -> None:
    try:
        with transaction.atomic():
            holiday.save()
    except IntegrityError:
        raise DayTaken from None
