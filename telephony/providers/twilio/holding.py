"""The call that a request is about, locked, and what stands by when there is none."""

import time
from datetime import datetime, timedelta
from typing import Any

from helpdesk.centre import practice
from helpdesk.centre.models import Centre
from knowledge.articles.models import Theme
from telephony.models import Call, Leg
from telephony.providers.twilio.doors import Refused
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Voice
from telephony.providers.twilio.scripts import Spoken

LATE = timedelta(hours=24)
"""What is told of a call so long after its end is a request repeated by somebody."""

FRESH = 2.0
"""Seconds for which the row of an open centre is believed: each call that rings asks for it."""
_read: list[tuple[float, Centre]] = []


def centre(*, at: datetime) -> Centre:
    """Who answers what rang or was written at that moment. Raises Refused."""
    return practice.answering(line(), at=at)


def line() -> Centre:
    """Whose line it is. Raises Refused while nobody has set the installation up."""
    now = time.monotonic()
    if _read and 0 <= now - _read[-1][0] < FRESH:
        return _read[-1][1]
    found = Centre.objects.real().order_by("pk").first()
    if found is None:
        raise Refused("no-centre")
    if found.opened_at is not None:
        _read[:] = [(now, found)]
    return found


def forget() -> None:
    """The centre is read anew, as by a process that has just begun."""
    _read.clear()


def key_of(said: Said) -> str:
    return f"public:{said['CallSid']}"


def voice_of(said: Said) -> Voice | None:
    """The voice a request names, its call locked. Raises Refused long after the call."""
    rows = Voice.objects.filter(sid=said["CallSid"])
    known = rows.values_list("leg__call_id", flat=True)[:1]
    if not known:
        return None
    call = Call.objects.held().get(pk=known[0])
    if call.ended_at is not None and said.received_at - call.ended_at > LATE:
        raise Refused("stale")
    # What is read before the lock may change until then.
    voice = rows.select_related("leg", "room").get()
    voice.leg.call = call
    return voice


def callers_voice(said: Said) -> Voice | None:
    """As `voice_of`, of a caller's end only."""
    voice = voice_of(said)
    return voice if voice is not None and voice.leg.role == Leg.Role.CALLER else None


def themes(language: Spoken) -> list[tuple[str, str, Any]]:
    """Code, name in that language and row of the themes that have a key, in the order of their keys."""
    rows = Theme.objects.asked()[:9]
    return [(row.code, row.name_fr if language == "fr" else row.name_ar, row) for row in rows]
