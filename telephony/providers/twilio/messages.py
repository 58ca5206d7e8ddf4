"""Messages of callers are fetched, kept here, and only then deleted at Twilio."""

import hashlib
from datetime import datetime

from django.db import transaction

from telephony.actions import fetched
from telephony.providers.twilio.client import NotTaken, Rest
from telephony.providers.twilio.line import order
from telephony.providers.twilio.models import Order, Voice


def fetch(row: Order, rest: Rest, *, at: datetime) -> None:
    """Keep the sound of a message once, with the proof of it, and order that Twilio forgets it.

    Raises NotTaken when it cannot be had, or is no sound.
    """
    assert row.voice is not None
    sid, seconds = row.data["recording"], row.data["seconds"]
    content = rest.sound(sid)
    with transaction.atomic():
        voice = Voice.objects.select_related("leg").get(pk=row.voice.pk)
        try:
            fetched.keep_message(voice.leg, content, seconds=seconds, key=sid, at=at)
        except fetched.NoSound:
            raise NotTaken(415) from None
        proof = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        order(
            row.call, Order.Kind.FORGET, voice_id=voice.pk, key=f"forget:{sid}", at=at,
            data={"recording": sid, **proof},
        )  # fmt: skip
