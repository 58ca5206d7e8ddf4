"""What may be said: articles of guidance, with their law.

Words: an *article* treats one topic (`T03-receipt`) of one *theme*; its Arabic and French *editions*
are pairs; an edition has immutable *versions*; a version is made of *statements*, each with a key that
is the same in both languages, a mark and *citations* of an *instrument* (a dahir, a law, a decree) or
of a source. A version is *provisional* until a named reviewer signed it.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from knowledge.articles import (  # noqa: F401 - Django finds their models here
    bundle_models,
    draft_models,
    rules,
    validity,
)
from knowledge.articles.querysets import (
    ArticleQuerySet,
    FeedbackQuerySet,
    InstrumentQuerySet,
    StatementQuerySet,
    UpkeepQuerySet,
    UseCountQuerySet,
    VersionQuerySet,
)
from knowledge.articles.terms import Term as Term
from knowledge.articles.themes import Theme as Theme

USER = settings.AUTH_USER_MODEL


class Instrument(validity.Limited, models.Model):
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
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    """The last day in force; empty = none known."""
    is_ended = models.BooleanField(default=False)
    """Over, though the day is not established."""
    ended_by = models.ForeignKey(
        "Instrument", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The text that repealed or replaced it."""
    is_waiting = models.BooleanField(default=False)
    """It came with a library of another centre, and nothing that readers see leans on it yet."""

    objects: ClassVar[InstrumentQuerySet] = InstrumentQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.short_fr if get_language() == "fr" else self.short_ar

    @property
    def name(self) -> str:
        """Short where there is a short one."""
        return str(self) or (self.name_fr if get_language() == "fr" else self.name_ar)


class Relation(models.Model):
    """What one text does to another: `by` amends, replaces, applies or promulgates `to`."""

    by = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="acts")
    does = models.CharField(max_length=12, choices=rules.Act)
    to = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="acted_on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "does", "to"], name="relation_once")]


class Article(validity.Limited, validity.Reviewed, models.Model):
    topic = models.SlugField(max_length=40, unique=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="articles")
    intake = models.JSONField(default=list)
    """Codes of the facts an advisor needs to answer."""
    four_eyes = models.BooleanField(default=False)
    """Answers from it are released by a second person."""
    asked_rank = models.PositiveSmallIntegerField(null=True)
    """Place among the questions expected most; empty = not among them."""
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    """The last day in force; empty = none known."""
    is_ended = models.BooleanField(default=False)
    """Over, though the day is not established."""
    ended_by = models.ForeignKey(
        "Instrument", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The text that repealed or replaced it."""
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The article to read instead."""
    territory = models.JSONField(default=list, blank=True)
    """HCP codes of the provinces it holds for; empty = everywhere."""
    validity_at = models.DateTimeField(null=True)
    """When its validity was last set."""
    review_on = models.DateField(null=True, blank=True)
    """The day by which it is to be read again; empty = nobody set one."""
    owner = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who sees to its review."""
    review_told_at = models.DateTimeField(null=True)
    """Its owner was told that the review is due."""
    late_told_at = models.DateTimeField(null=True)
    """The supervisors were told that it is late."""
    end_told_at = models.DateTimeField(null=True)
    """Owner and supervisors were told that it is no longer in force."""

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
    writers: Any = models.ManyToManyField(USER, related_name="+")
    """Everybody whose words are in it; empty for the starter library."""
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True, db_index=True)
    """Read by a second person, who set the moment at which a sweep publishes it."""
    released_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    """Who let it go to the readers: never one of its writers."""
    reviewer = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reviewer_name = models.CharField(max_length=120, blank=True)
    reviewed_on = models.DateField(null=True)
    bulletin_checked = models.CharField(max_length=200, blank=True)
    """The Official Bulletin that the reviewer read it against."""
    changes_advice = models.BooleanField(default=False)
    """Answers given from the version before must be looked at again."""
    change_ar = models.CharField(max_length=600, blank=True)
    change_fr = models.CharField(max_length=600, blank=True)
    """What changes for who was answered before, in plain words; with `changes_advice`."""

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


class Upkeep(models.Model):
    """One act by which the library was kept true: who, when, why, and what it was before. Only added to."""

    act = models.CharField(max_length=10, choices=validity.UpkeepAct)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="upkeep")
    instrument = models.ForeignKey(
        Instrument, null=True, on_delete=models.CASCADE, related_name="upkeep"
    )
    version = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="upkeep")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects: ClassVar[UpkeepQuerySet] = UpkeepQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at", "-pk"]
