"""What the hook remembers: nonces, so that no request is taken twice, and what was told.

Words: an *exchange* is whatever carries the voice and reports: a PBX, or a telephone with a SIM; a
*key* is the name of the secret it signs with; a *nonce* is a word it uses once. An event is *told* by a
request and *applied* to its call right afterwards; one that cannot be applied is *set aside*.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from helpdesk.associations.numbers import NumberField
from telephony.providers.hook.fields import Said

OLDEST_FIRST = 500


class NonceQuerySet(models.QuerySet["Nonce"]):
    def older_than(self, at: datetime) -> "NonceQuerySet":
        return self.filter(at__lt=at)


class Nonce(models.Model):
    key = models.CharField(max_length=20)
    word = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[NonceQuerySet] = NonceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "word"], name="nonce_once")]


class ToldQuerySet(models.QuerySet["Told"]):
    def due(self, *, at: datetime) -> "ToldQuerySet":
        """To be applied by now, in the order in which they were told."""
        return self.filter(applied_at=None, due_at__lte=at).order_by("pk")

    def claim(self, *, at: datetime) -> "Told | None":
        """The first that is due and that no other process is applying, its row locked."""
        return self.due(at=at).select_for_update(skip_locked=True).first()

    def set_aside(self) -> "ToldQuerySet":
        """Tried in vain for so long that only a person can help."""
        return self.filter(applied_at=None, due_at=None).order_by("pk")

    def failing(self) -> "ToldQuerySet":
        """Tried in vain, set aside or not."""
        return self.filter(applied_at=None, tries__gt=0).order_by("pk")

    def older_than(self, at: datetime) -> "ToldQuerySet":
        """Some of those told before: the oldest have the lowest numbers, so no index is needed."""
        oldest = self.order_by("pk").values("pk")[:OLDEST_FIRST]
        return self.filter(pk__in=[row["pk"] for row in oldest], received_at__lt=at)


class Told(models.Model):
    """One event as an exchange told it. The database refuses to change what was told; the caller's
    number, the exchange's name of the call and of the message can be emptied, and are once applied.
    """

    key = models.CharField(max_length=20)
    """Who signed it."""
    event = models.CharField(max_length=10)
    call = models.CharField(max_length=80, blank=True)
    """Personal: a telephone with a SIM names its calls by number."""
    number = NumberField(blank=True, default="")
    """Personal. Empty = withheld."""
    extension = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=3, blank=True)
    sequence = models.PositiveSmallIntegerField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    recording = models.CharField(max_length=200, blank=True)
    """Personal: exchanges write the number into the names of files."""
    at = models.DateTimeField()
    """When it happened."""
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """When to apply it; empty when that is done, or when it was set aside."""
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)
    """Kind and place of what the last try met; never its message, in which a number may stand."""

    objects: ClassVar[ToldQuerySet] = ToldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(applied_at=None), name="told_unapplied")
        ]

    @property
    def said(self) -> Said:
        """The event again, as it was read."""
        return Said(
            call=self.call, event=self.event, at=self.at, number=self.number or None,
            extension=self.extension, line=self.line, language=self.language,
            sequence=self.sequence, seconds=self.seconds, recording=self.recording,
        )  # fmt: skip

    @property
    def lag(self) -> timedelta | None:
        """From the request to the call."""
        return self.applied_at - self.received_at if self.applied_at else None
