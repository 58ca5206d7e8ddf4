"""Finding what may be said: searches as they were typed, for the gaps in the library.

Words: a *search record* is one search without its person; a search with no *hits*, or of which nothing
was *opened*, shows what the library lacks. A *suggestion* is an answer offered where nobody looked for
it; what became of it is a number of the day, never a person nor what was asked. An *unknown word* is
counted without the question it stood in. The index itself is files beside the database
(engines/embedded), never records.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.search.querysets import (
    SearchRecordQuerySet,
    SuggestionCountQuerySet,
    UnknownWordQuerySet,
)


class Place(models.TextChoices):
    """Where the search was typed, or the answer suggested."""

    SEARCH = "search", _("search page")
    ASK = "ask", _("ask form")
    CHAT = "chat", _("chat")
    TICKET = "ticket", _("page of a request")
    DESK = "desk", _("desk")
    CALL = "call", _("call card")


class Act(models.TextChoices):
    """What became of an answer that was suggested or found."""

    SHOWN = "shown", _("shown")
    OPENED = "opened", _("opened")
    INSERTED = "inserted", _("given")
    REFUSED = "refused", _("not fitting")
    PASSED = "passed", _("passed over")


class SearchRecord(models.Model):
    text = models.CharField(max_length=200)
    """Cleaned of telephone numbers, long runs of digits and e-mail addresses."""
    language = models.CharField(max_length=2)
    hits = models.PositiveSmallIntegerField()
    best_topic = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=10, choices=Place)
    degraded = models.BooleanField(default=False)
    theme = models.CharField(max_length=1, blank=True)
    """Code of the theme it was narrowed to, else of the best answer; empty where neither is."""
    province = models.CharField(max_length=6, blank=True)
    """Where the page knew it: a search tells none."""
    opened = models.BooleanField(default=False)
    """One of its answers was opened."""
    passed = models.BooleanField(default=False)
    """Answers were suggested, and the question was sent all the same."""
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[SearchRecordQuerySet] = SearchRecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.text


class SuggestionCount(models.Model):
    """How often an answer was shown, opened, given, refused or passed over on a day, and where."""

    topic = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    place = models.CharField(max_length=10, choices=Place)
    act = models.CharField(max_length=10, choices=Act)
    day = models.DateField(db_index=True)
    times = models.PositiveIntegerField(default=0)

    objects: ClassVar[SuggestionCountQuerySet] = SuggestionCountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "act", "language", "place", "day"], name="suggestion_once_a_day"
            )
        ]


class UnknownWord(models.Model):
    """How often a word that nothing knows was searched for on a day, never by whom nor in which question.

    It may be a name. So it is counted under a digest, and can be read only once several searches on
    different days held it (`rules.is_common`).
    """

    digest = models.CharField(max_length=32)
    word = models.CharField(max_length=40, blank=True)
    """Folded; empty while it was seen too seldom."""
    language = models.CharField(max_length=2)
    theme = models.CharField(max_length=1, blank=True)
    """Code of the theme that was searched in; mostly none."""
    day = models.DateField(db_index=True)
    searches = models.PositiveIntegerField(default=0)

    objects: ClassVar[UnknownWordQuerySet] = UnknownWordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "day", "language", "theme"], name="unknown_word_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.word


class WordSetAside(models.Model):
    """A word that somebody decided is no term: it is not proposed again."""

    word = models.CharField(max_length=40, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.word
