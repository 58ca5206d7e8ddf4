"""Which articles, versions and statements."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Prefetch


class ArticleQuerySet(models.QuerySet[Any]):
    def published_in(self, language: str) -> "ArticleQuerySet":
        return self.filter(editions__language=language, editions__current__isnull=False)

    def asked_most(self) -> "ArticleQuerySet":
        return self.exclude(asked_rank=None).order_by("asked_rank")


class VersionQuerySet(models.QuerySet[Any]):
    def current(self) -> "VersionQuerySet":
        """Those that readers see."""
        return self.filter(current_of__isnull=False)

    def in_language(self, language: str) -> "VersionQuerySet":
        return self.filter(edition__language=language)

    def whole(self) -> "VersionQuerySet":
        """With article, theme, statements and citations, in four queries."""
        statement = self.model._meta.get_field("statements").related_model
        return self.select_related("edition__article__theme").prefetch_related(
            Prefetch("statements", statement.objects.order_by("rank")),
            "statements__citations__instrument",
        )

    def published_after(self, moment: datetime) -> "VersionQuerySet":
        return self.current().filter(published_at__gt=moment)


class StatementQuerySet(models.QuerySet[Any]):
    def readable_by(self, user: Any) -> "StatementQuerySet":
        """Statements that are not certain are for staff until somebody checked them."""
        if user.has_perm("articles.read_unsure"):
            return self
        return self.exclude(mark="unsure")
