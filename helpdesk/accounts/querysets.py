"""Which users, postings and audit rows."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q


class UserQuerySet(models.QuerySet[Any]):
    def in_role(self, *roles: str) -> "UserQuerySet":
        return self.filter(groups__name__in=roles).distinct()

    def in_team(self, team: Any, *, on: date) -> "UserQuerySet":
        """Users posted to `team` on that day."""
        return self.filter(
            Q(postings__ends_on=None) | Q(postings__ends_on__gte=on),
            postings__team=team,
            postings__starts_on__lte=on,
            is_active=True,
        ).distinct()


class PostingQuerySet(models.QuerySet[Any]):
    def of(self, user: Any, *, on: date) -> "PostingQuerySet":
        """Postings that hold for `user` on that day."""
        return self.filter(user=user).in_force(on=on)

    def in_force(self, *, on: date) -> "PostingQuerySet":
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class AuditQuerySet(models.QuerySet[Any]):
    def unchained(self) -> "AuditQuerySet":
        return self.filter(chained="").order_by("pk")

    def update(self, **kwargs: Any) -> int:
        """Only the chain may be filled in, once."""
        if set(kwargs) != {"chained"}:
            raise TypeError("audit rows are never changed")
        return super().update(**kwargs)

    def delete(self) -> Any:
        raise TypeError("audit rows are never deleted")
