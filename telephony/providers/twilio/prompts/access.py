"""Doorways to prompts and their sounds."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from telephony.providers.twilio.models import Sound
from telephony.providers.twilio.prompts import wanted
from telephony.providers.twilio.prompts.wanted import Prompt

KEEP = "telephony.keep_prompts"


def may_keep(user: Any) -> None:
    """Raises PermissionDenied for who does not record what callers hear."""
    if not user.has_perm(KEEP):
        raise PermissionDenied


def prompt_for(user: Any, slug: str, name: str) -> Prompt:
    """A prompt by the language in its address and its name."""
    may_keep(user)
    found = wanted.find(slug, name)
    if found is None:
        raise Http404
    return found


def history(prompt: Prompt) -> list[Sound]:
    """Its recordings, the newest first, and the placeholder that stands."""
    rows = Sound.objects.of(*prompt.key).select_related("made_by", "back_by")
    return [row for row in rows if row.kind == Sound.Kind.HEARD or row.back_at is None]


def recording_for(user: Any, prompt: Prompt, pk: int) -> Sound:
    """A recording of that prompt."""
    may_keep(user)
    rows = Sound.objects.of(*prompt.key).filter(kind=Sound.Kind.HEARD)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
