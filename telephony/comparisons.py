"""What a comparison with a line's own list of a day found. Models of the same app as `models.py`, which
loads them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from helpdesk.accounts.scope import Scope


class Difference(models.TextChoices):
    CALL = "call", pgettext_lazy("difference", "call we were not told of")
    END = "end", pgettext_lazy("difference", "end of a call we were not told of")
    NO_CALL = "no-call", pgettext_lazy("difference", "call that the network does not know")
    MESSAGE = "message", pgettext_lazy("difference", "voice message we were not told of")
    SOUND = "sound", pgettext_lazy("difference", "recording that is still at the network")
    TEXT = "text", pgettext_lazy("difference", "written message we were not told of")
    STATE = "state", pgettext_lazy("difference", "written message whose outcome we were not told")
    NO_TEXT = (
        "no-text",
        pgettext_lazy("difference", "written message that the network does not know"),
    )


@dataclass(frozen=True)
class Found:
    """Differences of one kind: how many, how many were put right, and the line's names of the others."""

    label: Any
    count: int
    mended: int
    left: tuple[str, ...]


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def visible_to(self, user: Any) -> "ComparisonQuerySet":
        """Those of the centres whose calls the person may hear."""
        scope = Scope.of(user)
        return (
            self.filter(centre__in=scope.centres)
            if scope.can("telephony.listen_in")
            else self.none()
        )

    def since(self, day: date) -> "ComparisonQuerySet":
        return self.filter(day__gte=day)


class Comparison(models.Model):
    """One day's calls, recordings and messages of the public network, by its list and by our rows."""

    centre = models.ForeignKey("centre.Centre", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    """From midnight to midnight in UTC, as the network lists."""
    made_at = models.DateTimeField()
    calls = models.PositiveIntegerField()
    recordings = models.PositiveIntegerField()
    texts = models.PositiveIntegerField()
    found = models.JSONField(default=list)
    """{"kind", "name", "mended"} of each difference; the name is the network's own, no number of anybody."""

    objects: ClassVar[ComparisonQuerySet] = ComparisonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["centre", "day"], name="compared_once")]

    @property
    def left(self) -> int:
        """Differences that nobody put right."""
        return sum(not one["mended"] for one in self.found)

    @property
    def kinds(self) -> list[Found]:
        counts = Counter(one["kind"] for one in self.found)
        return [self._of(kind, count) for kind, count in counts.items()]

    def _of(self, kind: str, count: int) -> Found:
        left = [one["name"] for one in self.found if one["kind"] == kind and not one["mended"]]
        return Found(Difference(kind).label, count, count - len(left), tuple(left))
