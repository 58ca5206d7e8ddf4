"""What Twilio records of a talk, and recordings there that nobody agreed to. Models of the app, loaded by `models.py`."""

from typing import ClassVar

from django.db import models


class Tape(models.Model):
    """Sound of one caller's voice during one turn: what they say and hear, and nothing they do not.

    It is as our rows want it; an order brings Twilio to that, and may be sent twice.
    """

    voice = models.ForeignKey("twilio.Voice", on_delete=models.CASCADE, related_name="tapes")
    leg = models.ForeignKey("telephony.Leg", on_delete=models.CASCADE, related_name="+")
    """Of the advisor who has the turn."""
    consent = models.ForeignKey("associations.Consent", on_delete=models.PROTECT, related_name="+")
    """Never empty: there is no tape without the caller's word."""
    sid = models.CharField(max_length=34, null=True, unique=True)
    """As Twilio names it; empty until it was begun there."""
    is_unsure = models.BooleanField(default=False)
    """That it begins may have been asked: it is looked for before it is asked again."""
    made_at = models.DateTimeField()
    rests = models.BooleanField(default=False)
    """The advisor lets it rest: something is told that must not be kept."""
    is_paused = models.BooleanField(default=False)
    """It should not sound: it rests, or the two do not hear each other."""
    stopped_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    """Its sound is being fetched, or there is none."""

    objects: ClassVar[models.Manager["Tape"]] = models.Manager()

    class Meta:
        ordering = ["pk"]


class Stray(models.Model):
    """A recording at Twilio that no caller agreed to: a person has to see why."""

    sid = models.CharField(max_length=34, unique=True)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    """It is not there any more."""

    objects: ClassVar[models.Manager["Stray"]] = models.Manager()
