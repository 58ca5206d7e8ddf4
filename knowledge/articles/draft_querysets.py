"""Which drafts and pairings: only the people who write and review ever ask."""

from typing import Any

from django.db import models


class DraftQuerySet(models.QuerySet[Any]):
    def open(self) -> "DraftQuerySet":
        """Neither published nor dropped."""
        return self.filter(ended_at=None)

    def of_edition(self, edition: Any) -> "DraftQuerySet":
        return self.filter(edition=edition)

    def whole(self) -> "DraftQuerySet":
        """With their parts, and who wrote them."""
        return self.select_related("handed_in", "base", "edition").prefetch_related(
            "parts__by", "parts__besides__by"
        )


class PairingQuerySet(models.QuerySet[Any]):
    def of_articles(self, articles: Any) -> "PairingQuerySet":
        """The oldest first: of each part the last one counts."""
        return self.filter(article__in=articles).order_by("at", "pk")
