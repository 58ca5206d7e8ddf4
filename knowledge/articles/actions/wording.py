"""Keeping the glossary: a term is written, changed, put to rest, brought back. Nothing is deleted.

A change holds for the next question of every process (knowledge.search.kept).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from knowledge.articles.actions.reviewing import Refused
from knowledge.articles.terms import COLUMNS, Term

KEPT = (*COLUMNS, "meaning_ar", "meaning_fr", "is_shown", "note")
"""What people write of a term."""


class ChangedMeanwhile(Refused):
    def __init__(self) -> None:
        super().__init__(_("Somebody changed this in the meantime. Your text is kept."))


@transaction.atomic
def write_term(given: Mapping[str, Any], *, by: Any, at: datetime, stands_for: str = "") -> Term:
    """A new term; with `stands_for` in the place of a shipped entry. Raises ChangedMeanwhile."""
    values = {name: given[name] for name in KEPT}
    try:
        with transaction.atomic():
            made: Term = Term.objects.create(
                **values, stands_for=stands_for, made_by=by, made_at=at, changed_by=by,
                changed_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhile
    return made


def change_term(
    term: Term, given: Mapping[str, Any], *, revision: int, by: Any, at: datetime
) -> bool:
    """Write it anew and use it; False when nothing differed.

    `revision` is that which the person saw; raises ChangedMeanwhile when there is a later one.
    """
    values = {name: given[name] for name in KEPT}
    now = {name: getattr(term, name) for name in KEPT}
    if now == values and term.state == Term.State.USED:
        return False
    _set(term, {**values, "state": Term.State.USED}, revision=revision, by=by, at=at)
    return True


def move_term(term: Term, state: str, *, revision: int, by: Any, at: datetime) -> None:
    """Put it to rest, use it again, or let the shipped entry count. Raises ChangedMeanwhile."""
    _set(term, {"state": Term.State(state)}, revision=revision, by=by, at=at)


def _set(term: Term, values: Mapping[str, Any], *, revision: int, by: Any, at: datetime) -> None:
    found = Term.objects.filter(pk=term.pk, revision=revision)
    stamp = {"revision": revision + 1, "changed_by": by, "changed_at": at}
    if not found.update(**values, **stamp):
        raise ChangedMeanwhile
    term.refresh_from_db()
