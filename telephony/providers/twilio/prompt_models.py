"""Sounds of prompts, each with who made it and when. Models of the same app as `models.py`, which loads them."""

import secrets
from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def random_name() -> str:
    """Of a file and in its address: tells nothing."""
    return secrets.token_hex(16)


class SoundQuerySet(models.QuerySet["Sound"]):
    def standing(self, prompts: Iterable[str] | None = None) -> "SoundQuerySet":
        """Not taken back; the one that is played comes last of its prompt and language."""
        rows = self.filter(back_at=None)
        if prompts is not None:
            rows = rows.filter(prompt__in=prompts)
        return rows.order_by("-kind", "pk")

    def of(self, prompt: str, language: str) -> "SoundQuerySet":
        return self.filter(prompt=prompt, language=language)


class Sound(models.Model):
    """How a prompt sounds in a language. Another sound is another row: nothing is written over."""

    class Kind(models.TextChoices):
        # By these words a recording is sorted after a placeholder when turned round: see `standing`.
        PLACEHOLDER = "place", _("placeholder")
        HEARD = "human", _("recorded by people")

    prompt = models.CharField(max_length=40)
    language = models.CharField(max_length=3, blank=True)
    """ar, ary or fr; empty for music."""
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=32, unique=True, default=random_name)
    """On disk and in the address by which it is fetched."""
    content_type = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    """What the prompt said when the sound was made: they may have changed since."""
    seconds = models.FloatField()
    size = models.PositiveIntegerField()
    """Bytes."""
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    back_at = models.DateTimeField(null=True)
    """When it was taken back: it is kept, and played no more."""
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[SoundQuerySet] = SoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["prompt", "language"], name="sound_of_prompt")]
