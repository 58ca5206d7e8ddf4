"""Writing down what is known of a call, and keeping its state in step with it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, ForeignKey

from helpdesk.live import streams
from helpdesk.live.announcing import announce
from telephony import providers
from telephony.actions.settling import settle
from telephony.facts import Fact, Facts, Reckoned, State, Why, reckon
from telephony.models import Call, CallEvent

Source = CallEvent.Source


@transaction.atomic
def note(
    call: Call, *kinds: Fact, at: datetime, source: CallEvent.Source, turn: int = 0, step: int = 0,
    why: Why | str = "", user: Any = None, key: str = "", received_at: datetime | None = None,
    is_held: bool = False, is_first: bool = False,
) -> Reckoned:  # fmt: skip
    """Add facts to a call and settle what follows; what is known already changes nothing.

    `key` marks the happening as its sender knows it; without one the fact itself is the key. `at` is
    when it happened, `received_at` when it was told (default: the same). `is_held`: the caller has
    locked and read the row, or made it, in this transaction; `is_first`: they have just made it, and
    nothing else is known of it.
    """
    held = call if is_held else Call.objects.held().get(pk=call.pk)
    events = [
        CallEvent(
            call=held, kind=kind, turn=turn, step=step, why=why, user=user, source=source,
            at=at, received_at=received_at or at,
            key=f"{held.pk}:{key}:{kind}" if key else f"{held.pk}:{kind}:{turn}:{step}",
        )
        for kind in kinds
    ]  # fmt: skip
    CallEvent.objects.bulk_create(events, ignore_conflicts=True)
    facts = Facts(event.known for event in events) if is_first else facts_of(held)
    found = _keep(held, facts, at=received_at or at)
    _follow(call, held)
    return found


def _follow(call: Call, held: Call) -> None:
    """The row as it is now, without asking for it; what it points at is read anew when needed."""
    for field in Call._meta.concrete_fields:
        setattr(call, field.attname, getattr(held, field.attname))
        # Settling writes to the request beside this copy of it.
        if isinstance(field, ForeignKey) and field.is_cached(call):
            field.delete_cached_value(call)


def keep(call: Call, *, at: datetime) -> Reckoned:
    """Reckon the state from all events, keep it, and settle what it asks for. The row is locked."""
    return _keep(call, facts_of(call), at=at)


def _keep(call: Call, facts: Facts, *, at: datetime) -> Reckoned:
    found, before = reckon(facts), call.state
    kept = {
        "state": found.state, "turn": found.turn, "user_id": found.user or call.user_id,
        "answered_at": found.answered_at, "ended_at": found.ended_at, "wrapped_at": found.wrapped_at,
        "talk_seconds": found.talk, "hold_seconds": found.hold, "version": call.version + 1,
    }  # fmt: skip
    Call.objects.filter(pk=call.pk).update(**kept)
    for name, value in kept.items():
        setattr(call, name, value)
    settle(call, before=State(before), found=found, facts=facts, at=at)
    tell(call)
    return found


def facts_of(call: Call) -> Facts:
    """All that is known of it."""
    return Facts(event.known for event in call.events.all())


def moved(call: Call, *, board: bool = True) -> None:
    """A page that shows the call would show something else, though no fact came.

    `board=False`: nothing that the lists and the board show.
    """
    Call.objects.filter(pk=call.pk).update(version=F("version") + 1)
    call.refresh_from_db(fields=["version"])
    tell(call, board=board)


def regrouped(call: Call, *, at: datetime) -> None:
    """Who is in the call, or how, has changed without a fact: the voices are arranged anew."""
    providers.of(call).arrange(call, at=at)
    moved(call)


def tell(call: Call, *, board: bool = True) -> None:
    announce(streams.call(call.pk), number=call.version, kind="call", id=call.pk)
    if board and call.ticket_id and call.ticket:
        announce(streams.team(call.ticket.team_id), kind="call")
