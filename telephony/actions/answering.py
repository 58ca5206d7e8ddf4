"""A machine answers first: the caller chooses language and theme by keys, and only then stands in line."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.tickets.actions import closing
from telephony.actions import timing
from telephony.actions.calling import Caller, hang_up, known, received
from telephony.actions.noting import Source, note
from telephony.facts import Fact, State, Why
from telephony.models import Call, Leg


@transaction.atomic
def ring(line: Call.Line, caller: Caller, *, centre: Any, at: datetime, key: str) -> Leg:
    """The caller's end of a call that a machine answers: known from now on, no request yet. The same `key`
    is one call; its row is locked until the transaction ends."""
    call, leg = known(line, caller, centre=centre, at=at, key=key)
    if leg is None:
        leg = call.legs.get(role=Leg.Role.CALLER)
        leg.call = call
        return leg
    note(call, Fact.ARRIVED, at=at, source=Source.WEBHOOK, is_held=True, is_first=True)
    timing.start(call, timing.Kind.NO_END, due_at=at + timing.NO_END)
    return leg


def speaks(call: Call, language: str) -> None:
    """The caller chose a language (a code of accounts.Tongue), before standing in line."""
    if call.state == State.ARRIVING and call.ticket_id is None:
        Call.objects.filter(pk=call.pk).update(language=language)
        call.language = language


@transaction.atomic
def stand_in_line(call: Call, *, at: datetime, theme: Any = None) -> None:
    """The choice is made: the call is a request, and stands in line. The row is locked."""
    if call.state != State.ARRIVING:
        return
    open_request(call, at=at, theme=theme)
    note(call, Fact.QUEUED, at=at, source=Source.WEBHOOK, is_held=True)
    timing.start_waiting(call, at=at)


@transaction.atomic
def open_request(call: Call, *, at: datetime, theme: Any = None) -> None:
    """The call is a request, also when nobody will answer it now. Harmless when it is one."""
    if call.ticket_id is not None:
        return
    payload = call.payload
    caller = Caller(
        number=call.number, name=payload.name, words=payload.words, language=call.language,
        theme=theme,
    )  # fmt: skip
    call.ticket = received(call, caller, at=at, waits=True)
    call.save(update_fields=["ticket"])


@transaction.atomic
def ask_call_back(call: Call, *, why: Why = Why.CALLER, at: datetime) -> None:
    """By a key: the line is left, and a call is owed. The row is locked."""
    open_request(call, at=at)
    note(call, Fact.CALL_BACK, at=at, source=Source.WEBHOOK, is_held=True)
    note(call, Fact.ENDED, at=at, why=why, source=Source.WEBHOOK, is_held=True)


@transaction.atomic
def over(
    call: Call, *, why: Why, at: datetime, received_at: datetime, key: str = "",
    source: Source = Source.WEBHOOK,
) -> None:  # fmt: skip
    """The line is told that the caller is gone. Who gave up at the choice is owed a call as well. `key`
    marks the telling: the same again changes nothing."""
    if key and call.events.filter(key=f"{call.pk}:{key}:{Fact.ENDED}").exists():
        return
    if call.ticket_id is None and call.direction == Call.Direction.IN:
        open_request(call, at=received_at)
    hang_up(call, why=why, at=at, source=source, key=key)


@transaction.atomic
def message_came(call: Call, *, at: datetime, key: str) -> None:
    """Sound of a message is there: what is owed is no longer a missed call, and a request that was closed
    because nobody could be called has something to hear. Told again it changes nothing."""
    if call.events.filter(kind=Fact.VOICEMAIL).exists():
        return
    open_request(call, at=at)
    assert call.ticket is not None
    closing.reopen(call.ticket, at=at)
    note(call, Fact.VOICEMAIL, at=at, source=Source.WEBHOOK, key=key)
    if call.ended_at is None:
        hang_up(call, why=Why.CALLER, at=at, source=Source.WEBHOOK)
