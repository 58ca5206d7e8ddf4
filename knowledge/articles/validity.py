"""When a text or an article is in force, and when it is to be read again. No query here.

A day that nobody established is empty, and empty never means "in force for ever": it is *not
established*, which hides nothing and says so. The last day in force still counts.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SOON = timedelta(days=30)
"""So long before its day a review stands on the list."""
LATE = timedelta(days=14)
"""So long after its day a review is told to the supervisors."""


class Force(models.TextChoices):
    """Whether one may answer from it today."""

    UNKNOWN = "unknown", _("dates not established")
    COMING = "coming", _("not yet in force")
    IN_FORCE = "in-force", _("in force")
    ENDED = "ended", _("no longer in force")


class Due(models.TextChoices):
    """Where the next review stands."""

    NONE = "none", _("no date set")
    LATER = "later", _("later")
    SOON = "soon", _("soon")
    DUE = "due", _("due")
    LATE = "late", _("overdue")


class UpkeepAct(models.TextChoices):
    """What people do to keep the library true."""

    VALIDITY = "validity", _("set the validity")
    ASSIGNED = "assigned", _("set owner and next review")
    REVIEWED = "reviewed", _("read again, still right")
    SIGNED = "signed", _("signed")
    UNSIGNED = "unsigned", _("took the signature back")
    ADVICE = "advice", _("said that it changes advice")
    BEGUN = "begun", _("began a draft")
    SUBMITTED = "submitted", _("handed it in for review")
    WITHDRAWN = "withdrawn", _("took it back from review")
    RETURNED = "returned", _("sent it back to its writers")
    SCHEDULED = "scheduled", _("read it and set the day of publishing")
    HELD = "held", _("took back the day of publishing")
    PUBLISHED = "published", _("published it")
    RESTORED = "restored", _("made a draft of an older version")
    PAIRED = "paired", _("said that both languages say the same")
    DROPPED = "dropped", _("dropped the draft")
    TAKEN = "taken", _("took it from the library of another centre")
    PUT_AWAY = "put-away", _("put away what came from another centre")


def force(starts: date | None, ends: date | None, *, ended: bool, on: date) -> Force:
    """`ends` is the last day in force; `ended` says that it is over though the day is unknown."""
    if (ends is not None and ends < on) or (ends is None and ended):
        return Force.ENDED
    if starts is not None and starts > on:
        return Force.COMING
    return Force.IN_FORCE if starts or ends else Force.UNKNOWN


def applies(found: Force) -> bool:
    """Whether it may be suggested: what is not established may."""
    return found not in (Force.COMING, Force.ENDED)


def due(review_on: date | None, *, on: date) -> Due:
    """On its very day a review is due; LATE days after it, it is late."""
    if review_on is None:
        return Due.NONE
    if on < review_on - SOON:
        return Due.LATER
    if on < review_on:
        return Due.SOON
    return Due.DUE if on < review_on + LATE else Due.LATE


class Limited:
    """Properties of `Article` and `Instrument`: what their days mean today, in Casablanca."""

    if TYPE_CHECKING:
        in_force_from: date | None
        in_force_until: date | None
        is_ended: bool

    @property
    def force(self) -> Force:
        return self.force_on(timezone.localdate())

    def force_on(self, day: date) -> Force:
        return force(self.in_force_from, self.in_force_until, ended=self.is_ended, on=day)

    @property
    def applies(self) -> bool:
        return applies(self.force)

    @property
    def is_over(self) -> bool:
        return self.force == Force.ENDED

    @property
    def is_coming(self) -> bool:
        return self.force == Force.COMING


class Reviewed:
    """Properties of `Article`: where its next review stands today."""

    if TYPE_CHECKING:
        review_on: date | None

    @property
    def due(self) -> Due:
        return due(self.review_on, on=timezone.localdate())
