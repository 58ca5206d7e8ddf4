"""Which searches."""

from datetime import datetime
from typing import Any

from django.db import models


class SearchRecordQuerySet(models.QuerySet[Any]):
    def without_hits(self) -> "SearchRecordQuerySet":
        """What the library could not answer; searches of a broken index tell nothing."""
        return self.filter(hits=0, degraded=False)

    def older_than(self, moment: datetime) -> "SearchRecordQuerySet":
        return self.filter(at__lt=moment)
