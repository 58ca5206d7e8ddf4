"""Which calls."""

from typing import Any

from django.db import models


class CallQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "CallQuerySet":
        """One's own, until they are in a ticket, which has its own rules."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def unwrapped(self) -> "CallQuerySet":
        return self.filter(wrapped_at=None)
