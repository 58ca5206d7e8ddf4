"""Which notices."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q


class NoticeQuerySet(models.QuerySet[Any]):
    def due(self, *, at: datetime) -> "NoticeQuerySet":
        """Queued, due, and not taken by another process."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lt=at), state="queued", due_at__lte=at
        )

    def about(self, kind: str, pk: int) -> "NoticeQuerySet":
        return self.filter(subject_kind=kind, subject_id=pk).order_by("written_at")
