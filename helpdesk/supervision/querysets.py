"""Which notices to the desk, frozen copies, kept tallies and rules of retention."""

from datetime import date, datetime
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


class FrozenPeriodQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "FrozenPeriodQuerySet":
        """Copies of the user's centres; who is posted to provinces only reads the copies of these."""
        found = models.Q(pk__in=[])
        for reach in Scope.of(user).reaches:
            one = models.Q(centre_id=reach.centre)
            found |= one & models.Q(province=reach.province) if reach.province else one
        return self.filter(found)

    def for_list(self) -> "FrozenPeriodQuerySet":
        return self.select_related("frozen_by", "centre").defer("content")


class KeptTallyQuerySet(models.QuerySet[Any]):
    def within(self, first: date, after: date) -> "KeptTallyQuerySet":
        """Those that may count between two days: what still was open counts until it was closed."""
        return self.filter(from_day__lt=after, until_day__gte=first)


class RetentionRuleQuerySet(models.QuerySet[Any]):
    def of(self, centre: Any) -> "RetentionRuleQuerySet":
        return self.filter(centre=centre).select_related("proposed_by", "confirmed_by")

    def proposed(self) -> "RetentionRuleQuerySet":
        """Waiting for a second person."""
        return self.exclude(proposed_days=None)

    def in_force(self) -> "RetentionRuleQuerySet":
        return self.exclude(days=None)
