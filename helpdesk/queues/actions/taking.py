"""The taking of what waits, and passing it on: one conditional update decides."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.accounts.scope import Scope
from helpdesk.queues.actions import handling
from helpdesk.queues.actions.ignoring import noticed
from helpdesk.queues.actions.receiving import wait
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import LIVE, Ended
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.errors import AlreadyTaken, NotYours, Overtaken
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel, Kind, Level, State
from helpdesk.tickets.showing import both_names


class NotTheirs(NotYours):
    """The colleague may not read the request, so it cannot be given to them."""

    def __init__(self, user: Any) -> None:
        super().__init__(
            _("%(name)s may not read this request. Choose somebody else.")
            % {"name": user.shown_name}
        )


@transaction.atomic
def claim(ticket: Ticket, *, by: Any, at: datetime) -> Ticket:
    """Take a ticket. One conditional update decides; the loser gets AlreadyTaken with the winner.

    Taking what one has already is harmless. With a contact that is there now, its handling begins.
    """
    channel = _leave_queue(ticket, by=by, at=at)
    if channel:
        noticed(by.pk)
    if not channel and not Ticket.objects.filter(pk=ticket.pk, assignee=None).update(assignee=by):
        ticket.refresh_from_db()
        if ticket.assignee_id == by.pk:
            return ticket
        raise AlreadyTaken(ticket.assignee)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=by)
    Ticket.objects.filter(pk=ticket.pk, state=State.NEW).update(state=State.OPEN)
    if channel in LIVE:
        handling.begin(ticket, channel=Channel(channel), by=by, at=at)
    entry(ticket, Kind.CLAIM, by=by, at=at)
    ticket.refresh_from_db()
    return ticket


def _leave_queue(ticket: Ticket, *, by: Any, at: datetime) -> str:
    """The channel of the row that this person was first to end; empty when there was none."""
    row = Waiting.objects.now().filter(ticket=ticket).first()
    if row is None:
        return ""
    won = (
        Waiting.objects.now()
        .filter(pk=row.pk)
        .update(claimed_by=by, claimed_at=at, ended_at=at, ended_how=Ended.CLAIMED, offered_to=None)
    )
    return row.channel if won else ""


@transaction.atomic
def give(ticket: Ticket, *, to: Any, by: Any, at: datetime) -> Ticket:
    """Give what waits to a colleague. One conditional update decides; raises AlreadyTaken with who has it.

    Giving them what they have already is harmless. Raises NotTheirs where they may not read it.
    """
    if not _could_read(to, ticket, at=at):
        raise NotTheirs(to)
    channel = _leave_queue(ticket, by=to, at=at)
    if not channel and not Ticket.objects.filter(pk=ticket.pk, assignee=None).update(assignee=to):
        ticket.refresh_from_db()
        if ticket.assignee_id == to.pk:
            return ticket
        raise AlreadyTaken(ticket.assignee)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=to)
    Ticket.objects.filter(pk=ticket.pk, state=State.NEW).update(state=State.OPEN)
    if channel in LIVE:
        handling.begin(ticket, channel=Channel(channel), by=to, at=at)
    entry(ticket, Kind.PASS, by=by, at=at, data={"to": to.pk, **both_names("to", to)})
    ticket.refresh_from_db()
    return ticket


def _could_read(user: Any, ticket: Ticket, *, at: datetime) -> bool:
    """Whether they could open it once it is theirs: a restricted one is open to whoever has it."""
    if not Scope.of(user).can("tickets.handle_ticket"):
        return False
    if ticket.level == Level.RESTRICTED:
        return Ticket.objects.filter(Scope.of(user).rows(), pk=ticket.pk).exists()
    return Ticket.objects.visible_to(user, at=at).filter(pk=ticket.pk).exists()


@transaction.atomic
def pass_on(ticket: Ticket, *, to: Any, by: Any, at: datetime, note: str = "") -> Ticket:
    """Hand a ticket to a colleague, or (`to=None`) back to the queue.

    Raises Overtaken when somebody else moved it since it was read; passing it to whom it has already
    changes nothing. A contact that is there now goes along: its handling ends here and begins there.
    """
    before = ticket.assignee_id
    if to is not None and before == to.pk:
        return ticket
    if not Ticket.objects.filter(pk=ticket.pk, assignee_id=before).update(assignee=to):
        raise Overtaken
    ticket.refresh_from_db()
    facts_shown = {"to": to.pk if to else None, **(both_names("to", to) if to else {})}
    entry(ticket, Kind.PASS, by=by, at=at, text=note, data=facts_shown)
    talked = handling.release(ticket, at=at)
    if to is None:
        there = Channel(talked.channel if talked else ticket.channel)
        if Chat.objects.over().filter(ticket=ticket).exists():
            there = Channel.WEB  # nobody sits there any more: it waits like a written question
        row = wait(ticket, channel=there, at=at)
        if row is not None and talked is not None:
            Waiting.objects.filter(pk=row.pk).update(is_again=True)
        return ticket
    channel = _leave_queue(ticket, by=to, at=at) or (talked.channel if talked else "")
    if channel in LIVE:
        handling.begin(ticket, channel=Channel(channel), by=to, at=at)
    return ticket
