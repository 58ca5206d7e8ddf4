"""Keeping what people are typing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpdesk.live.models import Draft

LIMIT = 20_000
"""Characters kept of one field."""
WRITTEN = ("body", "words")
"""Fields that hold what somebody wrote; the others are choices."""


def save_draft(
    *, place: str, fields: Mapping[str, str], at: datetime, user: Any = None, visitor: str = ""
) -> Draft:
    """Keep the fields of one place for a user, or for a visitor's browser."""
    kept = {name[:60]: value[:LIMIT] for name, value in list(fields.items())[:60]}
    draft, _ = Draft.objects.update_or_create(
        user=user, visitor=visitor, place=place[:80], defaults={"fields": kept, "saved_at": at}
    )
    return draft


def draft_of(*, place: str, user: Any = None, visitor: str = "") -> dict[str, str]:
    """What was typed there; empty when nothing was."""
    draft = Draft.objects.filter(user=user, visitor=visitor, place=place).first()
    return draft.fields if draft else {}


def drop_draft(*, place: str, user: Any = None, visitor: str = "") -> None:
    """It was sent, or thrown away."""
    Draft.objects.filter(user=user, visitor=visitor, place=place).delete()


def drop_old(*, before: datetime) -> int:
    """Drop drafts last saved before then; how many."""
    return Draft.objects.filter(saved_at__lt=before).delete()[0]


def move_drafts(place: str, to: str, *, at: datetime) -> None:
    """What people were typing at one place goes on at another; under what they typed there already."""
    for draft in Draft.objects.filter(place=place):
        there = Draft.objects.filter(user=draft.user, visitor=draft.visitor, place=to).first()
        if there is None:
            Draft.objects.filter(pk=draft.pk).update(place=to)
            continue
        both = {**draft.fields, **there.fields}
        for name in WRITTEN:
            texts = (there.fields.get(name, ""), draft.fields.get(name, ""))
            both[name] = "\n\n".join(filter(None, texts))[:LIMIT]
        there.fields = {name: value for name, value in both.items() if value}
        there.saved_at = at
        there.save(update_fields=["fields", "saved_at"])
        draft.delete()
