"""The public telephone network: callers wait in a line at Twilio, and meet their advisor's page in a room.

Everything that goes out is an order, written with what made it necessary and sent by a sweep; only what
moves a caller to a waiting advisor is sent at once, after the commit.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from telephony.actions import dialling
from telephony.facts import Fact, Why
from telephony.models import Call, Leg
from telephony.providers.port import Capabilities, Page
from telephony.providers.twilio import claims, tapes
from telephony.providers.twilio.models import Order, Room, Voice, name
from telephony.providers.twilio.page import page_of
from telephony.providers.twilio.rules import End, Manner, advisor_of, manners

Kind, Role = Order.Kind, Leg.Role
LOOKS = (3, 7, 11)
"""Seconds after which it is asked whether a voice has come; the advisor is waited for twelve."""
BY_US = (Why.ADVISOR, Why.CLOCK, Why.LOST, Why.FAILED, Why.MISSED, Why.NO_JOIN, Why.UNSENT)
"""Ends that the caller's telephone knows nothing of yet."""


class PublicLine:
    capabilities = Capabilities(
        voice_in_page=True, hold=True, transfer=True, listen=True, keys_while_waiting=True,
        digits=True,
    )  # fmt: skip

    @transaction.atomic
    def arrange(self, call: Any, *, at: datetime) -> None:
        """Order what brings the voices to where the rows say they are."""
        Call.objects.select_for_update().get(pk=call.pk)
        room = call.rooms.filter(closed_at=None).last()
        if call.ended_at is not None:
            _over(call, room, at=at)
        elif call.has_voice:
            _together(call, room or Room.objects.create(call=call, made_at=at), at=at)
        elif room is not None:
            _apart(call, room, at=at)

    def reconcile(self, call: Any, *, at: datetime) -> int:
        from telephony.providers.twilio.reconciling import reconcile

        return reconcile(call, at=at)

    def pass_for(self, leg: Any) -> str:
        """A claim code, new each time it is asked for."""
        return claims.code_for(leg, at=timezone.now())

    def is_elsewhere(self, leg: Any, *, after: str) -> bool:
        """Another page of the same person has come in since this code was made; False for no code."""
        since = claims.made_at(after)
        newest = leg.voices.exclude(claim=None).last() if since else None
        came = claims.made_at(newest.claim) if newest else None
        return since is not None and came is not None and came > since

    def recorded(self, call: Any) -> str:
        return tapes.state_of(call)

    def page_of(self, call: Any) -> Page:
        return page_of(call)


def order(
    call: Any, kind: Order.Kind, *, at: datetime, key: str | None = None, **what: Any
) -> None:
    """Write one down; what has a key only the first time."""
    row = Order(call_id=call.pk, kind=kind, key=key, made_at=at, due_at=at, **what)
    Order.objects.bulk_create([row], ignore_conflicts=key is not None)


def look_soon(
    call: Any, voice: Voice, room: Room, *, at: datetime, seconds: tuple[int, ...] = LOOKS
) -> None:
    """A voice should be in the room within seconds: unless that is told, it is asked."""
    for after in seconds:
        due, key = at + timedelta(seconds=after), f"look:{voice.pk}:{room.pk}:{after}"
        row = Order(
            call_id=call.pk, kind=Kind.LOOK, room_id=room.pk, key=key, made_at=at, due_at=due
        )
        Order.objects.bulk_create([row], ignore_conflicts=True)


def voices_of(call: Any) -> list[Voice]:
    """The newest voice of each leg that goes on, with its leg."""
    rows = Voice.objects.filter(leg__call=call.pk, ended_at=None).select_related("leg")
    return list({voice.leg_id: voice for voice in rows.order_by("pk")}.values())


def caller_of(call: Any) -> Voice | None:
    rows = Voice.objects.filter(leg__call=call.pk, leg__role=Role.CALLER).select_related("leg")
    return rows.last()


def end_of(voice: Voice) -> End:
    leg = voice.leg
    return End(voice.pk, voice.sid, leg.role, leg.mode, leg.turn, voice.is_in)


def _together(call: Any, room: Room, *, at: datetime) -> None:
    """Who is in the call is in the room, each in their manner; the caller once the advisor is there."""
    every = voices_of(call)
    here = [voice for voice in every if voice.leg.is_here]
    _let_go(call, room, keep=here, at=at)
    ends = [end_of(voice) for voice in here]
    advisor = advisor_of(ends, turn=call.turn)
    caller = next((voice for voice in here if voice.leg.role == Role.CALLER), None)
    if advisor is not None and advisor.is_in:
        if caller is not None and caller.room_id != room.pk:
            _move(call, caller, room, at=at)
        if caller is None and dialling.is_by_page(call):
            _dial(call, room, at=at)
        _tell_joined(call, here, at=at)
    for voice in here:
        if voice.is_in and voice.room_id == room.pk:
            _set(call, voice, room, manners(ends, turn=call.turn)[voice.pk], at=at)
    tapes.follow(call, caller, advisor, at=at)


def _move(call: Any, caller: Voice, room: Room, *, at: datetime) -> None:
    Voice.objects.filter(pk=caller.pk).update(
        room=room, joined_at=None, left_at=None, hold=False, muted=False, coach=""
    )
    key = f"move:{caller.pk}:{room.pk}"
    order(call, Kind.MOVE, voice_id=caller.pk, room_id=room.pk, key=key, at=at)
    look_soon(call, caller, room, at=at)
    pk = Order.objects.values_list("pk", flat=True).get(key=key)
    transaction.on_commit(partial(_send_now, pk), robust=True)


def _dial(call: Any, room: Room, *, at: datetime) -> None:
    """Once: what was asked for by a form is used up by the coming of the advisor's voice."""
    if call.orders.filter(kind=Kind.DIAL).exists():
        return
    if dialling.use(call, at=at) is None:
        call_off(call, at=at)
        return
    label = name()
    order(call, Kind.DIAL, room_id=room.pk, key=f"dial:{label}", data={"label": label}, at=at)


def call_off(call: Any, *, at: datetime) -> None:
    """Nobody is called after all: the call is over, and was no try."""
    from telephony import actions

    actions.note(call, Fact.ENDED, at=at, why=Why.UNSENT, source=actions.Source.CLOCK)


def _send_now(pk: int) -> None:
    from telephony.providers.twilio.sending import send_now

    send_now(pk)


def _tell_joined(call: Any, here: list[Voice], *, at: datetime) -> None:
    """After a hand-over both are in the room already: the new turn begins with a conversation."""
    from telephony import actions

    for voice in here:
        leg = voice.leg
        kind = Fact.CALLER_JOINED if leg.role == Role.CALLER else Fact.ADVISOR_JOINED
        if not voice.is_in or leg.role == Role.SUPERVISOR:
            continue
        if leg.role == Role.ADVISOR and leg.turn != call.turn:
            continue
        if not call.events.filter(kind=kind, turn=call.turn).exists():
            actions.joined(leg, at=max(at, voice.joined_at or at), source=actions.Source.WEBHOOK)


def _set(call: Any, voice: Voice, room: Room, wanted: Manner, *, at: datetime) -> None:
    names = ("hold", "muted", "coach")
    changed = {n: getattr(wanted, n) for n in names if getattr(wanted, n) != getattr(voice, n)}
    if changed:
        Voice.objects.filter(pk=voice.pk).update(**changed)
        order(call, Kind.SET, voice_id=voice.pk, room_id=room.pk, data=changed, at=at)


def _let_go(
    call: Any, room: Room, *, at: datetime, keep: list[Voice] | None = None, closes: bool = False
) -> None:
    """Voices whose leg has left, or has another voice now, go; of a room that closes those outside it."""
    kept = [voice.pk for voice in keep or []]
    rows = Voice.objects.filter(leg__call=call.pk, ended_at=None).exclude(pk__in=kept)
    for voice in rows.exclude(leg__role=Role.CALLER):
        if closes and voice.is_in:
            continue
        kind = Kind.DROP if voice.is_in else Kind.END
        order(call, kind, voice_id=voice.pk, room_id=room.pk, key=f"go:{voice.pk}", at=at)


def _apart(call: Any, room: Room, *, at: datetime) -> None:
    """The caller stands in line again: out of the room, unless they never were told to go there."""
    tapes.stop(call, at=at)
    Room.objects.filter(pk=room.pk).update(closed_at=at)
    _call_off(call, Kind.MOVE, Kind.SET, Kind.LOOK, at=at)
    caller = caller_of(call)
    if caller is not None and caller.room_id == room.pk:
        moves = Order.objects.filter(call=call.pk, kind=Kind.MOVE, room=room)
        Voice.objects.filter(pk=caller.pk).update(
            room=None, joined_at=None, left_at=None, hold=False
        )
        if moves.exclude(sent_at=None).exists():
            key = f"park:{caller.pk}:{room.pk}"
            order(call, Kind.PARK, voice_id=caller.pk, room_id=room.pk, key=key, at=at)
    _let_go(call, room, at=at)


def _over(call: Any, room: Room | None, *, at: datetime) -> None:
    """Nobody talks any more. A caller who is in the room is thanked there; one who is not is hung up on
    when it was not they who ended it."""
    tapes.stop(call, at=at)
    _call_off(call, Kind.DIAL, Kind.MOVE, Kind.SET, Kind.PARK, Kind.LOOK, at=at)
    caller = caller_of(call)
    is_inside = caller is not None and room is not None and caller.room_id == room.pk
    if dialling.is_by_page(call):
        is_inside = is_inside and caller is not None and caller.is_in  # else it rings still
    if room is not None:
        Room.objects.filter(pk=room.pk).update(closed_at=at)
        order(call, Kind.CLOSE, room_id=room.pk, key=f"close:{room.pk}", at=at)
        _let_go(call, room, closes=True, at=at)
    why = call.events.filter(kind=Fact.ENDED).order_by("at").values_list("why", flat=True).first()
    if caller is not None and caller.ended_at is None and not is_inside and why in BY_US:
        order(call, Kind.END, voice_id=caller.pk, key=f"go:{caller.pk}", at=at)


def _call_off(call: Any, *kinds: Order.Kind, at: datetime) -> None:
    """What was ordered and not sent yet is not needed any more."""
    rows = Order.objects.open().filter(call=call.pk, kind__in=kinds, sent_at=None)
    rows.update(done_at=at)
