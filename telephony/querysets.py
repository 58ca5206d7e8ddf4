"""Which calls, legs and timers."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from helpdesk.accounts.scope import Scope
from helpdesk.tickets.models import Ticket
from telephony.facts import LIVE, VOICE


class CallQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "CallQuerySet":
        """One's own, and those whose request one may read."""
        if not user.is_authenticated:
            return self.none()
        seen = Ticket.objects.visible_to(user).order_by().values("pk")
        mine = Q(user=user)
        if Scope.of(user).can("tickets.handle_ticket"):
            return self.filter(mine | Q(ticket__in=seen))
        return self.filter(mine)

    def of(self, user: Any) -> "CallQuerySet":
        """The newest turn is this person's."""
        return self.filter(user=user)

    def unwrapped(self) -> "CallQuerySet":
        """Nobody has written them down, though somebody spoke."""
        return self.filter(wrapped_at=None).exclude(user=None)

    def live(self) -> "CallQuerySet":
        """The caller is there."""
        return self.filter(state__in=[str(one) for one in LIVE])

    def with_voice(self) -> "CallQuerySet":
        """An advisor has them."""
        return self.filter(state__in=[str(one) for one in VOICE])

    def for_card(self) -> "CallQuerySet":
        return self.select_related("centre", "payload", "ticket__theme", "ticket__person", "user")


class LegQuerySet(models.QuerySet[Any]):
    def here(self) -> "LegQuerySet":
        """Not left."""
        return self.filter(left_at=None)


class TimerQuerySet(models.QuerySet[Any]):
    def due(self, *, at: datetime) -> "TimerQuerySet":
        return self.filter(done_at=None, due_at__lte=at).order_by("due_at")
