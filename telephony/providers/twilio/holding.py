"""The call that a request is about, locked, and what stands by when there is none."""

from datetime import timedelta
from typing import Any

from helpdesk.centre.models import Centre
from knowledge.articles.models import Theme
from telephony.models import Call, Leg
from telephony.providers.twilio.doors import Refused
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Voice
from telephony.providers.twilio.scripts import Spoken

LATE = timedelta(hours=24)
"""What is told of a call so long after its end is a request repeated by somebody."""
OUTSIDE = "Z"
"""The theme of what is none of ours: no key leads there."""


def centre() -> Centre:
    """Whose line it is. Raises Refused while nobody has set the installation up."""
    found = Centre.objects.order_by("pk").first()
    if found is None:
        raise Refused("no-centre")
    return found


def key_of(said: Said) -> str:
    return f"public:{said['CallSid']}"


def voice_of(said: Said) -> Voice | None:
    """The voice a request names, its call locked. Raises Refused long after the call."""
    voice = Voice.objects.select_related("leg").filter(sid=said["CallSid"]).first()
    if voice is None:
        return None
    call = Call.objects.held().get(pk=voice.leg.call_id)
    if call.ended_at is not None and said.received_at - call.ended_at > LATE:
        raise Refused("stale")
    # What was read before the lock may have changed since.
    voice = Voice.objects.select_related("leg", "room").get(pk=voice.pk)
    voice.leg.call = call
    return voice


def callers_voice(said: Said) -> Voice | None:
    """As `voice_of`, of a caller's end only."""
    voice = voice_of(said)
    return voice if voice is not None and voice.leg.role == Leg.Role.CALLER else None


def themes(language: Spoken) -> list[tuple[str, str, Any]]:
    """Code, name in that language and row of the themes that have a key, in the order of their keys."""
    rows = Theme.objects.exclude(code=OUTSIDE).order_by("rank", "code")[:9]
    return [(row.code, row.name_fr if language == "fr" else row.name_ar, row) for row in rows]
