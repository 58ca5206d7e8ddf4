"""What may be said: articles of guidance, with their law.

Words: an *article* treats one topic (`T03-receipt`) of one *theme*; its Arabic and French *editions*
are pairs; an edition has immutable *versions*; a version is made of *statements*, each with a key that
is the same in both languages, a mark and *citations* of an *instrument* (a dahir, a law, a decree) or
of a source. A version is *provisional* until a named reviewer signed it.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from knowledge.articles import rules
from knowledge.articles.querysets import (
    ArticleQuerySet,
    FeedbackQuerySet,
    InstrumentQuerySet,
    StatementQuerySet,
    UseCountQuerySet,
    VersionQuerySet,
)

USER = settings.AUTH_USER_MODEL


class Theme(models.Model):
    code = models.CharField(max_length=1, unique=True)
    """A to I, Z = out of scope; stable."""
    name_ar = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


class Instrument(models.Model):
    """A text of law, or a source that reports one."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    """dahir, dahir-law, law, organic-law, decree, circular, constitution, code, source."""
    number = models.CharField(max_length=40, blank=True)
    day = models.DateField(null=True)
    name_ar = models.CharField(max_length=300)
    name_fr = models.CharField(max_length=300)
    short_ar = models.CharField(max_length=120, blank=True)
    short_fr = models.CharField(max_length=120, blank=True)
    bulletin_ar = models.CharField(max_length=120, blank=True)
    bulletin_fr = models.CharField(max_length=120, blank=True)
    mark = models.CharField(max_length=10, blank=True, choices=rules.Mark)
    """How far number, date and bulletin were checked."""

    objects: ClassVar[InstrumentQuerySet] = InstrumentQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.short_fr if get_language() == "fr" else self.short_ar


class Relation(models.Model):
    """What one text does to another: `by` amends, replaces, applies or promulgates `to`."""

    by = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="acts")
    does = models.CharField(max_length=12, choices=rules.Act)
    to = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="acted_on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "does", "to"], name="relation_once")]


class Article(models.Model):
    topic = models.SlugField(max_length=40, unique=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="articles")
    intake = models.JSONField(default=list)
    """Codes of the facts an advisor needs to answer."""
    four_eyes = models.BooleanField(default=False)
    """Answers from it are released by a second person."""
    asked_rank = models.PositiveSmallIntegerField(null=True)
    """Place among the questions expected most; empty = not among them."""

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["topic"]

    def __str__(self) -> str:
        return self.topic


class Edition(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="editions")
    language = models.CharField(max_length=2)
    current = models.OneToOneField(
        "Version", null=True, on_delete=models.PROTECT, related_name="current_of"
    )
    """The published version readers see."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="edition_once_a_language")
        ]


class Version(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=rules.State, default=rules.State.DRAFT)
    title = models.CharField(max_length=200)
    question = models.CharField(max_length=300)
    keywords = models.JSONField(default=list)
    checked_on = models.DateField()
    """When its sources were last read."""
    digest = models.CharField(max_length=64)
    """SHA-256 over title, question and statements: two versions with one digest say the same."""
    author = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    """Empty for the starter library."""
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reviewer_name = models.CharField(max_length=120, blank=True)
    reviewed_on = models.DateField(null=True)
    changes_advice = models.BooleanField(default=False)
    """Answers given from the version before must be looked at again."""

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["edition", "number"]
        permissions = [
            ("read_unsure", "read statements that are not certain"),
            ("propose_version", "propose a change"),
            ("draft_version", "write versions"),
            ("review_version", "review and publish versions of others"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_provisional(self) -> bool:
        """Nobody has signed for it yet."""
        return self.reviewed_on is None


class Statement(models.Model):
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="statements")
    key = models.CharField(max_length=10)
    section = models.CharField(max_length=10, choices=rules.Section)
    rank = models.PositiveSmallIntegerField()
    text = models.TextField()
    mark = models.CharField(max_length=10, choices=rules.Mark)

    objects: ClassVar[StatementQuerySet] = StatementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="statement_key_once")
        ]


class Citation(models.Model):
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="citations")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="citations")
    place = models.CharField(max_length=60, blank=True)
    """Within the instrument, such as `art. 5`."""
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank"]


class Feedback(models.Model):
    """What a reader thought of a version; nothing tells who it was."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="feedback")
    useful = models.BooleanField()
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[FeedbackQuerySet] = FeedbackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at"]


class UseCount(models.Model):
    """How often something of the library was used on a day: a number, never a person."""

    subject = models.CharField(max_length=40)
    """Topic of an article, code of a template, or `library` for the copy of all."""
    kind = models.CharField(max_length=10, choices=rules.Use)
    language = models.CharField(max_length=2)
    province = models.CharField(max_length=8, blank=True)
    """Code of the province where it is known; most readers tell nothing."""
    day = models.DateField(db_index=True)
    times = models.PositiveIntegerField(default=0)

    objects: ClassVar[UseCountQuerySet] = UseCountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind", "language", "province", "day"], name="use_once_a_day"
            )
        ]
