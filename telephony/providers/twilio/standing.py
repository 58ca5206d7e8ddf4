"""A caller stands in line: what is heard there, the keys, and how the line ends."""

import re
from datetime import datetime

from django.db import transaction

from helpdesk.queues import reception
from telephony.actions import answering, calling
from telephony.facts import State, Why
from telephony.providers.twilio import documents as d
from telephony.providers.twilio import holding
from telephony.providers.twilio.arriving import left_behind, stands
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.line import Kind, order
from telephony.providers.twilio.models import Room, Voice
from telephony.providers.twilio.scripts import Script
from telephony.providers.twilio.speaking import spoken

RECORDING = re.compile(r"/Recordings/(RE[0-9a-f]{32})(?:\.\w+)?")
"""The name of a recording in its address."""
MOVED = ("redirected", "redirected-from-bridged", "bridged", "bridging-in-process")
"""Ends of the line after which the caller is where somebody sent them: nothing more is said here."""
GONE = "hangup"


def wait(said: Said) -> Script:
    """Twilio asks what is heard: that the caller is still there, too."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.leave()
    call = voice.leg.call
    if voice.line_sid != said["QueueSid"]:
        Voice.objects.filter(pk=voice.pk).update(line_sid=said["QueueSid"])
    if call.ended_at is not None:
        return d.leave()
    calling.seen(voice.leg, at=said.received_at)
    if call.state != State.WAITING or call.ticket is None:
        return d.still_waiting()
    place = reception.place_of(call.ticket, at=said.received_at)
    return d.waiting(spoken(call.language), place.before + 1 if place else None)


def keys(said: Said) -> Script:
    """To be called back, or a message; whoever takes the call at the same moment comes first or too late."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.leave()
    call, digits = voice.leg.call, said["Digits"]
    if call.ended_at is not None:
        return d.leave()
    if call.state != State.WAITING or digits not in (d.CALL_BACK, d.MESSAGE):
        return d.still_waiting()
    if digits == d.CALL_BACK and call.number is not None:
        answering.ask_call_back(call, at=said.received_at)
    else:
        # Missed until there is sound: then it is a message (`message_came`).
        _leave(voice, said)
    return d.leave()


def left(said: Said) -> Script:
    """The line has ended for a caller."""
    voice, result = holding.callers_voice(said), said["QueueResult"]
    if voice is None or result in MOVED:
        return d.nothing()
    call = voice.leg.call
    if result == GONE:
        _leave(voice, said)
        return d.nothing()
    if call.has_voice or (call.state == State.WAITING and result == "leave"):
        return stands(voice)
    if call.state == State.WAITING:
        # The line itself is out of order: nobody is lost who may leave a message.
        _leave(voice, said)
    return left_behind(call)


def message_said(said: Said) -> Script:
    """The message is over. That its sound can be had is told apart, and may be lost: it is looked for from
    now on. Without a recording nobody spoke, or who stood in for us has lost what was told."""
    voice, named = holding.callers_voice(said), RECORDING.search(said["RecordingUrl"])
    seconds = int(said["RecordingDuration"] or 0)
    if voice is not None and named and seconds:
        take_message(voice, named[1], seconds, at=said.at, received_at=said.received_at)
    return d.goodbye(spoken(voice.leg.call.language if voice else ""), "thanks")


def enter(said: Said, name: str) -> Script:
    """The caller was told to go into a room."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.hang_up()
    return stands(voice) if _leads(voice.room, name) else back(voice)


def back(voice: Voice) -> Script:
    """To the line again: the advisor was lost, or gave the call back meanwhile."""
    call = voice.leg.call
    return d.hang_up() if call.ended_at else d.park(spoken(call.language), is_back=True)


def parked(said: Said) -> Script:
    """The caller was told to go back to the line; meanwhile somebody may have them again."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.hang_up()
    return back(voice) if voice.room is None else stands(voice)


def recorded(said: Said) -> None:
    """A message is there, or nobody spoke."""
    voice = holding.callers_voice(said)
    if voice is None or said["RecordingStatus"] != "completed":
        return
    seconds = int(said["RecordingDuration"] or 0)
    take_message(voice, said["RecordingSid"], seconds, at=said.at, received_at=said.received_at)


@transaction.atomic
def take_message(
    voice: Voice, sid: str, seconds: int, *, at: datetime, received_at: datetime
) -> None:
    """The caller left a message under that name: it is owed from now on, and fetched."""
    call = voice.leg.call
    answering.message_came(call, at=at, key=f"recording:{sid}")
    order(
        call, Kind.FETCH, voice_id=voice.pk, key=f"fetch:{sid}", at=received_at,
        data={"recording": sid, "seconds": seconds},
    )  # fmt: skip


def _leads(room: Room | None, name: str) -> bool:
    return room is not None and room.name == name and room.closed_at is None


def _leave(voice: Voice, said: Said) -> None:
    call = voice.leg.call
    at = max(said.at, call.started_at)
    answering.over(call, why=Why.CALLER, at=at, received_at=said.received_at, key="left")
