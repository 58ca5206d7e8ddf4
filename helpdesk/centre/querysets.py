"""Which centres."""

from typing import Any

from django.db import models
from django.utils import timezone


class CentreQuerySet(models.QuerySet[Any]):
    def worked_in_by(self, user: Any) -> "CentreQuerySet":
        """Centres where the user is posted today, the first of them first."""
        held = user.postings.in_force(on=timezone.localdate())
        return self.filter(pk__in=held.values("team__centre")).select_related("operator")
