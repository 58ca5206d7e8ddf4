"""Which articles, versions and statements."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce, Greatest


def _over(prefix: str, on: date) -> Q:
    ended = Q(**{f"{prefix}in_force_until__lt": on})
    unknown = {f"{prefix}in_force_until": None, f"{prefix}is_ended": True}
    return ended | Q(**unknown)


class ArticleQuerySet(models.QuerySet[Any]):
    def published_in(self, language: str) -> "ArticleQuerySet":
        return self.filter(editions__language=language, editions__current__isnull=False)

    def asked_most(self) -> "ArticleQuerySet":
        return self.exclude(asked_rank=None).order_by("asked_rank")

    def for_upkeep(self) -> "ArticleQuerySet":
        """With theme, owner and what stands beside them in the list of reviews; the next first."""
        found = self.filter(editions__current__isnull=False).distinct()
        return (
            found.select_related("theme", "owner", "successor", "ended_by")
            .prefetch_related("editions__current")
            .order_by(models.F("review_on").asc(nulls_last=True), "topic")
        )

    def review_by(self, day: date) -> "ArticleQuerySet":
        """To be read again by that day at the latest."""
        return self.filter(review_on__lte=day)

    def over(self, *, on: date) -> "ArticleQuerySet":
        """No longer in force that day: the same as validity.force says."""
        return self.filter(_over("", on))


class VersionQuerySet(models.QuerySet[Any]):
    def current(self) -> "VersionQuerySet":
        """Those that readers see."""
        return self.filter(current_of__isnull=False)

    def in_language(self, language: str) -> "VersionQuerySet":
        return self.filter(edition__language=language)

    def whole(self) -> "VersionQuerySet":
        """With article, theme, statements and citations, in four queries."""
        statement = self.model._meta.get_field("statements").related_model
        return self.select_related(
            "edition__article__theme", "edition__article__successor", "edition__article__ended_by"
        ).prefetch_related(
            Prefetch("statements", statement.objects.order_by("rank")),
            "statements__citations__instrument",
        )

    def newest(self, language: str) -> "VersionQuerySet":
        """What was published or came out of force last, for readers who follow the library."""
        found = self.current().in_language(language).select_related("edition__article__theme")
        ruled = Coalesce("edition__article__validity_at", "published_at")
        return found.annotate(moved_at=Greatest("published_at", ruled)).order_by("-moved_at", "-pk")

    def applying(self, *, on: date) -> "VersionQuerySet":
        """Of articles that one may answer from that day: the same as validity.applies says."""
        coming = Q(edition__article__in_force_from__gt=on)
        return self.exclude(_over("edition__article__", on) | coming)

    def changing_advice(self) -> "VersionQuerySet":
        """Published once, and answers from older ones must be looked at again."""
        return self.filter(changes_advice=True, published_at__isnull=False).order_by("pk")

    def published_after(self, moment: datetime) -> "VersionQuerySet":
        return self.current().filter(published_at__gt=moment)


class InstrumentQuerySet(models.QuerySet[Any]):
    def texts(self) -> "InstrumentQuerySet":
        """Legal texts that readers may open, not the places where one was only reported; by date,
        undated last."""
        found = self.exclude(kind="source").filter(is_waiting=False)
        return found.order_by(models.F("day").asc(nulls_last=True), "number")


class FeedbackQuerySet(models.QuerySet[Any]):
    def since(self, moment: datetime) -> "FeedbackQuerySet":
        return self.filter(at__gte=moment)

    def by_topic(self) -> "models.QuerySet[Any, dict[str, Any]]":
        """{…topic, …language, yes, no} of each article and language, the least useful first."""
        return (
            self.values("version__edition__article__topic", "version__edition__language")
            .annotate(
                yes=models.Count("pk", filter=models.Q(useful=True)),
                no=models.Count("pk", filter=models.Q(useful=False)),
            )
            .order_by("-no", "yes", "version__edition__article__topic")
        )

    def with_words(self) -> "FeedbackQuerySet":
        return self.exclude(why="").select_related("version__edition__article")


class UseCountQuerySet(models.QuerySet[Any]):
    def between(self, first: date, last: date) -> "UseCountQuerySet":
        """Both days included."""
        return self.filter(day__gte=first, day__lte=last)


class StatementQuerySet(models.QuerySet[Any]):
    def readable_by(self, user: Any) -> "StatementQuerySet":
        """Statements that are not certain are for staff until somebody checked them."""
        if user.has_perm("articles.read_unsure"):
            return self
        return self.exclude(mark="unsure")

    def citing(self, instrument: Any, language: str) -> "StatementQuerySet":
        """Statements of what readers of that language see today that lean on the text.

        Spoken lines only repeat the others and stand at no address of their own.
        """
        # By numbers, not by joins: a planner without statistics took minutes for the joins.
        citations = self.model._meta.get_field("citations").related_model.objects
        editions = self.model._meta.get_field(
            "version"
        ).related_model.current_of.related.related_model
        shown = editions.objects.filter(language=language).exclude(current=None)
        cited = citations.filter(instrument=instrument).values_list("statement", flat=True)
        return (
            self.filter(
                pk__in=set(cited), version__in=list(shown.values_list("current", flat=True))
            )
            .exclude(section="spoken")
            .select_related("version__edition__article__theme")
            .prefetch_related("citations")
            .order_by("version__edition__article__topic", "rank")
        )


class UpkeepQuerySet(models.QuerySet[Any]):
    def of_article(self, article: Any) -> "UpkeepQuerySet":
        """The newest first, with who and which version."""
        return self.filter(article=article).select_related("by", "version__edition")

    def of_instrument(self, instrument: Any) -> "UpkeepQuerySet":
        return self.filter(instrument=instrument).select_related("by")
