"""A caller comes in by our own page: to talk, to leave a message, or to be called back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction

from helpdesk.associations import actions as associations
from helpdesk.associations.models import Consent
from helpdesk.tickets.actions import naming, rating
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from telephony.actions import timing
from telephony.actions.calling import Caller, arrive, ask_call_back
from telephony.actions.noting import Source
from telephony.models import Call, Leg

CONSENT_VERSION = "call-2026-11"
"""Of the sentence beside the box that lets a talk be recorded."""


class Way(StrEnum):
    """What the caller wants of the page."""

    CALL = "call"
    MESSAGE = "message"
    CALL_BACK = "call-back"


@dataclass(frozen=True)
class Agreed:
    """To a recording, on a page in this language."""

    language: str
    version: str = CONSENT_VERSION


@transaction.atomic
def enter(
    way: Way, caller: Caller, *, centre: Any, at: datetime, key: str, agreed: Agreed | None = None
) -> Leg:
    """The caller's end of a new call; the same `key` is one call. Whoever wants to talk stands in line."""
    known = Call.objects.filter(key=key).first()
    call = known or arrive(
        Call.Line.WEB, caller, centre=centre, at=at, key=key, source=Source.BROWSER,
        waits=way == Way.CALL,
    )  # fmt: skip
    leg: Leg = call.legs.get(role=Leg.Role.CALLER)
    if known is not None:
        return leg
    if way == Way.CALL_BACK:
        ask_call_back(call, at=at)
    elif way == Way.MESSAGE:
        timing.start_waiting(call, at=at)
    elif agreed is not None and settings.RECORD_CALLS:
        agree(call, agreed, at=at)
    leg.refresh_from_db()
    return leg


def agree(call: Call, agreed: Agreed, *, at: datetime) -> None:
    """Keep the caller's word; who gives it may be nobody we know."""
    ticket = call.ticket
    assert ticket is not None
    person = ticket.person
    if person is None:
        person = associations.person_for(
            centre=call.centre, at=at, language=agreed.language, speaks=call.language
        )
        Ticket.objects.filter(pk=ticket.pk, person=None).update(person=person)
    consent = associations.give_consent(
        person, purpose=Consent.Purpose.RECORDING, text_version=agreed.version,
        language=agreed.language, channel=Channel.PHONE, at=at,
    )  # fmt: skip
    Call.objects.filter(pk=call.pk).update(recording_consent=consent)
    call.recording_consent = consent


def is_full() -> bool:
    """As many web calls are open as this installation carries."""
    return Call.objects.live().filter(line=Call.Line.WEB).count() >= settings.OPEN_CALLS


def is_first(call: Call) -> bool:
    """The request began with this call: its number and code are this caller's. A call that came to a
    request already open knows only a telephone number, which anybody can type."""
    ticket = call.ticket
    if ticket is None:
        return False
    return bool(ticket.entries.filter(number=1, key=f"call:{call.pk}").exists())


def new_code(call: Call, key: str, *, at: datetime) -> str:
    """A follow code for the request of this call, this once only; empty for a key used before, and for
    a request that did not begin with it."""
    if not is_first(call):
        return ""
    assert call.ticket is not None
    return naming.new_code(
        call.ticket, by=None, at=at, how="call", key=f"code:{call.ticket.pk}:{key}"[:120]
    )


def rate(call: Call, *, score: int, at: datetime, **more: Any) -> None:
    """What the caller thought of it. Raises TooSoon, Fixed."""
    if call.ticket is not None and is_first(call):
        rating.rate(call.ticket, score=score, at=at, **more)
