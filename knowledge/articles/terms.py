"""Terms kept by the staff: one notion each, with the ways people write it.

Words: a *term* holds spellings in Arabic, French and Darija (in Arabic letters, and in Latin letters as
people type it). The glossary that ships with the program is the base; a term adds to it, or *stands for*
one of its entries. Nothing is deleted: a term is put to rest and may come back.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL
COLUMNS = ("ar", "fr", "darija", "latin")
"""Fields that hold spellings. Those in `latin` are typed by people and never looked for in texts."""

Fingerprint = tuple[int, int, Any]


class TermQuerySet(models.QuerySet[Any]):
    def fingerprint(self) -> Fingerprint:
        """Differs after any change, of whatever process: cheap enough to ask every second."""
        found = self.aggregate(n=Count("pk"), sum=Sum("revision"), last=Max("changed_at"))
        return found["n"], found["sum"] or 0, found["last"]

    def in_order(self) -> "TermQuerySet":
        """Those changed last first, with who did."""
        return self.select_related("changed_by").order_by("-changed_at", "-pk")

    def of_entry(self, key: str) -> "TermQuerySet":
        """The term that stands for an entry that ships with the program."""
        return self.filter(stands_for=key)


class Term(models.Model):
    class State(models.TextChoices):
        USED = "used", _("in use")
        RESTING = "resting", _("at rest")
        SHIPPED = "shipped", _("as shipped")
        """Only of a term that stands for an entry: that entry counts again."""

    ar = models.JSONField(default=list)
    fr = models.JSONField(default=list)
    darija = models.JSONField(default=list)
    latin = models.JSONField(default=list)
    meaning_ar = models.CharField(max_length=500, blank=True)
    meaning_fr = models.CharField(max_length=500, blank=True)
    is_shown = models.BooleanField(default=False)
    """Whether readers find it in the public list."""
    note = models.CharField(max_length=500, blank=True)
    """For colleagues."""
    stands_for = models.CharField(max_length=20, blank=True)
    """Key of the shipped entry in whose place it stands; empty for a notion of the staff's own."""
    state = models.CharField(max_length=10, choices=State, default=State.USED)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_index=True)

    objects: ClassVar[TermQuerySet] = TermQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        permissions = [("keep_terms", "keep the glossary")]
        constraints = [
            models.UniqueConstraint(
                fields=["stands_for"],
                condition=~models.Q(stands_for=""),
                name="one_term_for_an_entry",
            )
        ]

    def __str__(self) -> str:
        return next((str(row[0]) for row in self.columns if row), "")

    @property
    def columns(self) -> tuple[list[str], ...]:
        """Its spellings, in the order of COLUMNS."""
        return tuple(getattr(self, name) for name in COLUMNS)
