"""Voices meet in a room: an advisor's page is let in by its claim, and the room tells who came and went."""

from datetime import datetime

from django.db import IntegrityError, transaction

from telephony import actions, providers
from telephony.actions import dialling, timing
from telephony.actions.noting import moved, regrouped
from telephony.facts import State, Why
from telephony.models import Call, Leg
from telephony.providers.twilio import claims, dialled, holding
from telephony.providers.twilio import documents as d
from telephony.providers.twilio.doors import Refused
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.line import end_of, look_soon, voices_of
from telephony.providers.twilio.models import Room, Voice
from telephony.providers.twilio.rules import manners
from telephony.providers.twilio.scripts import Script
from telephony.providers.twilio.speaking import spoken

WEBHOOK = actions.Source.WEBHOOK


def application(said: Said) -> Script:
    """An advisor's page calls: by its code into the room of its call. The same request again gets the
    same; a code used by another voice, too old, or of somebody else leads nowhere."""
    leg_pk = claims.leg_of(said["claim"], at=said.received_at)
    voice = (
        Voice.objects.select_related("leg__call", "leg__user").filter(sid=said["CallSid"]).first()
    )
    if voice is None:
        voice = _let_in(said, leg_pk) if leg_pk is not None else None
    elif voice.claim != said["claim"]:
        voice = None
    if voice is None or voice.room is None or not voice.leg.is_here:
        return d.not_yours("fr")
    call = voice.leg.call
    return d.advisor_in_room(
        voice.room.name, voice.label, muted=voice.muted, whispers_to=voice.coach
    ) if call.has_voice else d.not_yours(spoken(call.language))  # fmt: skip


def _let_in(said: Said, leg_pk: int) -> Voice | None:
    leg = Leg.objects.select_related("user").filter(pk=leg_pk).first()
    if leg is None or leg.user is None or said["From"] != f"client:{claims.identity(leg.user)}":
        return None
    call = Call.objects.held().get(pk=leg.call_id)
    leg = Leg.objects.select_related("user").get(pk=leg_pk)
    room = Room.objects.filter(call=call, closed_at=None).last()
    if not dialling.still_works_here(leg.user):
        return None  # suspended since the code was given
    if not leg.is_here or not call.has_voice or room is None:
        return None
    try:
        with transaction.atomic():
            voice = Voice.objects.create(
                leg=leg, sid=said["CallSid"], claim=said["claim"], room=room,
                made_at=said.received_at,
            )  # fmt: skip
    except IntegrityError:
        return None  # the code has let another voice in
    ends = [end_of(one) for one in voices_of(call) if one.leg.is_here]
    manner = manners(ends, turn=call.turn)[voice.pk]
    voice.muted, voice.coach = manner.muted, manner.coach
    voice.save(update_fields=["muted", "coach"])
    voice.leg.call = call
    look_soon(call, voice, room, at=said.received_at)
    actions.seen(leg, at=said.received_at)
    return voice


def room(said: Said) -> None:
    """Somebody came into a room or went. Told in any order, and more than once. Raises Refused where it is
    not said who."""
    event, sid = said["StatusCallbackEvent"], said["ConferenceSid"]
    if event.startswith("participant-") and not said["CallSid"]:
        raise Refused("CallSid")
    found = Room.objects.filter(name=said["FriendlyName"]).first()
    if found is None:
        return
    if event == "conference-end":
        Room.objects.filter(pk=found.pk, sid=sid).update(sid="")
        return
    Room.objects.filter(pk=found.pk).exclude(sid=sid).update(sid=sid)
    if said["ParticipantLabel"]:
        dialled.met(said, found)
    voice = holding.voice_of(said) if said["CallSid"] else None
    if voice is None or voice.room_id != found.pk:
        return
    if event == "participant-join":
        came(voice, found, at=said.at, heard_at=said.received_at)
    elif event == "participant-leave":
        Voice.objects.filter(pk=voice.pk, left_at=None).update(left_at=said.at)
        if found.closed_at is None:
            gone(voice, at=said.at)


def came(
    voice: Voice, room: Room, *, at: datetime, heard_at: datetime,
    source: actions.Source = WEBHOOK,
) -> None:  # fmt: skip
    """A voice is in its room since `at`, as became known at `heard_at`: what follows is counted from there,
    else what was told late would be over before it began. The call is locked."""
    Voice.objects.filter(pk=voice.pk, joined_at=None).update(joined_at=at)
    leg, call = voice.leg, voice.leg.call
    # What is told after the end is known of the call all the same.
    actions.joined(leg, at=at, source=source)
    call = Call.objects.held().get(pk=call.pk)
    if room.closed_at is not None or not call.is_live or not leg.is_here:
        return
    if leg.mode == Leg.Mode.CONSULT:
        actions.accept(leg, at=heard_at)
    actions.seen(leg, at=heard_at)
    if call.state == State.CLAIMED and leg.role == Leg.Role.ADVISOR:
        # From now on it is the caller who is waited for, or whoever is called.
        is_made = dialling.is_by_page(call)
        due = heard_at + (dialled.ANSWERED_WITHIN if is_made else timing.JOIN_WITHIN)
        timing.start(call, timing.Kind.JOIN, due_at=due, turn=call.turn)
    providers.of(call).arrange(call, at=heard_at)


def gone(voice: Voice, *, at: datetime, source: actions.Source = WEBHOOK) -> None:
    """A voice is not in its room any more, and nobody here has told it to go. The call is locked."""
    leg, call = voice.leg, voice.leg.call
    newest = Voice.objects.filter(leg=leg).last()
    if newest is None or newest.pk != voice.pk or not leg.is_here or not call.is_live:
        return
    if leg.role == Leg.Role.CALLER:
        if voice.joined_at is None and dialling.is_by_page(call):
            return  # never came in: why is told apart
        actions.calling.hang_up(call, why=Why.CALLER, at=at, source=source, key="room")
    elif leg.turn and leg.turn == call.turn:
        # A page that was loaded anew comes back with another code: the caller waits so long for it.
        actions.leave_page(leg, at=at)
        moved(call, board=False)
    else:
        call.legs.here().filter(pk=leg.pk).update(left_at=at)
        regrouped(call, at=at)
