"""Closing and reopening."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.tickets.actions import chatting, targets
from helpdesk.tickets.actions.telling import tell_asker
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.errors import Overtaken
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Help, Kind, Outcome, State

UNTOLD = (Outcome.MERGED, Outcome.ABUSIVE, Outcome.WITHDRAWN)
"""Closings that are no news to who asked, or none they should have."""


@transaction.atomic
def close(ticket: Ticket, *, by: Any, at: datetime, outcome: Outcome, help: Help) -> None:
    """End a ticket with its outcome; promises still owed are dropped, but not those of a recall.
    Raises Overtaken.

    The asker is told, with the way to say whether it helped.
    """
    moved = (
        Ticket.objects.filter(pk=ticket.pk)
        .exclude(state=State.CLOSED)
        .update(state=State.CLOSED, closed_at=at, outcome=outcome, help=help)
    )
    if not moved:
        raise Overtaken
    owed = Promise.objects.filter(ticket=ticket).owed().exclude(kind=Promise.Kind.RECALL)
    owed.update(state=Promise.State.DROPPED, ended_at=at)
    _end_chat(ticket, Chat.Side.DESK, by=by, at=at)
    targets.rest(ticket, at=at)
    written = entry(ticket, Kind.CLOSURE, by=by, at=at, data={"outcome": outcome, "help": help})
    ticket.refresh_from_db()
    if outcome not in UNTOLD:
        tell_asker(ticket, "ticket-closed", at=at, key=f"closed:{written.pk}")


@transaction.atomic
def close_by_asker(ticket: Ticket, *, at: datetime) -> None:
    """The asker needs nothing more. Raises Overtaken."""
    moved = (
        Ticket.objects.filter(pk=ticket.pk)
        .exclude(state=State.CLOSED)
        .update(state=State.CLOSED, closed_at=at, outcome=_outcome_by_asker(ticket))
    )
    if not moved:
        raise Overtaken
    _end_chat(ticket, Chat.Side.ASKER, by=None, at=at)
    targets.rest(ticket, at=at)
    entry(ticket, Kind.CLOSURE, at=at, from_asker=True, data={"by_asker": True})
    ticket.refresh_from_db()


def _end_chat(ticket: Ticket, side: Chat.Side, *, by: Any, at: datetime) -> None:
    """A closed request is talked over no more."""
    if chat := Chat.objects.open().filter(ticket=ticket).select_related("ticket").first():
        chatting.end(chat, side, by=by, at=at)


def _outcome_by_asker(ticket: Ticket) -> Outcome:
    if ticket.outcome:
        return Outcome(ticket.outcome)
    return Outcome.ADVICE_GIVEN if ticket.first_answered_at else Outcome.WITHDRAWN


@transaction.atomic
def reopen(ticket: Ticket, *, at: datetime, by: Any = None) -> bool:
    """Take a closed ticket up again; False when it was open already."""
    moved = Ticket.objects.filter(pk=ticket.pk, state=State.CLOSED).update(
        state=State.OPEN, closed_at=None
    )
    if moved:
        targets.run(ticket, at=at, anew=True)
        entry(ticket, Kind.REOPENING, by=by, at=at, from_asker=by is None)
        ticket.refresh_from_db()
    return bool(moved)
