"""Addresses of organisations that are told when something moved: web hooks.

A subscription has a secret that nobody stores: it follows from the pepper, the row and its turn, is
shown once, and a new turn makes another.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_ADDRESS = 250


class Event(models.TextChoices):
    """What an organisation can be told of."""

    ANSWERED = "request.answered", _("an answer was given")
    MESSAGE = "request.message", _("the centre wrote")
    CLOSED = "request.closed", _("a request was closed")
    ADVICE = "request.advice-changed", _("the advice of an answer changed")
    PUBLISHED = "library.published", _("an article version was published")


class SubscriptionQuerySet(models.QuerySet[Any]):
    def running(self) -> "SubscriptionQuerySet":
        return self.filter(ended_at=None, organisation__ended_at=None)

    def of(self, organisation: Any) -> "SubscriptionQuerySet":
        return self.running().filter(organisation=organisation)


class Subscription(models.Model):
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="subscriptions"
    )
    url = models.CharField(_("Address"), max_length=LONGEST_ADDRESS)
    """https only; where its host leads to is asked at each sending (dialling.py)."""
    events = models.JSONField(default=list)
    """Codes of `Event`."""
    turn = models.PositiveSmallIntegerField(default=1)
    """Of the secret: the next one makes the old secret void."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    told_until = models.DateTimeField()
    """Versions of articles published until then have been told."""
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[SubscriptionQuerySet] = SubscriptionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.url

    @property
    def event_names(self) -> list[str]:
        return [str(event.label) for event in Event if event in self.events]

    @property
    def secret(self) -> str:
        words = f"web hook:{self.pk}:{self.turn}".encode()
        return "whsec_" + hmac.new(settings.PEPPER.encode(), words, hashlib.sha256).hexdigest()


def signature(secret: str, body: bytes, *, at: datetime) -> str:
    """`t=1764000000,v1=…`: HMAC-SHA256 over the time, a full stop and the body as it is sent."""
    stamp = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={made}"
