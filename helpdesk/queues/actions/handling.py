"""The work on one contact: it begins with the claim, ends with the conversation, and is wrapped up.

Who has nothing left in hand is free: what waits is offered at once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from helpdesk.queues.actions.offering import assign
from helpdesk.queues.models import Handling
from helpdesk.queues.rules import WRAP_UP
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel


def begin(ticket: Ticket | None, *, channel: Channel, by: Any, at: datetime) -> Handling:
    """Somebody has the contact in hand. Without a ticket: a telephone whose request is named later."""
    if ticket is not None:
        same = Handling.objects.under_way().filter(ticket=ticket, user=by, channel=channel)
        if known := same.first():
            return known
    return Handling.objects.create(
        ticket=ticket, user=by, channel=channel, started_at=at, answered_at=at
    )


def end_talk(ticket: Ticket, *, at: datetime, by: Any = None) -> Handling | None:
    """The conversation is over; its wrap-up goes on and still counts as load.

    Of one person, or (`by=None`) of whoever has it. None when nobody has.
    """
    row = _under_way(ticket, by).filter(ended_at=None).first()
    if row is not None:
        _end(row, at=at)
    return row


@transaction.atomic
def release(
    ticket: Ticket, *, at: datetime, by: Any = None, help: str = "", outcome: str = ""
) -> Handling | None:
    """The contact is done with: talk ended (if it had not), wrapped up, the person free for another.

    Of one person, or (`by=None`) of whoever has it. None when nobody has; harmless twice.
    """
    rows = [row for row in _under_way(ticket, by) if wrap(row, at=at, help=help, outcome=outcome)]
    if rows:
        assign(at=at)
    return rows[0] if rows else None


def wrap(row: Handling, *, at: datetime, **said: str) -> bool:
    """End one handling with its seconds; False when it had ended already."""
    if row.ended_at is None:
        _end(row, at=at)
    assert row.ended_at is not None
    wrapup = max(0, int((at - row.ended_at).total_seconds()))
    row.wrapped_at, row.wrapup_seconds = at, wrapup
    return bool(
        Handling.objects.under_way()
        .filter(pk=row.pk)
        .update(wrapped_at=at, wrapup_seconds=wrapup, **{k: v for k, v in said.items() if v})
    )


def extend(row: Handling, *, seconds: int, at: datetime) -> datetime | None:
    """More time to write it down: until when. None where the work is done already."""
    if row.ended_at is None:
        return None
    until = max(row.peace_until or row.ended_at + WRAP_UP, at) + timedelta(seconds=seconds)
    rows = Handling.objects.under_way().filter(pk=row.pk)
    return until if rows.update(peace_until=until) else None


def end_forgotten(*, at: datetime) -> int:
    """Wrap up what nobody ended: of closed requests, and where nothing was said for hours."""
    done = 0
    for row in Handling.objects.forgotten(at=at).select_related("ticket")[:50]:
        done += wrap(row, at=_end_of(row))
    if done:
        assign(at=at)
    return done


def _end_of(row: Handling) -> datetime:
    """The end of work that nobody ended: with its request, after its wrap-up, or with the last word."""
    if row.ticket and row.ticket.closed_at:
        return max(row.ticket.closed_at, row.ended_at or row.started_at)
    if row.ended_at:
        return row.peace_until or row.ended_at + WRAP_UP
    return max(row.ticket.moved_at, row.started_at) if row.ticket else row.started_at


def _under_way(ticket: Ticket, by: Any) -> Any:
    rows = Handling.objects.under_way().filter(ticket=ticket)
    return rows if by is None else rows.filter(user=by)


def _end(row: Handling, *, at: datetime) -> None:
    talk = int((at - (row.answered_at or row.started_at)).total_seconds())
    row.ended_at, row.talk_seconds = at, max(0, talk - row.hold_seconds)
    Handling.objects.filter(pk=row.pk, ended_at=None).update(
        ended_at=at, talk_seconds=row.talk_seconds
    )
