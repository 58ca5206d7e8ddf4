"""Where a request came from, beside its channel."""

from django.db import models


class Sent(models.Model):
    """Of `Ticket`: the organisation whose program sent it; it reads its own, and nobody else's."""

    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True
