"""Which searches."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Count, F, Max, Q, Sum


class SearchRecordQuerySet(models.QuerySet[Any]):
    def without_hits(self) -> "SearchRecordQuerySet":
        """What the library could not answer; searches of a broken index tell nothing."""
        return self.filter(hits=0, degraded=False)

    def missed(self) -> "SearchRecordQuerySet":
        """What the library could not answer, or offered in vain: nothing found, nothing opened, or the
        question was sent though answers were suggested.

        Where answers are suggested they can be read in place: not to open one says nothing.
        """
        in_vain = Q(passed=True) | Q(place__in=["search", "desk"], opened=False)
        return self.filter(Q(hits=0) | in_vain, degraded=False)

    def between(self, first: datetime, after: datetime) -> "SearchRecordQuerySet":
        return self.filter(at__gte=first, at__lt=after)

    def older_than(self, moment: datetime) -> "SearchRecordQuerySet":
        return self.filter(at__lt=moment)


class UnknownWordQuerySet(models.QuerySet[Any]):
    def proposed(self) -> "UnknownWordQuerySet":
        """{word, times, days, last} of every word that may be read, the most searched first."""
        rows = self.exclude(word="").values("word")
        counted = rows.annotate(
            times=Sum("searches"), days=Count("day", distinct=True), last=Max("day")
        )
        return counted.order_by("-times", "-last", "word")

    def counted(self, digests: Collection[str]) -> "UnknownWordQuerySet":
        """{digest, times, days} of these words, in all."""
        rows = self.filter(digest__in=digests).values("digest")
        return rows.annotate(times=Sum("searches"), days=Count("day", distinct=True)).order_by()

    def before(self, day: date) -> "UnknownWordQuerySet":
        return self.filter(day__lt=day)

    def unread(self) -> "UnknownWordQuerySet":
        """Still a digest alone."""
        return self.filter(word="")


class SuggestionCountQuerySet(models.QuerySet[Any]):
    def between(self, first: date, last: date) -> "SuggestionCountQuerySet":
        """Both days included."""
        return self.filter(day__gte=first, day__lte=last)

    def one_more(self, topics: list[str], **key: object) -> int:
        """Add one to the rows of these topics; how many there were."""
        return self.filter(topic__in=topics, **key).update(times=F("times") + 1)

    def by_act(self) -> "models.QuerySet[Any, Any]":
        """(topic, act, times) of each."""
        return self.values_list("topic", "act").annotate(n=Sum("times")).order_by()

    def older_than(self, day: date) -> "SuggestionCountQuerySet":
        return self.filter(day__lt=day)
