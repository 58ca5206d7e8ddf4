"""Acts on sounds of prompts: a recording is kept, or taken back; a placeholder is laid."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from telephony.providers.twilio.models import Sound
from telephony.providers.twilio.prompts import audio, sounds
from telephony.providers.twilio.prompts.wanted import MUSIC, Prompt


def longest(prompt: Prompt) -> int:
    """Seconds."""
    return audio.LONGEST_MUSIC if prompt.name == MUSIC else audio.LONGEST


def record(prompt: Prompt, content: bytes, *, by: Any, at: datetime) -> Sound:
    """Keep a recording: the next call hears it. Raises BadSound."""
    made = audio.fit(content, longest=longest(prompt))
    row = _kept(prompt, made, kind=Sound.Kind.HEARD, by=by, at=at)
    with transaction.atomic():
        row.save()
        audit("recorded-prompt", by=by, at=at, subject=row, facts=_facts(row))
    sounds.forget()
    return row


@transaction.atomic
def take_back(row: Sound, *, by: Any, at: datetime) -> bool:
    """Play it no more: what stood before it is heard again. False when it was taken back already."""
    standing = Sound.objects.filter(pk=row.pk, back_at=None, kind=Sound.Kind.HEARD)
    if not standing.update(back_at=at, back_by=by):
        return False
    audit("took-back-prompt", by=by, at=at, subject=row, facts=_facts(row))
    sounds.forget()
    return True


def lay(prompt: Prompt, content: bytes, *, at: datetime) -> Sound:
    """Keep a placeholder in the place of the one before. Raises BadSound."""
    made = audio.fit(content)
    row = _kept(prompt, made, kind=Sound.Kind.PLACEHOLDER, by=None, at=at)
    with transaction.atomic():
        old = Sound.objects.of(*prompt.key).filter(kind=Sound.Kind.PLACEHOLDER, back_at=None)
        old.update(back_at=at)
        row.save()
    sounds.forget()
    return row


def _kept(prompt: Prompt, made: audio.Audio, *, kind: Sound.Kind, by: Any, at: datetime) -> Sound:
    """The file lies there before its row says so."""
    row = Sound(
        prompt=prompt.name, language=prompt.language, kind=kind, words=prompt.words,
        content_type=made.content_type, seconds=round(made.seconds, 2), size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(), made_at=at, made_by=by,
    )  # fmt: skip
    path = sounds.path_of(row.name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(made.content)
    path.chmod(0o600)
    return row


def _facts(row: Sound) -> dict[str, Any]:
    return {"prompt": row.prompt, "language": row.language, "sha256": row.sha256}
