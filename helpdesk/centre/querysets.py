"""Which centres."""

from typing import Any

from django.db import models
from django.utils import timezone


class CentreQuerySet(models.QuerySet[Any]):
    def worked_in_by(self, user: Any) -> "CentreQuerySet":
        """Centres where the user is posted today, the first of them first."""
        held = user.postings.in_force(on=timezone.localdate())
        return self.filter(pk__in=held.values("team__centre")).select_related("operator")

    def real(self) -> "CentreQuerySet":
        """Without those in which staff only practise."""
        return self.filter(practice_of=None)


class ChangeQuerySet(models.QuerySet[Any]):
    def of(self, centre: Any) -> "ChangeQuerySet":
        """The history of one centre with its people, the newest first."""
        return self.filter(centre=centre).select_related("by")


class BackupQuerySet(models.QuerySet[Any]):
    def verified(self) -> "BackupQuerySet":
        """Those read again after writing and found whole, the newest first."""
        return self.exclude(verified_at=None).order_by("-verified_at", "-pk")

    def drilled(self) -> "BackupQuerySet":
        """Those restored elsewhere, the latest drill first."""
        return self.exclude(drilled_at=None).order_by("-drilled_at", "-pk")
