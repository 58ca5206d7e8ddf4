"""What the hook remembers: the nonces of requests it has taken, so that none is taken twice.

Words: an *exchange* is whatever carries the voice and reports: a PBX, or a telephone with a SIM; a
*key* is the name of the secret it signs with; a *nonce* is a word it uses once.
"""

from datetime import datetime
from typing import ClassVar

from django.db import models


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
