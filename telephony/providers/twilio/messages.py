"""Messages of callers and recorded talks are fetched, kept here, and only then deleted at Twilio."""

import hashlib
from datetime import datetime

from django.db import transaction

from telephony.actions import fetched
from telephony.providers.twilio.client import LARGEST, LARGEST_TALK, Rest
from telephony.providers.twilio.line import order
from telephony.providers.twilio.models import Order, Voice
from telephony.providers.twilio.reaching import NotTaken
from telephony.providers.twilio.tape_models import Tape


def fetch(row: Order, rest: Rest, *, at: datetime) -> None:
    """Keep the sound of a message once, with the proof of it, and order that Twilio forgets it.

    Raises NotTaken when it cannot be had, or is no sound.
    """
    sid, seconds = row.data["recording"], row.data["seconds"]
    content = rest.sound(sid, largest=LARGEST_TALK if "tape" in row.data else LARGEST)
    with transaction.atomic():
        try:
            if "tape" in row.data:
                tape = Tape.objects.select_related("leg", "consent").get(pk=row.data["tape"])
                fetched.keep_talk(
                    tape.leg, content, consent=tape.consent, began_at=tape.made_at,
                    seconds=seconds, key=sid, at=at,
                )  # fmt: skip
            else:
                assert row.voice is not None
                voice = Voice.objects.select_related("leg").get(pk=row.voice.pk)
                fetched.keep_message(voice.leg, content, seconds=seconds, key=sid, at=at)
        except fetched.NoSound:
            raise NotTaken(415) from None
        proof = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        order(
            row.call, Order.Kind.FORGET, voice_id=row.voice_id, key=f"forget:{sid}", at=at,
            data={"recording": sid, **proof},
        )  # fmt: skip
