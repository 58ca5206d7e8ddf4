"""What the asker thinks: a *rating* of each contact, and the *result*, which is what came of the request."""

from typing import ClassVar

from django.db import models

from helpdesk.tickets import rules
from helpdesk.tickets.querysets import RatingQuerySet, ResultQuerySet


class Rating(models.Model):
    """What the asker thinks of one contact: one row a contact, changed within some days."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="ratings")
    contact = models.PositiveIntegerField(default=1)
    """Number of the entry the contact began with (`contacts.contacts`)."""
    score = models.PositiveSmallIntegerField()
    """1 to 5."""
    reason = models.CharField(max_length=12, choices=rules.Reason, blank=True)
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)
    """When it was given first."""

    objects: ClassVar[RatingQuerySet] = RatingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["contact"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="rating_once_a_contact")
        ]


class Result(models.Model):
    """What came of it: asked once, a month after the answer. It needs no rating."""

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.CASCADE, related_name="result")
    asked_at = models.DateTimeField()
    code = models.CharField(max_length=12, choices=rules.Came, blank=True)
    """Empty until the asker says it."""
    said_at = models.DateTimeField(null=True, db_index=True)

    objects: ClassVar[ResultQuerySet] = ResultQuerySet.as_manager()  # type: ignore[assignment]
