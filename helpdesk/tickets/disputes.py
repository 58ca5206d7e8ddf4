"""Quarrels inside an association: a *dispute* joins tickets that are on different *sides* of it."""

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Dispute(models.Model):
    association = models.ForeignKey(
        "associations.Association", on_delete=models.CASCADE, related_name="disputes"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)


class DisputeSide(models.Model):
    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="sides")
    ticket = models.OneToOneField(
        "tickets.Ticket", on_delete=models.CASCADE, related_name="dispute_side"
    )
    side = models.CharField(max_length=1, choices=[("a", "أ / A"), ("b", "ب / B")])
