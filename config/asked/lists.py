"""The two lists that an administrator keeps: what can be asked about, and what an asker is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from helpdesk.centre.models import Centre
from helpdesk.queues.models import Queue
from helpdesk.tickets.facts import AskedFact, facts
from helpdesk.tickets.intake import Fact
from knowledge.articles.models import Theme
from knowledge.articles.sheets import THEMES as SHIPPED
from knowledge.articles.themes import OUTSIDE

THEMES, FACTS = "themes", "facts"
"""Names of the lists, and of their lines in the history of the set-up."""
LETTERS = tuple(letter for letter in ascii_uppercase if letter not in SHIPPED)
"""Left for themes that a centre adds: one sign each, as articles, requests and figures keep it."""


class Refused(ValueError):
    """The act would leave something that does not work; the message says what, for people."""


@dataclass(frozen=True)
class Line:
    """One row of a list, as the page shows it."""

    code: str
    arabic: str
    french: str
    says: str
    """The kind of a fact; the hint of a theme."""
    beside: list[str]
    """Queues that take the theme; themes that the fact goes with."""
    is_out: bool
    is_fixed: bool = False
    """Neither moved nor withdrawn: the theme of what is none of ours."""


def theme_lines(centre: Centre) -> list[Line]:
    """In their order. `beside` names the queues of the centre that take only some themes."""
    narrow = narrow_queues(centre)
    return [
        Line(
            theme.code, theme.name_ar, theme.name_fr, theme.hint,
            [str(queue) for queue in narrow if theme in queue.themes.all()],
            theme.withdrawn_at is not None, theme.code == OUTSIDE,
        )
        for theme in Theme.objects.all()
    ]  # fmt: skip


def fact_lines() -> list[Line]:
    """In their order."""
    names = {theme.code: str(theme) for theme in Theme.objects.all()}
    shapes = shape_names()
    return [
        Line(
            fact.code, words(fact, "ar"), words(fact, "fr"), str(shapes[fact.shape]),
            [names[code] for code in names if code in fact.themes], not fact.is_asked,
        )
        for fact in facts().values()
    ]  # fmt: skip


def words(fact: Fact, language: str) -> str:
    """Its name in one of the two languages."""
    with override(language):
        return fact.label


def shape_names() -> dict[str, Any]:
    return dict(AskedFact._meta.get_field("shape").flatchoices)


def narrow_queues(centre: Centre) -> list[Queue]:
    """Queues that take some themes only; the others take every theme, new ones too."""
    rows = Queue.objects.filter(team__centre=centre, themes__isnull=False).distinct()
    return list(rows.select_related("team").prefetch_related("themes"))


def names() -> dict[str, str]:
    """What themes and facts are called now, by their codes."""
    themes = {theme.code: str(theme) for theme in Theme.objects.all()}
    return themes | {fact.code: fact.label for fact in facts().values()}


def free_letter(taken: Iterable[str]) -> str:
    """For one more theme. Raises Refused when there is none left."""
    held = set(taken)
    for letter in LETTERS:
        if letter not in held:
            return letter
    raise Refused(_("There is no room for one more theme. Rename one that is no longer used."))


def free_code(taken: Iterable[str]) -> str:
    """For one more fact: `own_1`, `own_2`, …"""
    held, number = set(taken), 1
    while f"own_{number}" in held:
        number += 1
    return f"own_{number}"
