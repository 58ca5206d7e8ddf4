"""A permission to call one number once. Models of the same app as `models.py`, which loads them.

Whom a page wants to call is never believed: a person asks for the call by a form, which leaves this row, and
only what the row allows is dialled. The number itself is that of the call, in its payload; here is what
stands for it, so that another one put in its place is not called.
"""

import hmac
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import models

from helpdesk.associations.numbers import Number


def mark_of(number: Number) -> str:
    """What stands for a number: the same for the same, and nothing of it is readable."""
    key = f"dial:{settings.PEPPER}".encode()
    return hmac.new(key, number.for_storage().encode(), sha256).hexdigest()


class Dial(models.Model):
    call = models.OneToOneField("telephony.Call", on_delete=models.CASCADE, related_name="dial")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    target = models.CharField(max_length=64)
    """Keyed hash of the one number it is for."""
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    """The advisor's voice must be there by then."""
    used_at = models.DateTimeField(null=True)
    """Once only."""
    ringing_at = models.DateTimeField(null=True)
    """It rings at theirs."""

    class Meta:
        indexes = [models.Index(fields=["user", "made_at"]), models.Index(fields=["made_at"])]

    def is_for(self, number: Number | None) -> bool:
        return number is not None and hmac.compare_digest(self.target, mark_of(number))

    def is_open(self, *, at: datetime) -> bool:
        return self.used_at is None and at <= self.until
