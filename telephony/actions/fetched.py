"""Sound that a line recorded, and that was fetched from there whole."""

from datetime import datetime, timedelta

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
    length, kind = sounds.wav_seconds(content), sounds.WAV
    if length is None or (seconds and abs(length - seconds) > ABOUT):
        raise NoSound
    seconds = max(1, round(length))
    call = Call.objects.select_for_update().get(pk=leg.call_id)
    if call.recordings.filter(proof__line=key).exists():
        return None
    part = call.recordings.filter(kind=Recording.Kind.VOICEMAIL).count() + 1
    name = f"{Recording.Kind.VOICEMAIL}-{call.pk}-{part}.{kind.ending}"
    recording = Recording.objects.create(
        call=call, leg=leg, kind=Recording.Kind.VOICEMAIL, part=part,
        began_at=at - timedelta(seconds=seconds), moved_at=at, ended_at=at, seconds=seconds,
        file=keep(name, content, content_type=kind.content_type, at=at), proof={"line": key},
    )  # fmt: skip
    show(recording, at=at)
    return recording
