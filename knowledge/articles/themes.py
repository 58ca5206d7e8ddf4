"""What can be asked about: the themes of the program, and those that a centre adds.

A theme is its letter: articles, requests, queues and figures name it by that. Words, hint and place
in the order are the centre's to change. A theme is withdrawn, never deleted.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

OUTSIDE = "Z"
"""Out of scope: staff file under it, nobody asks about it."""

THEME_HINTS = {
    "A": _("File, receipt, refusal"),
    "B": _("New board, statutes, branches"),
    "C": _("General assembly, members, disputes"),
    "D": _("Accounts, bank, tax, foreign aid"),
    "E": _("Grants, agreements, appeals for gifts"),
    "F": _("Employees, volunteers"),
    "G": _("Petitions, information, halls"),
    "H": _("Platforms, personal data"),
    "I": _("Training, guidance"),
}
"""What a theme holds, in the words of people who look for it."""


class ThemeQuerySet(models.QuerySet[Any]):
    def in_use(self) -> "ThemeQuerySet":
        """What a request can be filed under from now on."""
        return self.filter(withdrawn_at=None)

    def asked(self) -> "ThemeQuerySet":
        """What an association can ask about."""
        return self.in_use().exclude(code=OUTSIDE)

    def shelved(self) -> "ThemeQuerySet":
        """Those in use, and those withdrawn while readers still have answers on their shelf."""
        article = self.model._meta.get_field("articles").related_model
        read = article.objects.filter(theme=OuterRef("pk"), editions__current__isnull=False)
        return self.exclude(code=OUTSIDE).filter(Q(withdrawn_at=None) | Exists(read))


class Theme(models.Model):
    code = models.CharField(max_length=1, unique=True)
    """A to I, Z = out of scope, the others the centre's own; stable, and never given twice."""
    name_ar = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    hint_ar = models.CharField(max_length=120, blank=True)
    hint_fr = models.CharField(max_length=120, blank=True)
    """What it holds, in the words of people who look for it; empty = as the program says."""
    rank = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Since when nothing new is asked or filed under it; what was filed stays."""

    objects: ClassVar[ThemeQuerySet] = ThemeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar

    @property
    def hint(self) -> str:
        """In the reader's language."""
        own = self.hint_fr if get_language() == "fr" else self.hint_ar
        return own or str(THEME_HINTS.get(self.code, ""))
