"""Stored files: what people attach. Typed by content, named at random, served inert.

Words: a file's *scan state* says whether something looked into it; without a scanner it stays
`unscanned`, and the page says so.
"""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.files.querysets import StoredFileQuerySet


def random_name() -> str:
    """32 characters that tell nothing."""
    return secrets.token_hex(16)


class StoredFile(models.Model):
    class Scan(models.TextChoices):
        UNSCANNED = "unscanned", _("not scanned")
        CLEAN = "clean", _("scanned")
        REFUSED = "refused", _("refused")

    name = models.CharField(max_length=32, unique=True, default=random_name)
    """Name on disk and in addresses."""
    shown_name = models.CharField(max_length=120)
    """What the person called it, without overrides of direction."""
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    """Bytes."""
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.UNSCANNED)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[StoredFileQuerySet] = StoredFileQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def is_sound(self) -> bool:
        """A recording of ours: what people attach is never sound."""
        return bool(self.content_type.startswith("audio/"))
