"""Somebody is called into the room in which the advisor's voice is: sent once, and told how it goes.

Calling somebody is the one order that does not bear being sent twice. Before it leaves it is written down
that it may have left; whoever finds that written asks Twilio for the voice of its label, and calls nobody.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from telephony import actions
from telephony.actions import dialling, timing
from telephony.facts import Fact, Why
from telephony.models import Call, Leg
from telephony.providers.twilio.account import address
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Order, Room, Voice
from telephony.providers.twilio.reaching import NotTaken
from telephony.providers.twilio.rendering import TOLD

WITHIN = timedelta(seconds=30)
"""An order that could not leave for so long is not sent any more: the advisor waits in vain."""
ANSWERED_WITHIN = WITHIN + timing.RINGS_FOR + timedelta(seconds=15)
"""After the advisor's voice came; the clock ends a call of which nothing is told."""
LOOKS = (10, 25, 45)
"""Seconds after which it is asked whether whoever was called has come in."""
WHY = {"busy": Why.BUSY, "no-answer": Why.NO_ANSWER, "failed": Why.FAILED, "canceled": Why.ADVISOR}
WEBHOOK = actions.Source.WEBHOOK


def send(row: Order, rest: Rest, *, at: datetime) -> None:
    """Raises NotTaken where it is worth another try."""
    room, call = row.room, row.call
    assert room is not None
    if row.data.get("unsure"):
        sid = rest.labelled(room.name, row.data["label"])
        _found(row, sid, at=at) if sid else _call_off(call, at=at)
        return
    number = _number(call, at=at)
    if number is None or at - row.made_at > WITHIN:
        _call_off(call, at=at)
        return
    _is_unsure(row, True)
    try:
        sid = rest.call_into(
            room.sid or room.name, number, settings.TWILIO_NUMBER, label=row.data["label"],
            told=address(f"/hooks/twilio/dialled/{row.data['label']}/") + TOLD,
            events=address("/hooks/twilio/room/") + TOLD,
            seconds=int(timing.RINGS_FOR.total_seconds()),
        )  # fmt: skip
    except NotTaken as no:
        if no.is_unsent:
            _is_unsure(row, False)
        if no.may_pass:
            raise
        _call_off(call, at=at)
    else:
        _found(row, sid, at=at)


def _number(call: Call, *, at: datetime) -> str | None:
    """What is dialled, looked at once more: the one that was asked for, by somebody who still works here."""
    call = Call.objects.select_related("payload", "dial__user").get(pk=call.pk)
    dial = call.dial
    may = call.is_live and dial.used_at is not None and dial.is_for(call.number)
    if not may or call.number is None or not dialling.still_works_here(dial.user):
        return None
    return call.number.for_storage()


def _is_unsure(row: Order, unsure: bool) -> None:
    row.data = {**row.data, "unsure": unsure}
    Order.objects.filter(pk=row.pk).update(data=row.data)


@transaction.atomic
def _call_off(call: Call, *, at: datetime) -> None:
    from telephony.providers.twilio.line import call_off

    held = Call.objects.held().get(pk=call.pk)
    if held.ended_at is None:
        call_off(held, at=at)


@transaction.atomic
def _found(row: Order, sid: str, *, at: datetime) -> None:
    call = Call.objects.held().get(pk=row.call_id)
    adopt(row, call, sid, at=at)


def adopt(row: Order, call: Call, sid: str, *, at: datetime) -> Voice:
    """The voice of whoever was called is known by its name. The call is locked."""
    from telephony.providers.twilio.line import Kind, look_soon, order

    assert row.room is not None
    leg = call.legs.get(role=Leg.Role.CALLER)
    voice, is_new = Voice.objects.select_related("leg", "room").get_or_create(
        sid=sid,
        defaults={"leg": leg, "label": row.data["label"], "room": row.room, "made_at": at},
    )
    voice.leg.call = call
    if is_new and call.ended_at is not None:
        order(call, Kind.END, voice_id=voice.pk, key=f"go:{voice.pk}", at=at)
    elif is_new:
        look_soon(call, voice, row.room, at=at, seconds=LOOKS)
    return voice


def met(said: Said, room: Room) -> None:
    """Whoever was called comes into the room before our own request was answered."""
    row = _order(said["ParticipantLabel"])
    if row is not None and row.room_id == room.pk:
        adopt(row, Call.objects.held().get(pk=row.call_id), said["CallSid"], at=said.received_at)


def status(said: Said, label: str) -> None:
    """How it rings at theirs, and how it ended."""
    row = _order(label)
    if row is None:
        return
    call = Call.objects.held().get(pk=row.call_id)
    voice = adopt(row, call, said["CallSid"], at=said.received_at)
    if said["CallStatus"] == "ringing":
        dialling.rings(call, at=said.at)
    elif said["CallStatus"] in ("completed", *WHY):
        over(voice, said["CallStatus"], at=said.at, seconds=int(said["CallDuration"] or 0))


def over(
    voice: Voice, status: str, *, at: datetime, seconds: int = 0, source: Any = WEBHOOK
) -> None:
    """The voice has ended. One that was answered has been there, whether or not the room told so."""
    Voice.objects.filter(pk=voice.pk, ended_at=None).update(ended_at=at)
    call = voice.leg.call
    if status == "completed" and not call.events.filter(kind=Fact.CALLER_JOINED).exists():
        came = max(call.started_at, at - timedelta(seconds=seconds))
        actions.note(call, Fact.CALLER_JOINED, at=came, turn=call.turn, source=source)
    if call.ended_at is None:
        why = WHY.get(status, Why.CALLER)
        actions.note(call, Fact.ENDED, at=at, why=why, source=source, key=f"dialled:{status}")


def _order(label: str) -> Order | None:
    rows = Order.objects.select_related("room").filter(kind=Order.Kind.DIAL)
    return rows.filter(key=f"dial:{label}").first()
