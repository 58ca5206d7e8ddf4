"""Telephone calls.

Words: a *call* is one conversation by telephone. On the *desk line* the advisor answers any telephone
and types the number; the call card keeps what is said until the *wrap-up* writes it into a ticket.
Claim, load and figures live in queues; a call never carries an owner of its own beyond who took it.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.associations.numbers import NumberField
from telephony.querysets import CallQuerySet


class Call(models.Model):
    class Line(models.TextChoices):
        DESK = "desk", _("desk telephone")

    class Direction(models.TextChoices):
        IN = "in", _("incoming")
        OUT = "out", _("outgoing")

    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=10, choices=Line, default=Line.DESK)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    number = NumberField(blank=True, default="", db_index=True)
    """Empty = withheld."""
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calls"
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", null=True, on_delete=models.SET_NULL, related_name="calls"
    )
    """Known at the wrap-up, or from the start when it is a call owed."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """The voice is gone; the wrap-up goes on."""
    wrapped_at = models.DateTimeField(null=True)
    papers = models.JSONField(default=list)
    """Papers given while it lasted: [{"code", "language", "form", "filled"}]; the wrap-up writes them
    into the ticket."""
    key = models.CharField(max_length=60, unique=True)

    objects: ClassVar[CallQuerySet] = CallQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-started_at"]

    @property
    def seconds(self) -> int:
        """Length of the conversation so far known."""
        return int(((self.ended_at or self.started_at) - self.started_at).total_seconds())
