"""Keeping ready phrases: writing one, correcting it, taking it out of use, laying the first set."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Team
from helpdesk.tickets.desk_models import Phrase
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.phrases import STARTERS, compared

TEXTS = ("title_ar", "title_fr", "text_ar", "text_fr", "shortcut_ar", "shortcut_fr", "rank")


class ShortcutTaken(Refusal):
    """Another phrase of the same keeper is fetched by this word."""

    def __init__(self) -> None:
        super().__init__(_("Another phrase has this shortcut already."))


def write_phrase(
    phrase: Phrase | None, given: Mapping[str, Any], *, team: Any, by: Any, at: datetime
) -> Phrase:
    """Write a phrase of a team, or (`team=None`) one's own; or correct one. Raises ShortcutTaken."""
    if phrase is None:
        phrase = Phrase(team=team, owner=None if team else by)
    for name in TEXTS:
        setattr(phrase, name, given[name])
    phrase.made_by, phrase.changed_at = by, at
    return _saved(phrase)


def retire_phrase(phrase: Phrase, *, by: Any, at: datetime) -> Phrase:
    """Out of use: it stays on the list and can be put back."""
    phrase.made_by, phrase.changed_at, phrase.retired_at = by, at, at
    return _saved(phrase)


def revive_phrase(phrase: Phrase, *, by: Any, at: datetime) -> Phrase:
    """Back into use. Raises ShortcutTaken when another has its word by now."""
    phrase.made_by, phrase.changed_at, phrase.retired_at = by, at, None
    return _saved(phrase)


@transaction.atomic
def lay_phrases(*, at: datetime) -> int:
    """Give every team without phrases the first set; how many were written. Harmless when repeated."""
    bare = Team.objects.filter(phrases=None)
    rows = [
        Phrase(
            team=team, rank=10 * (place + 1), changed_at=at,
            title_ar=one.title_ar, title_fr=one.title_fr,
            text_ar=one.text_ar, text_fr=one.text_fr,
            shortcut_ar=one.shortcut_ar, shortcut_fr=one.shortcut_fr,
        )
        for team in bare
        for place, one in enumerate(STARTERS)
    ]  # fmt: skip
    return len(Phrase.objects.bulk_create(rows))


def _saved(phrase: Phrase) -> Phrase:
    words = {compared(phrase.shortcut_ar), compared(phrase.shortcut_fr)} - {""}
    others = Phrase.objects.in_use().filter(team=phrase.team_id, owner=phrase.owner_id)
    for ar, fr in others.exclude(pk=phrase.pk).values_list("shortcut_ar", "shortcut_fr"):
        if phrase.retired_at is None and words & {compared(ar), compared(fr)}:
            raise ShortcutTaken
    try:
        with transaction.atomic():
            phrase.save()
    except IntegrityError as taken:
        raise ShortcutTaken from taken
    return phrase
