"""How the hours stand: looked at by a person, and the coming days off confirmed."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.hours.models import Holiday, Ramadan, Schedule
from knowledge.health import Check, Light

AHEAD = timedelta(days=60)
"""Days off that come sooner should be settled."""


def checks(*, centre: int, at: datetime) -> list[Check]:
    return [_hours(centre), _days_off(at=at)]


def _hours(centre: int) -> Check:
    name, address = _("Opening hours"), reverse("installation:step", args=["hours"])
    rows = Schedule.objects.filter(centre=centre)
    if rows.exclude(changed_at=None).filter(openings__isnull=False).exists():
        return Check("hours", Light.GREEN, name, _("Set by the centre."), address=address)
    return Check(
        "hours", Light.RED, name, _("These are the hours of the program: nobody has set them."),
        _("Look at the week and save it."), _("administrator"), address,
    )  # fmt: skip


def _days_off(*, at: datetime) -> Check:
    name, address = _("Holidays and Ramadan"), reverse("hours:holidays")
    today = timezone.localdate(at)
    soon = today + AHEAD
    count = Holiday.objects.proposed().filter(day__gte=today, day__lte=soon).count()
    count += Ramadan.objects.filter(confirmed_at=None).overlapping(today, soon).count()
    if not count:
        return Check(
            "holidays", Light.GREEN, name, _("Nothing to confirm in the next 60 days."),
            address=address,
        )  # fmt: skip
    said = ngettext(
        "%(n)s day or month to confirm in the next 60 days: until then it counts as an ordinary day.",
        "%(n)s days or months to confirm in the next 60 days: until then they count as ordinary days.",
        count,
    ) % {"n": count}
    return Check(
        "holidays", Light.AMBER, name, said, _("Confirm them, or say that the centre works."),
        _("supervisor"), address,
    )  # fmt: skip
