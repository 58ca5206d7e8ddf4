"""Sweeps over calls: what is due each second, and asking the lines about calls gone quiet."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from telephony import providers
from telephony.actions import calling, passing, recording, timing
from telephony.actions.noting import Source, moved
from telephony.facts import VOICE, State, Why
from telephony.models import Call, Leg, Timer

AT_ONCE = 100
QUIET = timedelta(seconds=90)
"""A live call without a new event for so long is asked about."""
GRACE = 30
"""Seconds after our own start in which nobody is judged by silence: it was we who did not listen."""
_begun = time.monotonic()


def timers_due(*, at: datetime) -> int:
    """Run each timer that is due, once; how many."""
    done = 0
    rows = Timer.objects.due(at=at).select_related("call__ticket", "call__centre", "call__payload")
    for timer in rows[:AT_ONCE]:
        with transaction.atomic():
            if timing.run_once(timer, at=at):
                _RUNS[Timer.Kind(timer.kind)](timer, at=at)
                done += 1
    return done


def reconcile(*, at: datetime) -> int:
    """Ask the lines about live calls of which nothing was heard; facts found."""
    quiet = Call.objects.live().exclude(events__received_at__gt=at - QUIET)
    return sum(
        providers.of(call).reconcile(call, at=at)
        for call in quiet.select_related("centre", "ticket", "payload")[:AT_ONCE]
    )


def close_recordings(*, at: datetime) -> int:
    """Recordings whose page is gone become what has arrived of them."""
    return recording.close_forgotten(at=at)


def delete_recordings(*, at: datetime) -> int:
    """Sound that was kept long enough is deleted, with proof."""
    return recording.delete_old(at=at)


def _join(timer: Timer, *, at: datetime) -> None:
    call = timer.call
    if call.state != State.CLAIMED or call.turn != timer.turn:
        return
    if call.direction == Call.Direction.OUT:
        calling.hang_up(call, why=Why.NO_JOIN, at=at, source=Source.CLOCK)
    else:
        passing.give_back(call, why=Why.NO_JOIN, at=at, source=Source.CLOCK)


def _long_wait(timer: Timer, *, at: datetime) -> None:
    """The caller's page offers the other ways from now on: it is told to look again."""
    if timer.call.state == State.WAITING:
        moved(timer.call)


def _caller_silent(timer: Timer, *, at: datetime) -> None:
    call = timer.call
    leg = call.legs.here().filter(role=Leg.Role.CALLER).first()
    if leg is None or not call.is_live:
        return
    limit = timing.SILENT_TALKING if call.state in VOICE else timing.SILENT_WAITING
    if _is_silent(leg, limit, at=at):
        calling.hang_up(call, why=Why.LOST, at=at, source=Source.CLOCK)
    else:
        timing.start(call, timing.Kind.CALLER_SILENT, due_at=_again(leg, limit, at=at))


def _advisor_silent(timer: Timer, *, at: datetime) -> None:
    call = timer.call
    leg = call.legs.here().filter(role=Leg.Role.ADVISOR, turn=timer.turn).first()
    if leg is None or call.state not in VOICE or call.turn != timer.turn:
        return
    is_heard_of = providers.of(call).capabilities.is_heard_of
    if not is_heard_of and leg.silent_since is None:
        return  # it came back
    if _is_silent(leg, timing.ADVISOR_BACK_WITHIN, at=at):
        if call.direction == Call.Direction.OUT:
            calling.hang_up(call, why=Why.LOST, at=leg.silent_since or at, source=Source.CLOCK)
            return
        since = None if is_heard_of else leg.silent_since
        passing.give_back(call, why=Why.LOST, at=at, since=since, source=Source.CLOCK)
    else:
        due = _again(leg, timing.ADVISOR_BACK_WITHIN, at=at)
        timing.start(call, timing.Kind.ADVISOR_SILENT, due_at=due, turn=timer.turn)


def _no_end(timer: Timer, *, at: datetime) -> None:
    if timer.call.is_live:
        calling.hang_up(timer.call, why=Why.CLOCK, at=at, source=Source.CLOCK)


def _is_silent(leg: Leg, limit: timedelta, *, at: datetime) -> bool:
    """Its page said goodbye so long ago, or was not heard of; never judged right after our start."""
    if time.monotonic() - _begun < GRACE:
        return False
    return at - leg.heard_at >= limit


def _again(leg: Leg, limit: timedelta, *, at: datetime) -> datetime:
    """When to look again: never sooner than in a second."""
    return max(leg.heard_at + limit, at + timedelta(seconds=1))


_RUNS: dict[Timer.Kind, Callable[..., None]] = {
    Timer.Kind.JOIN: _join, Timer.Kind.LONG_WAIT: _long_wait,
    Timer.Kind.CALLER_SILENT: _caller_silent, Timer.Kind.ADVISOR_SILENT: _advisor_silent,
    Timer.Kind.NO_END: _no_end,
}  # fmt: skip
