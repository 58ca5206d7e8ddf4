"""Which keys, bundles and origins."""

from typing import Any

from django.db import models

from knowledge.articles.rules import State


class TrustedKeyQuerySet(models.QuerySet[Any]):
    def trusted(self) -> "TrustedKeyQuerySet":
        return self.filter(ended_at=None)

    def with_people(self) -> "TrustedKeyQuerySet":
        return self.select_related("added_by", "ended_by")


class BundleQuerySet(models.QuerySet[Any]):
    def listed(self) -> "BundleQuerySet":
        """Without their content, the newest first."""
        return self.defer("data").select_related("key", "brought_by")


class OriginQuerySet(models.QuerySet[Any]):
    def waiting(self) -> "OriginQuerySet":
        """Of versions that nobody here has signed and opened, the longest waiting first."""
        found = self.filter(version__state=State.REVIEW).order_by("taken_at", "pk")
        return found.select_related(
            "version__edition__article__theme", "bundle__key", "taken_by"
        ).defer("bundle__data")
