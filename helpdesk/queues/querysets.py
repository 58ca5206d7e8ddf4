"""Which contacts wait, and which work was done."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from helpdesk.tickets.models import Ticket


class WaitingQuerySet(models.QuerySet[Any]):
    def now(self) -> "WaitingQuerySet":
        """Not taken, not gone."""
        return self.filter(ended_at=None)

    def visible_to(self, user: Any) -> "WaitingQuerySet":
        """Contacts whose ticket the user may read."""
        return self.filter(Exists(Ticket.objects.visible_to(user).filter(pk=OuterRef("ticket_id"))))

    def late(self, *, at: datetime) -> "WaitingQuerySet":
        return self.now().filter(due_at__lt=at)

    def for_list(self) -> "WaitingQuerySet":
        return self.select_related(
            "queue", "ticket", "ticket__person", "ticket__association", "ticket__theme"
        )


class HandlingQuerySet(models.QuerySet[Any]):
    def under_way(self) -> "HandlingQuerySet":
        return self.filter(wrapped_at=None)


class PresenceQuerySet(models.QuerySet[Any]):
    def connected(self, *, at: datetime) -> "PresenceQuerySet":
        """Their desk spoke within the last minute."""
        return self.filter(seen_at__gte=at - timedelta(seconds=60))


class ServingQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> "ServingQuerySet":
        """Who serves which queue first that day."""
        return self.filter(day=day)
