"""Which calls are owed, and how late they are."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q


class PromiseQuerySet(models.QuerySet[Any]):
    def owed(self) -> "PromiseQuerySet":
        return self.filter(state="open")

    def owed_until(self, at: datetime) -> "PromiseQuerySet":
        """Owed, with a window that ends by then or has ended."""
        return self.owed().filter(window_until__lte=at)

    def late(self, *, at: datetime) -> "PromiseQuerySet":
        return self.owed().filter(window_until__lt=at)

    def of_rings(self) -> "PromiseQuerySet":
        """Owed because somebody called in vain, not because an advisor promised it."""
        return self.owed().filter(made_by=None, kind__in=["missed", "voicemail", "call-back"])

    def unreached(self) -> "PromiseQuerySet":
        """Called three times in vain, and the request is open still."""
        return self.filter(state="unreached").exclude(ticket__state="closed")

    def untold(self, *, at: datetime) -> "PromiseQuerySet":
        """Past their window, and their thread does not say so yet."""
        return self.late(at=at).filter(told_at=None)

    def measured(self, start: datetime, end: datetime) -> "PromiseQuerySet":
        """Made or due between two instants, or open still; not those that were not owed after all."""
        one = Q(state="open") | Q(made_at__range=(start, end)) | Q(window_until__range=(start, end))
        return self.filter(one).exclude(Q(state="dropped") | Q(kind="recall"))

    def visible_to(self, user: Any) -> "PromiseQuerySet":
        tickets = self.model._meta.get_field("ticket").related_model.objects.visible_to(user)
        return self.filter(Exists(tickets.filter(pk=OuterRef("ticket_id"))))
