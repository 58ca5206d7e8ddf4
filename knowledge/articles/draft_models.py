"""The article editor's own drafts: what is written of an edition before readers see it.

Words: a *draft* of an edition is open from its first word until it is published or dropped; it is cut
into *parts* (title, question, keywords, the day of reading, and the fixed sections), each with a number
that counts its savings; a text that met a newer number is kept *beside* the part until somebody settles
it; a *pairing* says that the Arabic and the French of one part were read together and say the same.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from knowledge.articles.draft_querysets import DraftQuerySet, PairingQuerySet

USER = settings.AUTH_USER_MODEL


class Draft(models.Model):
    """One edition being written. At most one is open; one that is handed in rests until it comes back."""

    edition = models.ForeignKey("articles.Edition", on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey(
        "articles.Version", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """The version it was begun from; empty for what has none yet."""
    handed_in = models.OneToOneField(
        "articles.Version", null=True, on_delete=models.PROTECT, related_name="draft"
    )
    """The version in review that was made of it."""
    writers: Any = models.ManyToManyField(USER, related_name="+")
    """Everybody whose words are in it: none of them publishes it."""
    begun_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """Published or dropped."""

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(ended_at=None), name="one_open_draft"
            )
        ]


class DraftPart(models.Model):
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField(max_length=10)
    """One of `parts.NAMES`."""
    text = models.TextField(blank=True)
    number = models.PositiveIntegerField(default=1)
    """Counts the savings: who saves names the number that was read."""
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    """Who saved it last; empty as long as it says what the version said."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "name"], name="draft_part_once")]


class Beside(models.Model):
    """A second text of a part: its writer had read an older number. Kept, both readable, until settled."""

    part = models.ForeignKey(DraftPart, on_delete=models.CASCADE, related_name="besides")
    text = models.TextField(blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "by"],
                condition=models.Q(settled_at=None),
                name="one_beside_a_person",
            )
        ]


class Pairing(models.Model):
    """The Arabic and the French of a part as they were when somebody said that they say the same."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="pairings"
    )
    name = models.CharField(max_length=10)
    arabic = models.TextField(blank=True)
    french = models.TextField(blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[PairingQuerySet] = PairingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["article", "name", "at"], name="pairing_newest")]
