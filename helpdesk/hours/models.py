"""When the centre is open, and which days do not count.

Words: a *schedule* is a week of *openings*; a *holiday* counts only once a supervisor confirmed it,
because the dates of Islamic feasts are estimates until announced; so does a *Ramadan*, whose days
have openings of their own where a schedule has some.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.hours.querysets import HolidayQuerySet, RamadanQuerySet


class Schedule(models.Model):
    centre = models.ForeignKey("centre.Centre", on_delete=models.CASCADE, related_name="schedules")
    name = models.CharField(max_length=80)
    changed_at = models.DateTimeField(null=True, blank=True)
    """When its openings last changed: what was counted with it before is counted again."""

    def __str__(self) -> str:
        return self.name


class Opening(models.Model):
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    """0 is Monday, as in `datetime.weekday()`."""
    opens = models.TimeField()
    closes = models.TimeField()
    in_ramadan = models.BooleanField(default=False)

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="opening_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="opening_weekday_in_week"
            ),
        ]


class Holiday(models.Model):
    day = models.DateField(_("day"), unique=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    estimated = models.BooleanField(default=False)
    """The day follows the moon: it may move by a day or two until it is announced."""
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    """Not a day off here. The row stays, or the next round of proposals would bring it back."""

    objects: ClassVar[HolidayQuerySet] = HolidayQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["day"]
        permissions = [("confirm_holiday", "confirm a holiday")]

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


class Ramadan(models.Model):
    """The days of one month of fasting; two may begin in one year of ours."""

    starts_on = models.DateField(_("first day"), unique=True)
    ends_on = models.DateField(_("last day"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RamadanQuerySet] = RamadanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="ramadan_ends_after_start",
            )
        ]
