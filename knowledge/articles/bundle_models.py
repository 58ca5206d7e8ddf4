"""Libraries of other centres: whose keys are trusted, which bundles came, what was taken from them.

Words: a *bundle* is the signed library of a centre in one file; a *key* is trusted when people of both
centres compared its number; the *origin* of a version says from which bundle it was taken. A version
with an origin opens only when a reviewer of ours signed it.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from knowledge.articles.bundle_querysets import (
    BundleQuerySet,
    OriginQuerySet,
    TrustedKeyQuerySet,
)
from knowledge.articles.bundles import keys

USER = settings.AUTH_USER_MODEL


class TrustedKey(models.Model):
    """The public key of another centre. Trust that ended stays in the list, and may begin again."""

    key = models.CharField(max_length=64, unique=True)
    """Ed25519, in hexadecimal digits."""
    centre = models.CharField(max_length=120)
    """Its name, as people here call it."""
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TrustedKeyQuerySet] = TrustedKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["centre", "pk"]
        permissions = [
            ("export_bundle", "take the signed library out as one file"),
            ("trust_centre", "keep the keys of other centres"),
        ]

    def __str__(self) -> str:
        return self.centre

    @property
    def number(self) -> str:
        """What is compared by telephone."""
        return keys.number(self.key)


class Bundle(models.Model):
    """One that came and was signed by a trusted key. It is opened anew, and checked anew, each time."""

    sha = models.CharField(max_length=64, unique=True)
    """SHA-256 of its manifest: the same bundle twice is one row."""
    key = models.ForeignKey(TrustedKey, on_delete=models.PROTECT, related_name="bundles")
    centre_ar = models.CharField(max_length=200)
    centre_fr = models.CharField(max_length=200)
    """What it calls its centre itself."""
    made_on = models.DateField()
    data = models.BinaryField()
    """The whole file."""
    came_at = models.DateTimeField(db_index=True)
    brought_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[BundleQuerySet] = BundleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-came_at", "-pk"]

    def __str__(self) -> str:
        return self.centre_fr if get_language() == "fr" else self.centre_ar


class Origin(models.Model):
    """Where a version came from, and who had signed it there. Only added to."""

    version = models.OneToOneField(
        "articles.Version", on_delete=models.CASCADE, related_name="origin"
    )
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="origins")
    number = models.PositiveIntegerField()
    """Of the version there."""
    reviewer_name = models.CharField(max_length=120)
    reviewed_on = models.DateField()
    bulletin_checked = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[OriginQuerySet] = OriginQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-taken_at", "-pk"]
