"""Twilio is asked how a call stands of which nothing was told for long: what was lost becomes known."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from telephony import actions
from telephony.actions import answering, dialling
from telephony.facts import Why
from telephony.models import Call, Leg
from telephony.providers.twilio import dialled, meeting
from telephony.providers.twilio.account import account
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.line import caller_of
from telephony.providers.twilio.models import Room, Voice
from telephony.providers.twilio.reaching import NotTaken

OVER = ("completed", "busy", "failed", "no-answer", "canceled")
RECONCILE = actions.Source.RECONCILE
SETTLED = timedelta(seconds=2)
"""Who came so lately may have come while the question was on its way: that they are missing says nothing."""


def reconcile(call: Any, *, at: datetime) -> int:
    """What is known after asking, that was not known before: how many facts."""
    ours, caller = account(), caller_of(call)
    if ours is None or caller is None:
        return 0
    rest, before = Rest(ours), call.events.count()
    try:
        if status := _end_of(rest, caller):
            over(caller, at=at, status=status)
        else:
            room = call.rooms.filter(closed_at=None).last()
            if room is not None:
                _look_in(rest, room, at=at)
    except NotTaken:
        return 0  # asked again a minute later
    return call.events.count() - before


def _end_of(rest: Rest, voice: Voice) -> str:
    """How a voice ended; empty while it goes on."""
    try:
        status = rest.status_of(voice.sid)
    except NotTaken as no:
        if no.is_gone:
            return "completed"
        raise
    return status if status in OVER else ""


@transaction.atomic
def over(voice: Voice, *, at: datetime, status: str = "completed") -> None:
    """The caller is gone, as was found by asking."""
    call = Call.objects.held().get(pk=voice.leg.call_id)
    Voice.objects.filter(pk=voice.pk, ended_at=None).update(ended_at=at)
    if dialling.is_by_page(call):
        voice.leg.call = call
        dialled.over(voice, status, at=at, source=RECONCILE)
    elif call.ended_at is None:
        found_over(call, at=at, received_at=at)


def found_over(call: Any, *, at: datetime, received_at: datetime) -> None:
    """As above, of a call that is locked and goes on by our rows."""
    answering.over(
        call, why=Why.CALLER, at=at, received_at=received_at, key="reconcile", source=RECONCILE
    )


def look(room: Room, rest: Rest, *, at: datetime) -> None:
    """Ask who is in the room, when somebody should be of whom nothing was told. Raises NotTaken.

    An event that was lost or is late would else end a conversation: a voice that is not known to have come
    within seconds is taken for one that never came.
    """
    awaited = Voice.objects.filter(room=room, joined_at=None, ended_at=None)
    if room.closed_at is None and awaited.exists():
        _look_in(rest, room, at=at)


def _look_in(rest: Rest, room: Room, *, at: datetime) -> None:
    """Who is in the room and who is not, against what is known."""
    there = rest.in_room(room.name)
    with transaction.atomic():
        call = Call.objects.held().get(pk=room.call_id)
        rows = Voice.objects.select_related("leg", "room").filter(room=room, ended_at=None)
        for voice in rows:
            voice.leg.call = call
            if voice.sid in there and voice.joined_at is None:
                # Of one who was called it is known since when it rang.
                since = (None if dialling.is_by_page(call) else there[voice.sid]) or at
                meeting.came(voice, room, at=min(since, at), heard_at=at, source=RECONCILE)
            elif voice.sid not in there and _should_be(voice, at=at):
                Voice.objects.filter(pk=voice.pk).update(left_at=at)
                meeting.gone(voice, at=at, source=RECONCILE)


def _should_be(voice: Voice, *, at: datetime) -> bool:
    """Of a caller the line itself tells the end."""
    is_callers = voice.leg.role == Leg.Role.CALLER
    came = voice.joined_at
    return voice.is_in and not is_callers and came is not None and came <= at - SETTLED
