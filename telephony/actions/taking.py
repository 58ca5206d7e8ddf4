"""An advisor takes a call, is joined with the caller, holds it, and ends it."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling
from helpdesk.tickets.errors import AlreadyTaken, NotYours, Refusal
from helpdesk.tickets.rules import Channel
from telephony import providers
from telephony.actions import timing
from telephony.actions.calling import hang_up
from telephony.actions.noting import Source, facts_of, moved, note, regrouped
from telephony.facts import VOICE, Fact, State, Why
from telephony.models import Call, Leg


class CallerGone(Refusal):
    def __init__(self) -> None:
        super().__init__(_("The caller has hung up."))


class InCall(NotYours):
    """One voice at a time."""

    def __init__(self) -> None:
        super().__init__(_("You are in a call: end it and write it down before you take another."))


@transaction.atomic
def answer(call: Call, *, by: Any, at: datetime) -> Leg:
    """Take a waiting call: the next turn is this advisor's; their leg.

    One conditional update of the line decides. Raises AlreadyTaken with the winner, CallerGone, InCall.
    Taking what one has already gives the same leg.
    """
    held = Call.objects.held().get(pk=call.pk)
    if not held.is_live:
        raise CallerGone
    if held.state in VOICE:
        own = held.legs.here().filter(role=Leg.Role.ADVISOR, user=by).first()
        if own is not None:
            return own
        raise AlreadyTaken(held.user)
    one_at_a_time(by)
    if in_call(by, at=at, but=held):
        raise InCall
    assert held.ticket is not None
    queues.claim(held.ticket, by=by, at=at)
    turn = held.turn + 1
    leg = Leg.objects.create(
        call=held, role=Leg.Role.ADVISOR, user=by, turn=turn, made_at=at, seen_at=at
    )
    note(held, Fact.CLAIMED, at=at, turn=turn, user=by, source=Source.USER)
    if providers.of(held).capabilities.voice_in_page:
        timing.expect_join(held, turn=turn, at=at)
    call.refresh_from_db()
    return leg


def one_at_a_time(user: Any) -> None:
    """Whoever takes another call for this person waits until the transaction ends: on PostgreSQL five
    calls taken at one moment would each see none in hand. Nobody who only refers to them waits."""
    get_user_model()._default_manager.select_for_update(no_key=True).only("pk").get(pk=user.pk)


def in_call(user: Any, *, at: datetime, but: Call | None = None) -> bool:
    """Whether a voice, or the wrap-up of one, is in the person's hands."""
    rows = Handling.objects.in_hand(at=at).filter(user=user, channel=Channel.PHONE)
    if but is not None and but.ticket_id:
        rows = rows.exclude(ticket=but.ticket_id)
    return rows.exists()


@transaction.atomic
def joined(leg: Leg, *, at: datetime, source: Source = Source.BROWSER) -> None:
    """The voice of a leg is there. The caller's counts for the turn under way."""
    Leg.objects.filter(pk=leg.pk, joined_at=None).update(joined_at=at)
    call = leg.call
    call.refresh_from_db()
    kind = Fact.CALLER_JOINED if leg.role == Leg.Role.CALLER else Fact.ADVISOR_JOINED
    turn = call.turn if leg.role == Leg.Role.CALLER else leg.turn
    if leg.role == Leg.Role.SUPERVISOR or not turn:
        return
    note(call, kind, at=at, turn=turn, source=source, user=leg.user)


@transaction.atomic
def set_hold(leg: Leg, on: bool, *, at: datetime) -> None:
    """Put the caller on hold, or take them back. Harmless when it is so already."""
    call = Call.objects.select_for_update().get(pk=leg.call_id)
    mode = Leg.Mode.HOLD if on else Leg.Mode.ON
    rows = call.legs.here().filter(pk=leg.pk).exclude(mode=mode)
    if call.state not in (State.TALKING, State.HELD) or not rows.update(mode=mode):
        return
    step = len(facts_of(call).holds(call.turn)) + (1 if on else 0)
    kind = Fact.HELD if on else Fact.RESUMED
    note(call, kind, at=at, turn=call.turn, step=step, source=Source.USER, user=leg.user)
    providers.of(call).arrange(call, at=at)


@transaction.atomic
def set_mute(leg: Leg, on: bool, *, at: datetime) -> None:
    """The person hears but is not heard. No fact of the call: only its page shows it."""
    before, after = (Leg.Mode.ON, Leg.Mode.MUTE) if on else (Leg.Mode.MUTE, Leg.Mode.ON)
    if leg.call.legs.here().filter(pk=leg.pk, mode=before).update(mode=after):
        moved(leg.call)


@transaction.atomic
def end(leg: Leg, *, at: datetime, why: Why | None = None) -> None:
    """The person hangs up. Caller and advisor of the turn end the call; others only leave it."""
    call = leg.call
    is_side = leg.role == Leg.Role.ADVISOR and leg.turn == call.turn and bool(leg.turn)
    if leg.role == Leg.Role.CALLER or is_side:
        said = Why.CALLER if leg.role == Leg.Role.CALLER else Why.ADVISOR
        hang_up(call, why=why or said, at=at, source=Source.USER, by=leg.user)
        return
    if call.legs.here().filter(pk=leg.pk).update(left_at=at):
        regrouped(call, at=at)
