"""A telephone beside the page is picked up: whoever it belongs to has the call from then on.

Told by an exchange, hence in any order: turns are put in order by its own count of what happened.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.queues import actions as queues
from helpdesk.queues.actions import handling
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import Ended
from helpdesk.tickets.actions import closing
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from telephony.actions.noting import Source, facts_of, note
from telephony.actions.settling import keep_work
from telephony.facts import Fact, Facts, Why
from telephony.models import Call, Leg

SPOKE = (Fact.CLAIMED, Fact.ADVISOR_JOINED, Fact.CALLER_JOINED)


@transaction.atomic
def picked_up(
    call: Call, *, user: Any, sequence: int | None, at: datetime, received_at: datetime, key: str
) -> None:
    """`user` (None = a telephone of nobody here) speaks with the caller since `at`. The row is locked.

    Whoever spoke before has passed the call on. `sequence` is the exchange's count of what happened to
    the call: without it, of two people who are told in the wrong order the one told last has it.
    """
    before = facts_of(call)
    turn = _turn(before, user, sequence)
    is_newest = turn >= call.turn
    given: dict[str, Any] = {"source": Source.WEBHOOK, "received_at": received_at, "is_held": True}
    for one, since in _released(before, turn, at):
        claimed = before.get(Fact.CLAIMED, one)
        keep_work(call, before, one, user=claimed.user if claimed else None, until=since)
        note(call, Fact.RELEASED, at=since, turn=one, why=Why.TRANSFER, key=f"{key}:{one}", **given)
    note(call, *SPOKE, at=at, turn=turn, user=user, key=f"{key}:{turn}", **given)
    if is_newest and call.ticket_id is not None:
        _take(call.ticket_id, user, at=at, received_at=received_at)
        call.legs.here().filter(role=Leg.Role.ADVISOR).exclude(user=user).update(left_at=at)
        if call.ended_at is not None:
            keep_work(call, facts_of(call), turn, user=call.user_id)


def _turn(facts: Facts, user: Any, sequence: int | None) -> int:
    """Which turn it is: the one claimed on the page if there is one, else by the exchange's count."""
    pk = user.pk if user else None
    for turn in facts.turns:
        claimed = facts.get(Fact.CLAIMED, turn)
        if claimed and claimed.user == pk and not facts.at(Fact.ADVISOR_JOINED, turn):
            return turn
    if sequence is not None:
        return sequence + 1
    newest = facts.turns[-1] if facts.turns else 0
    claimed = facts.get(Fact.CLAIMED, newest)
    return newest if claimed and claimed.user == pk else newest + 1


def _released(facts: Facts, turn: int, at: datetime) -> list[tuple[int, datetime]]:
    """Turns that end because another began, with when."""
    found = []
    earlier = [one for one in facts.turns if one < turn]
    later = [one for one in facts.turns if one > turn]
    if earlier:
        found.append((earlier[-1], at))
    if later and (since := facts.at(Fact.CLAIMED, later[0])):
        found.append((turn, since))
    known = [(one, since, facts.at(Fact.RELEASED, one)) for one, since in found]
    return [(one, since) for one, since, before in known if before is None or since < before]


def _take(pk: int, user: Any, *, at: datetime, received_at: datetime) -> None:
    """The request is with who speaks, and their work on it has begun."""
    ticket = Ticket.objects.get(pk=pk)
    if user is None:
        stood = Waiting.objects.now().filter(ticket=ticket, channel=Channel.PHONE).first()
        if stood is not None:
            queues.end_row(stood, Ended.CLAIMED, at=at)
        return
    closing.reopen(ticket, at=received_at)
    waits = Waiting.objects.now().filter(ticket=ticket).exists()
    if waits or ticket.assignee_id in (None, user.pk):
        queues.claim(ticket, by=user, at=received_at)
    else:
        queues.pass_on(ticket, to=user, by=user, at=received_at)
    row = handling.begin(ticket, channel=Channel.PHONE, by=user, at=at)
    if row.started_at > at:
        row.started_at = row.answered_at = at
        row.save(update_fields=["started_at", "answered_at"])
