"""Organisations whose programs ask for them, and the keys they ask with.

A key is shown once. The row keeps its first letters, by which people tell keys apart, and a hash with
the pepper: 256 random bits need no slow one.
"""

import hashlib
import hmac
import secrets
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

START = "wasl_"
PREFIX = 8
"""Letters of a key that stay readable."""
LONGEST = 80


class Scope(models.TextChoices):
    """What a key opens."""

    READ = "requests:read", _("read the organisation's own requests")
    CREATE = "requests:create", _("send requests")


class OrganisationQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Any) -> "OrganisationQuerySet":
        """Those of the viewer's centres, for who keeps keys."""
        from helpdesk.accounts.scope import Scope as Reach

        if not viewer.has_perm("accounts.keep_keys"):
            return self.none()
        return self.filter(centre__in=Reach.of(viewer).centres)

    def with_counts(self) -> "OrganisationQuerySet":
        """Each with how many of its keys are not revoked, and how many subscriptions run."""
        held = models.Q(keys__revoked_at=None, keys__isnull=False)
        runs = models.Q(subscriptions__ended_at=None, subscriptions__isnull=False)
        return self.annotate(
            key_count=models.Count("keys", held, distinct=True),
            subscription_count=models.Count("subscriptions", runs, distinct=True),
        ).order_by("pk")


class ApiKeyQuerySet(models.QuerySet[Any]):
    def holding(self, *, on: date) -> "ApiKeyQuerySet":
        """Neither revoked nor over, of an organisation that still works with the centre."""
        lasting = models.Q(expires_on=None) | models.Q(expires_on__gte=on)
        return self.filter(lasting, revoked_at=None, organisation__ended_at=None)


class Organisation(models.Model):
    """A body outside of the centre whose programs send requests and read their own."""

    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    name_ar = models.CharField(_("Name in Arabic letters"), max_length=120)
    name_fr = models.CharField(_("Name in Latin letters"), max_length=120)
    contact = models.EmailField(_("E-mail of its technician"), blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """Since then its keys open nothing and nothing is sent to it."""

    objects: ClassVar[OrganisationQuerySet] = OrganisationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


class ApiKey(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="keys")
    label = models.CharField(_("What it is for"), max_length=80)
    prefix = models.CharField(max_length=PREFIX, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    """Codes of `Scope`."""
    per_minute = models.PositiveIntegerField(
        _("Requests a minute"), default=60,
        validators=[MinValueValidator(1), MaxValueValidator(6000)],
    )  # fmt: skip
    expires_on = models.DateField(_("Last day"), null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    used_at = models.DateTimeField(null=True)
    """Of its last use, to the minute."""
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[ApiKeyQuerySet] = ApiKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        permissions = [("keep_keys", "keep organisations, their keys and their subscriptions")]

    def __str__(self) -> str:
        return f"{START}{self.prefix}…"

    @property
    def scope_names(self) -> list[str]:
        return [str(scope.label) for scope in Scope if scope in self.scopes]

    def is_over(self, on: date) -> bool:
        return self.expires_on is not None and self.expires_on < on


def new_key() -> str:
    return f"{START}{secrets.token_hex(PREFIX // 2)}_{secrets.token_urlsafe(32)}"


def prefix_of(key: str) -> str:
    """The letters that name a key; empty for what is none."""
    if not key.startswith(START) or len(key) > LONGEST or not key.isascii():
        return ""
    return key.removeprefix(START).partition("_")[0][:PREFIX]


def hash_of(key: str) -> str:
    return hmac.new(settings.PEPPER.encode(), f"api key:{key}".encode(), hashlib.sha256).hexdigest()


def found(key: str, *, at: datetime, on: date) -> ApiKey | None:
    """The key that this is, while it holds; the use is noted once a minute."""
    rows = ApiKey.objects.holding(on=on).select_related("organisation__centre")
    row = rows.filter(prefix=prefix_of(key)).first()
    kept = row.secret_hash if row else hash_of("")
    if not hmac.compare_digest(kept, hash_of(key)) or row is None:
        return None
    if row.used_at is None or (at - row.used_at).total_seconds() >= 60:
        ApiKey.objects.filter(pk=row.pk).update(used_at=at)
    return row
