"""Which notices to the desk."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from helpdesk.accounts.scope import Scope


class DeskNoticeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "DeskNoticeQuerySet":
        """Those of the user's teams."""
        return self.filter(team__in={reach.team for reach in Scope.of(user).reaches})

    def now(self, *, at: datetime) -> "DeskNoticeQuerySet":
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def not_over(self, *, at: datetime) -> "DeskNoticeQuerySet":
        """Shown now, or to be shown."""
        return self.filter(ends_at__gt=at)

    def for_eyes_of(self, user: Any) -> "DeskNoticeQuerySet":
        """Not put away by this person."""
        away = self.model.put_away_by.through.objects.filter(
            desknotice=OuterRef("pk"), user=user.pk
        )
        return self.filter(~Exists(away))
