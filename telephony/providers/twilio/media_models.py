"""Files of messages that came in. Models of the same app as `models.py`, which loads them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


class MediaQuerySet(models.QuerySet["Media"]):
    def open(self) -> "MediaQuerySet":
        """Not fetched yet, or not deleted at Twilio yet, and not given up."""
        return self.filter(done_at=None)

    def due(self, *, at: datetime) -> "MediaQuerySet":
        return self.open().filter(due_at__lte=at).order_by("pk")


class Media(models.Model):
    """One file of a message, as Twilio names both. Of the file itself only its proof is kept here."""

    sid = models.CharField(max_length=40, unique=True)
    """ME…; of one whose address was none of Twilio's a name of ours."""
    message = models.CharField(max_length=34)
    place = models.PositiveSmallIntegerField()
    """Among the files of its message, from 1."""
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    """Of what is to be done now: to fetch it, then to delete it."""
    settled_at = models.DateTimeField(null=True)
    """Kept, or refused."""
    refused = models.CharField(max_length=10, blank=True)
    """Why it was not kept: kind, size, count, address, lost."""
    done_at = models.DateTimeField(null=True)
    """Deleted at Twilio, or given up (then with `error`)."""
    size = models.PositiveIntegerField(null=True)
    """Bytes of what was fetched."""
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=80, blank=True)

    objects: ClassVar[MediaQuerySet] = MediaQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="twilio_media_due"),
            models.Index(fields=["message"], name="twilio_media_of"),
        ]
