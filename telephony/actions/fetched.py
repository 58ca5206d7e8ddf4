"""Sound that a line recorded, and that was fetched from there whole."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from helpdesk.files.actions import keep
from telephony import sounds
from telephony.actions.recording import show
from telephony.models import Call, Leg
from telephony.recordings import Recording

ABOUT = 2
"""Seconds by which the sound may differ from what was told of it."""


class NoSound(Exception):
    """It is no sound that a telephone network records, or not all of it."""


@transaction.atomic
def keep_message(
    leg: Leg, content: bytes, *, seconds: int, key: str, at: datetime
) -> Recording | None:
    """Keep a caller's message and show it on the request; `seconds` is what the line told of its length, 0
    where it told nothing; `key` is the line's name for it, and the same again is None. Raises NoSound."""
    began = at - timedelta(seconds=seconds)
    return _keep(
        leg, Recording.Kind.VOICEMAIL, content, seconds=seconds, key=key, began_at=began, at=at
    )  # fmt: skip


@transaction.atomic
def keep_talk(
    leg: Leg, content: bytes, *, consent: Any, began_at: datetime, seconds: int, key: str,
    at: datetime,
) -> Recording | None:  # fmt: skip
    """As `keep_message`, of a talk its caller agreed to let record; `leg` is the advisor's."""
    return _keep(
        leg, Recording.Kind.TALK, content, seconds=seconds, key=key, began_at=began_at, at=at,
        consent=consent,
    )  # fmt: skip


def _keep(
    leg: Leg, what: Recording.Kind, content: bytes, *, seconds: int, key: str,
    began_at: datetime, at: datetime, consent: Any = None,
) -> Recording | None:  # fmt: skip
    length, kind = sounds.wav_seconds(content), sounds.WAV
    if length is None or (seconds and abs(length - seconds) > ABOUT):
        raise NoSound
    call = Call.objects.select_for_update().get(pk=leg.call_id)
    if call.recordings.filter(proof__line=key).exists():
        return None
    part = call.recordings.filter(kind=what).count() + 1
    recording = Recording.objects.create(
        call=call, leg=leg, kind=what, part=part, consent=consent,
        began_at=began_at, moved_at=at, ended_at=at, seconds=max(1, round(length)),
        file=keep(
            f"{what}-{call.pk}-{part}.{kind.ending}", content,
            content_type=kind.content_type, at=at,
        ),
        proof={"line": key},
    )  # fmt: skip
    show(recording, at=at)
    return recording
