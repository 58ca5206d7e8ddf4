"""Which phrases, tags and snoozes."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from helpdesk.accounts.scope import Scope


class PhraseQuerySet(models.QuerySet[Any]):
    def in_use(self) -> "PhraseQuerySet":
        return self.filter(retired_at=None)

    def visible_to(self, user: Any) -> "PhraseQuerySet":
        """One's own, and those of one's teams."""
        scope = Scope.of(user)
        if not scope.can("tickets.handle_ticket"):
            return self.none()
        return self.filter(Q(owner=user) | Q(team__in={reach.team for reach in scope.reaches}))

    def kept_by(self, user: Any) -> "PhraseQuerySet":
        """Those the user may change: one's own; those of the team for who keeps them."""
        mine = Q(owner=user)
        if user.has_perm("tickets.keep_phrases"):
            mine |= ~Q(team=None)
        return self.visible_to(user).filter(mine)


class TagQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "TagQuerySet":
        """Words of the teams one works for."""
        scope = Scope.of(user)
        if not scope.can("tickets.read_ticket"):
            return self.none()
        return self.filter(team__in={reach.team for reach in scope.reaches})


class SnoozeQuerySet(models.QuerySet[Any]):
    def running(self, *, at: datetime) -> "SnoozeQuerySet":
        """Not woken and not over."""
        return self.filter(ended_at=None, until__gt=at)

    def visible_to(self, user: Any) -> "SnoozeQuerySet":
        tickets = self.model._meta.get_field("ticket").related_model.objects.visible_to(user)
        return self.filter(Exists(tickets.filter(pk=OuterRef("ticket_id"))))
