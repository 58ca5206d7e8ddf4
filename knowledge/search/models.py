"""Finding what may be said: searches as they were typed, for the gaps in the library.

Words: a *search record* is one search without its person; a search with no *hits* shows what the
library lacks. The index itself is files beside the database (engines/embedded), never records.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.search.querysets import SearchRecordQuerySet


class Place(models.TextChoices):
    """Where the search was typed."""

    SEARCH = "search", _("search page")
    ASK = "ask", _("ask form")
    DESK = "desk", _("desk")
    CALL = "call", _("call card")


class SearchRecord(models.Model):
    text = models.CharField(max_length=200)
    """Cleaned of telephone numbers, long runs of digits and e-mail addresses."""
    language = models.CharField(max_length=2)
    hits = models.PositiveSmallIntegerField()
    best_topic = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=10, choices=Place)
    degraded = models.BooleanField(default=False)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[SearchRecordQuerySet] = SearchRecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.text
