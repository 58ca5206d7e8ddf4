"""The order of the questions one is asked before a question is sent. No query here."""

from collections.abc import Sequence
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(StrEnum):
    THEME = "theme"
    QUESTION = "question"
    FACTS = "facts"
    PAPERS = "papers"
    ASSOCIATION = "association"
    ANSWER = "answer"
    CHECK = "check"


class Who(models.TextChoices):
    """For whom one asks."""

    FOUNDERS = "founders", _("Founders: the association does not exist yet")
    ASSOCIATION = "association", _("An association")
    PERSON = "person", _("A person, in their own name")


UNKNOWN_THEME = "?"
MOST_FACTS = 5
"""Facts asked for at most: more would send people away."""
CONSENT_VERSION = "2026-11"
"""Of the sentence in `AnswerForm.consent`; stored with every question."""


def steps(codes: Sequence[str]) -> list[Step]:
    """The pages in order; the facts page only when an answer needs facts."""
    return [step for step in Step if step != Step.FACTS or codes]


def place_of(step: Step, codes: Sequence[str]) -> tuple[int, int]:
    """(number of the page, number of pages)."""
    order = steps(codes)
    return (order.index(step) + 1 if step in order else 1), len(order)


def before(step: Step, codes: Sequence[str]) -> Step | None:
    order = steps(codes)
    at = order.index(step) if step in order else 0
    return order[at - 1] if at else None


def after(step: Step, codes: Sequence[str]) -> Step:
    order = steps(codes)
    if step not in order:
        return Step.PAPERS
    return order[min(order.index(step) + 1, len(order) - 1)]
