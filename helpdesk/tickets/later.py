"""Until when a request may be put off: moments in the centre's hours, with words for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from helpdesk.hours import rules
from helpdesk.hours.rules import CASABLANCA, Timetable

LATER = timedelta(hours=2)
FURTHEST = timedelta(days=90)


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    until: datetime


def choices(timetable: Timetable, *, at: datetime) -> list[Choice]:
    """Later today while the day lasts, the next morning, and the first one of next week."""
    return list(_choices(timetable, at))


def opened(timetable: Timetable, moment: datetime) -> datetime:
    """The moment, or the next opening when the centre is closed then."""
    return rules.next_opening(timetable, moment) or moment


def _choices(timetable: Timetable, at: datetime) -> Iterator[Choice]:
    local = at.astimezone(CASABLANCA)
    later = opened(timetable, _half_hour(at + LATER))
    if later.astimezone(CASABLANCA).date() == local.date():
        yield Choice("later", str(_("later today")), later)
    morning = opened(timetable, _midnight(local, days=1))
    is_tomorrow = morning.astimezone(CASABLANCA).date() == local.date() + timedelta(days=1)
    label = _("tomorrow morning") if is_tomorrow else _("the next working morning")
    yield Choice("morning", str(label), _at_nine(timetable, morning))
    monday = opened(timetable, _midnight(local, days=7 - local.weekday()))
    if monday.astimezone(CASABLANCA).date() != morning.astimezone(CASABLANCA).date():
        yield Choice("week", str(_("next week")), _at_nine(timetable, monday))


def _half_hour(moment: datetime) -> datetime:
    """Up to the next full or half hour."""
    over = timedelta(minutes=moment.minute % 30, seconds=moment.second)
    over += timedelta(microseconds=moment.microsecond)
    return moment + (timedelta(minutes=30) - over if over else timedelta())


def _midnight(local: datetime, *, days: int) -> datetime:
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, time(), CASABLANCA).astimezone(UTC)


def _at_nine(timetable: Timetable, moment: datetime) -> datetime:
    """A centre that never closes still has mornings."""
    if not timetable.always_open:
        return moment
    day = moment.astimezone(CASABLANCA).date()
    return datetime.combine(day, time(9), CASABLANCA).astimezone(UTC)
