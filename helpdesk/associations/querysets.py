"""Which associations, persons and deadlines."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from helpdesk.accounts.scope import Scope


class AssociationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "AssociationQuerySet":
        """Those of the centres and provinces the user is posted to; a member's own."""
        scope = Scope.of(user)
        if scope.can("associations.view_association"):
            return self.filter(scope.rows(team=None)).distinct()
        if user.is_authenticated:
            return self.filter(mandates__person__user=user).distinct()
        return self.none()

    def matching_name(self, folded: str) -> "AssociationQuerySet":
        return self.filter(folded__contains=folded)


class PersonQuerySet(models.QuerySet[Any]):
    def with_number(self, number: Any) -> "PersonQuerySet":
        return self.filter(phones__number=number).order_by("-phones__last_used_at")

    def visible_to(self, user: Any) -> "PersonQuerySet":
        """People of the centres the user works for; oneself otherwise."""
        scope = Scope.of(user)
        if scope.can("associations.view_association"):
            return self.filter(centre_id__in=scope.centres)
        return self.filter(user=user) if user.is_authenticated else self.none()


class LegalDeadlineQuerySet(models.QuerySet[Any]):
    def running(self) -> "LegalDeadlineQuerySet":
        return self.filter(state="running")

    def due_by(self, day: date) -> "LegalDeadlineQuerySet":
        return self.running().filter(due_on__lte=day)

    def visible_to(self, user: Any) -> "LegalDeadlineQuerySet":
        scope = Scope.of(user)
        if scope.can("associations.view_association"):
            return self.filter(scope.rows(team=None, prefix="association__"))
        if user.is_authenticated:
            own = Q(association__mandates__person__user=user)
            return self.filter(own).distinct()
        return self.none()
