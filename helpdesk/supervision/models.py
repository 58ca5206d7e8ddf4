"""Looking after the desk: figures are read from waiting and handling, and hold no rows here.

Words: a *notice to the desk* is a sentence for one's colleagues, shown over every page of the desk from a
time until a time; each puts it away for themselves. (What goes out to askers is a notice of `notices`.)
A *frozen copy* is the programme report of one period as it was told on a day, with the files that were
made of it; a *tally* is what a figure counts, kept when the request it came from goes. A *retention rule*
says for how many days a kind of record is kept in a centre; it holds once a second person confirmed it.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from helpdesk.supervision.querysets import (
    DeskNoticeQuerySet,
    FrozenPeriodQuerySet,
    KeptTallyQuerySet,
    RetentionRuleQuerySet,
)

USER = settings.AUTH_USER_MODEL


class DeskNotice(models.Model):
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    text_ar = models.CharField(max_length=300, blank=True)
    text_fr = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    put_away_by: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        USER, related_name="+", blank=True
    )

    objects: ClassVar[DeskNoticeQuerySet] = DeskNoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_at", "-pk"]

    def __str__(self) -> str:
        """In the reader's language, else in the other."""
        texts = (self.text_ar, self.text_fr)
        return (texts[1] or texts[0]) if get_language() == "fr" else (texts[0] or texts[1])


class FrozenPeriod(models.Model):
    """Never changed: a second copy of the same period is a row of its own."""

    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7)
    first = models.DateField()
    province = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=3, blank=True)
    channel = models.CharField(max_length=10, blank=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    """What is told, as codes and numbers; words come when it is shown."""
    rules = models.CharField(max_length=10)
    """Version of the counting rules."""
    facts_digest = models.CharField(max_length=64)
    """SHA-256 over every tally that was counted."""
    content_digest = models.CharField(max_length=64)

    objects: ClassVar[FrozenPeriodQuerySet] = FrozenPeriodQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        permissions = [
            ("read_programme", "read the programme report"),
            ("freeze_programme", "make a frozen copy of the programme report"),
        ]


class FrozenFile(models.Model):
    """One rendering of a frozen copy, with the bytes themselves: another version of the program, or of a
    library it prints with, would draw the same numbers differently."""

    frozen = models.ForeignKey(FrozenPeriod, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(max_length=2)
    format = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ["language", "format"]
        constraints = [
            models.UniqueConstraint(
                fields=["frozen", "language", "format"], name="frozen_file_once"
            )
        ]


class KeptTally(models.Model):
    """No personal data: what was counted of a request that is gone."""

    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    province = models.CharField(max_length=6, blank=True)
    kind = models.CharField(max_length=10)
    from_day = models.DateField()
    until_day = models.DateField()
    data = models.JSONField()

    objects: ClassVar[KeptTallyQuerySet] = KeptTallyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["centre", "until_day"])]


class RetentionRule(models.Model):
    """`kind` is a code of `config.retention.kinds`."""

    centre = models.ForeignKey("centre.Centre", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    days = models.PositiveIntegerField(null=True)
    """Empty until somebody confirmed: nothing is deleted by it before."""
    proposed_days = models.PositiveIntegerField(null=True)
    proposed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects: ClassVar[RetentionRuleQuerySet] = RetentionRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        permissions = [
            ("set_retention", "propose how long records are kept, and delete what is past it"),
            ("confirm_retention", "confirm how long records are kept"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["centre", "kind"], name="rule_once_a_centre")
        ]
