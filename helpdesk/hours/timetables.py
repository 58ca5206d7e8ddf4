"""From the stored hours to the arithmetic of `rules`: what callers in other apps ask.

A schedule of None, or one without openings, counts the office week, Monday to Friday.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from helpdesk.hours import rules
from helpdesk.hours.models import Holiday, Ramadan, Schedule
from helpdesk.hours.rules import OFFICE_WEEK, Timetable, Window


def timetable_of(schedule: Schedule | None) -> Timetable:
    """The week of a schedule with the confirmed holidays, and its hours of Ramadan if it has some."""
    holidays = Holiday.objects.confirmed().days()
    if schedule is None:
        return Timetable(holidays=holidays)
    windows = _windows(schedule)
    fasts = any(window.in_ramadan for window in windows)
    return Timetable(
        windows=windows,
        holidays=holidays,
        ramadan=Ramadan.objects.confirmed().days() if fasts else frozenset(),
        always_open=schedule.centre.always_open,
    )


def changed_at() -> datetime | None:
    """When hours, holidays or Ramadan last changed; None if never."""
    moments = [
        *Holiday.objects.aggregate(a=Max("confirmed_at"), b=Max("refused_at")).values(),
        *Ramadan.objects.aggregate(c=Max("confirmed_at")).values(),
        *Schedule.objects.aggregate(d=Max("changed_at")).values(),
    ]
    return max((moment for moment in moments if moment), default=None)


def timetables_of(schedules: Iterable[Schedule | None]) -> dict[int | None, Timetable]:
    """Those of several schedules by their number (None = the office week), days off read once."""
    holidays, fasting = Holiday.objects.confirmed().days(), Ramadan.objects.confirmed().days()
    found: dict[int | None, Timetable] = {}
    for schedule in schedules:
        if schedule is None:
            found[None] = Timetable(holidays=holidays)
        elif schedule.pk not in found:
            found[schedule.pk] = Timetable(
                windows=_windows(schedule), holidays=holidays, ramadan=fasting,
                always_open=schedule.centre.always_open,
            )  # fmt: skip
    return found


def _windows(schedule: Schedule) -> tuple[Window, ...]:
    rows = schedule.openings.all()
    found = tuple(Window(o.weekday, o.opens, o.closes, o.in_ramadan) for o in rows)
    return found or OFFICE_WEEK


def public_calendar() -> Timetable:
    """The working days of administrations: Monday to Friday without the confirmed holidays."""
    return timetable_of(None)


def is_open(schedule: Schedule | None, *, at: datetime) -> bool:
    return rules.is_open(timetable_of(schedule), at)


def next_opening(schedule: Schedule | None, *, at: datetime) -> datetime | None:
    """`at` itself when open; None when nothing opens within a year."""
    return rules.next_opening(timetable_of(schedule), at)


def add_working_minutes(schedule: Schedule | None, minutes: int, *, at: datetime) -> datetime:
    """When so many open minutes will have passed."""
    return rules.add_working_minutes(timetable_of(schedule), at, minutes)


def add_working_days(days: int, *, on: date) -> date:
    """The n-th working day of administrations after a day."""
    return rules.add_working_days(public_calendar(), on, days)


def next_working_morning(*, at: datetime) -> datetime:
    """When a reminder may reach people: nine o'clock of a working day."""
    return rules.next_morning(public_calendar(), at)


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """The midnights before and after an instant, on the centre's clock."""
    start = datetime.combine(timezone.localdate(at), time.min)
    return timezone.make_aware(start), timezone.make_aware(start + timedelta(days=1))
