"""Which notices."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Case, F, Q, Value, When


class NoticeQuerySet(models.QuerySet[Any]):
    def due(self, *, at: datetime) -> "NoticeQuerySet":
        """Queued, due, and not taken by another process."""
        return self.filter(_free(at), state="queued", due_at__lte=at)

    def take(self, *, at: datetime, lease: timedelta, count: int = 25) -> "list[Any]":
        """Take the oldest of these due rows by compare-and-set; what another took is not among them.

        A row whose earlier lease ran out without an outcome is marked unsure: it may have left.
        """
        token = uuid4().hex[:12]
        oldest = self.due(at=at).order_by("due_at", "pk").values_list("pk", flat=True)
        pks = list(oldest[:count])
        self.due(at=at).filter(pk__in=pks).update(
            unsure=Case(When(lease_until=None, then=F("unsure")), default=Value(True)),
            lease_until=at + lease,
            lease_by=token,
            tries=F("tries") + 1,
        )
        return list(self.model.objects.filter(pk__in=pks, lease_by=token).order_by("due_at", "pk"))

    def held(self, notice: Any) -> "NoticeQuerySet":
        """The row as its holder took it; none when the lease has passed to another."""
        return self.filter(pk=notice.pk, lease_by=notice.lease_by, state="queued")

    def about(self, kind: str, pk: int) -> "NoticeQuerySet":
        return self.filter(subject_kind=kind, subject_id=pk).order_by("written_at")

    def shown(self, *, at: datetime) -> "NoticeQuerySet":
        """What receivers have, or have in a moment, newest first."""
        people = self.exclude(channel="webhook")
        return people.filter(due_at__lte=at).order_by("-written_at", "-pk")

    def written_to(self, address: str, *, kind: str, since: datetime) -> "NoticeQuerySet":
        return self.filter(address__iexact=address, kind=kind, written_at__gte=since)


def _free(at: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=at)
