"""What the check of the public line found last. Models of the same app as `models.py`, which loads them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingQuerySet(models.QuerySet["Finding"]):
    def red(self) -> "FindingQuerySet":
        return self.filter(level=Finding.Level.RED)


class Finding(models.Model):
    """One line of the check, as it was found last."""

    class Level(models.TextChoices):
        GREEN = "green", _("in order")
        AMBER = "amber", _("look into it")
        RED = "red", _("wrong")
        OFF = "off", _("not used")

    code = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=5, choices=Level)
    points = models.JSONField(default=list)
    """[{"says": code of a sentence, …what stands in it}]; nothing personal."""
    found_at = models.DateTimeField()
    since = models.DateTimeField()
    """Of this level."""

    objects: ClassVar[FindingQuerySet] = FindingQuerySet.as_manager()  # type: ignore[assignment]


class LineCheck(models.Model):
    """When it was asked for, begun and done: one row."""

    wanted_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    setup = models.CharField(max_length=64, blank=True)
    """Stands for the settings it was done with: others are checked at once."""
