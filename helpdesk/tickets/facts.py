"""Facts: what is told of one request, and the list of what may be asked, which the centre keeps.

The program's own list is in `intake`. A row here says what the centre changed of a fact, or is a fact
that it added. Facts are withdrawn, never deleted: what was told stays readable.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.tickets import intake
from helpdesk.tickets.intake import Fact, Shape

KEPT = 10
"""Seconds after which other processes see a change, where they share no cache."""
KEY = "tickets:facts"
MOST = 120
"""Facts in the list at most."""


class AskedFact(models.Model):
    code = models.SlugField(max_length=30, unique=True)
    """As in the program's list, or `own_1`; stable."""
    label_ar = models.CharField(max_length=80, blank=True)
    label_fr = models.CharField(max_length=80, blank=True)
    """Empty = the words of the program."""
    shape = models.CharField(
        max_length=10,
        choices=[
            (Shape.LINE.value, _("a few words")),
            (Shape.YES_NO.value, _("yes or no")),
            (Shape.DAY.value, _("a day")),
            (Shape.NUMBER.value, _("a number")),
        ],
        default=Shape.LINE.value,
    )
    rank = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Since when nobody is asked for it."""
    themes: Any = models.ManyToManyField("articles.Theme", blank=True, related_name="+")
    """Asked for with every question of these, beside what the articles ask for."""

    def __str__(self) -> str:
        return self.code


class IntakeFact(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="facts")
    code = models.CharField(max_length=30)
    value = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "code"], name="fact_once_a_ticket")
        ]


def facts() -> dict[str, Fact]:
    """Every fact by its code, in the order of the list; also those withdrawn."""
    rows: Any = cache.get(KEY)
    if rows is None:
        rows = _look()
        cache.set(KEY, rows, KEPT)
    known = dict(intake.FACTS)
    for code, *told in rows:
        known[code] = Fact(code, known[code].words if code in known else "", *told)
    return {fact.code: fact for fact in sorted(known.values(), key=lambda fact: fact.rank)}


def forget() -> None:
    """The list changed: the next question reads it anew."""
    cache.delete(KEY)


def label(code: str) -> str:
    """The fact's name in the reader's language; the code itself when it is not ours."""
    return labels([code])[0]


def labels(codes: Iterable[str]) -> list[str]:
    """The same of several."""
    known = facts()
    return [known[code].label if code in known else code for code in codes]


def asked(codes: Iterable[str], *, theme: str = "", most: int | None = None) -> list[str]:
    """Which facts to ask for: those that go with the theme (its letter), then of these; in the order of
    the list, once each, without those withdrawn."""
    known = facts()
    own = [fact.code for fact in known.values() if theme and theme in fact.themes]
    wanted = [code for code in dict.fromkeys([*own, *codes]) if code in known]
    chosen = {code for code in wanted if known[code].is_asked}
    if most is not None:
        chosen = set([code for code in wanted if code in chosen][:most])
    return [code for code in known if code in chosen]


def _look() -> list[tuple[Any, ...]]:
    rows = AskedFact.objects.prefetch_related("themes")
    return [
        (
            row.code, Shape(row.shape), row.rank, row.label_ar, row.label_fr,
            row.withdrawn_at is None, tuple(theme.code for theme in row.themes.all()),
        )
        for row in rows
    ]  # fmt: skip
