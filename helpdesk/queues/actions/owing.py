"""What a caller leaves behind: a missed call, a voice message, a wish to be called back.

Each is a promise on the request with its window, and one row that waits beside chats and questions.
A later contact with the same number or person closes what was only missed. The row in which the caller
stood in line ends as it did: how long they waited and why they left stays told.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from helpdesk.associations.actions.finding import one_at_a_time
from helpdesk.associations.numbers import Number
from helpdesk.queues import merging
from helpdesk.queues.actions.receiving import choose_queue
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import LIVE, Ended, Waits
from helpdesk.tickets.actions import ringing
from helpdesk.tickets.actions.ringing import Ring
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Kind

KINDS = {
    Promise.Kind.MISSED: Waits.MISSED, Promise.Kind.VOICEMAIL: Waits.VOICEMAIL,
    Promise.Kind.CALL_BACK: Waits.CALL_BACK,
}  # fmt: skip
BARE = (Kind.CALL, Kind.PROMISE)
LEFT = {Promise.Kind.VOICEMAIL: Ended.VOICEMAIL, Promise.Kind.CALL_BACK: Ended.CALL_BACK}


@transaction.atomic
def owe(
    ticket: Ticket, rung: Ring, *, window: tuple[datetime, datetime], at: datetime,
    how: Ended | None = None, anew: bool = True,
) -> Promise | None:  # fmt: skip
    """Owe a call for one that was in vain; the request waits for it, once for all of that number.

    A contact that stood in line stands there for its promise now, in the same place: nobody is there
    any more. `how` tells a ring given up at once. `anew` as for `ringing.ring`.
    """
    made = ringing.ring(ticket, rung, window=window, at=at, anew=anew)
    row = Waiting.objects.now().filter(ticket=ticket).first()
    if row is not None and row.channel in LIVE and row.since <= rung.at:
        end_row(row, how or LEFT.get(rung.kind, Ended.ABANDONED), at=rung.at)
    if made is not None:
        _wait_for(made, row, at=at)
    return made


def _wait_for(made: Promise, stood: Waiting | None, *, at: datetime) -> None:
    """One row waits for a promise of rings, unless somebody has the request."""
    ticket = made.ticket
    waits = {"channel": KINDS[Promise.Kind(made.kind)], "due_at": made.window_until}
    row = Waiting.objects.now().filter(ticket=ticket).first()
    if row is not None:
        if row.channel not in LIVE and (row.channel, row.due_at) != tuple(waits.values()):
            Waiting.objects.filter(pk=row.pk).update(**waits, offered_to=None, passed=[])
        return
    if stood is None and ticket.assignee_id:
        return
    queue = choose_queue(ticket.centre_id, theme=ticket.theme, language=ticket.language)
    since = stood.since if stood else at
    Waiting.objects.get_or_create(
        ticket=ticket, ended_at=None,
        defaults={"queue": queue, "language": ticket.language, "since": since, **waits},
    )  # fmt: skip


@transaction.atomic
def contact(
    ticket: Ticket, *, number: Number | None, spoke: bool, since: datetime, at: datetime
) -> int:
    """Whoever has this request was heard of at `since`: calls in vain before are settled by it, and a
    request that held nothing else becomes part of this one. How many promises ended."""
    same = Q(pk__in=[])
    if number is not None:
        same |= Q(ticket__contact_number=number)
    if ticket.person_id:
        same |= Q(ticket__person=ticket.person_id)
    owed = Promise.objects.of_rings().filter(same, ticket__centre=ticket.centre_id)
    done = 0
    for row in owed.select_related("ticket"):
        if ringing.heard_of(row, since=since, spoke=spoke, at=at):
            done += 1
            settle_row(row.ticket, at=at)
            if row.ticket_id != ticket.pk:
                absorb(row.ticket, ticket, at=at)
    return done


def settle_row(ticket: Ticket, *, at: datetime) -> None:
    """Nothing is owed any more: what the caller had left behind waits no longer."""
    if not ticket.promises.of_rings().exists():
        left = Waiting.objects.now().filter(ticket=ticket, channel__in=Waits.values)
        left.update(ended_at=at, ended_how=Ended.SETTLED, offered_to=None)


def absorb(bare: Ticket, ticket: Ticket, *, at: datetime) -> bool:
    """A request that holds nothing but calls in vain goes on in another; False when it may not."""
    if bare.assignee_id or bare.is_closed or bare.entries.exclude(kind__in=BARE).exists():
        return False
    if bare.entries.exclude(text="").exists():
        return False
    try:
        with transaction.atomic():
            merging.merge(bare, ticket, by=None, at=at)
    except Refusal:
        return False
    return True


def home(ticket: Ticket, number: Number, *, at: datetime) -> Ticket:
    """The request on which a call to this number is owed already, if there is one: two calls may have
    come before either was missed. The bare one becomes part of it."""
    one_at_a_time(number.for_storage())
    owed = Promise.objects.of_rings().filter(
        ticket__contact_number=number, ticket__centre=ticket.centre_id
    )
    first = owed.exclude(ticket=ticket).select_related("ticket").order_by("pk").first()
    if first is not None and absorb(Ticket.objects.get(pk=ticket.pk), first.ticket, at=at):
        return Ticket.objects.get(pk=first.ticket_id)
    return ticket


@transaction.atomic
def leave_line(ticket: Ticket, *, at: datetime, how: Ended = Ended.ABANDONED) -> bool:
    """Whoever stood in line is gone and nothing is owed; False when nobody stood there."""
    row = Waiting.objects.now().filter(ticket=ticket).first()
    return row is not None and end_row(row, how, at=at)


def end_row(row: Waiting, how: Ended, *, at: datetime) -> bool:
    """A contact leaves the line untaken. False when somebody was quicker."""
    rows = Waiting.objects.now().filter(pk=row.pk)
    return bool(rows.update(ended_at=max(at, row.since), ended_how=how, offered_to=None))


def not_met(ticket: Ticket, *, how: Ended, at: datetime) -> bool:
    """Taken, and yet no two voices met: the caller went before, or the call went back to the line."""
    row = Waiting.objects.filter(ticket=ticket, channel__in=LIVE).order_by("-pk").first()
    if row is None or row.ended_how != Ended.CLAIMED:
        return False
    return bool(Waiting.objects.filter(pk=row.pk).update(ended_how=how, ended_at=at))


def left_word(ticket: Ticket, *, how: Ended, at: datetime) -> bool:
    """Who seemed to have given up at `at` has left something behind (`how`), as is told later: they are
    not counted among those who gave up. False when nobody was."""
    rows = Waiting.objects.filter(ticket=ticket, channel__in=LIVE, since__lte=at).order_by("-pk")
    row = rows.first()
    if row is None or row.ended_how not in (Ended.ABANDONED, Ended.SHORT):
        return False
    return bool(Waiting.objects.filter(pk=row.pk).update(ended_how=how))


def met(ticket: Ticket, *, by: int | None, at: datetime) -> bool:
    """It is told late that somebody spoke with who seemed to have given up; False when nobody had.

    `by` is a number. The missed call that waited is none.
    """
    if not Promise.objects.owed().filter(ticket=ticket).exists():
        missed = Waiting.objects.now().filter(ticket=ticket, channel=Waits.MISSED)
        missed.update(ended_at=at, ended_how=Ended.SETTLED, offered_to=None)
    gone = (Ended.ABANDONED, Ended.SHORT)
    row = Waiting.objects.filter(ticket=ticket, channel__in=LIVE).order_by("-pk").first()
    if row is None or row.ended_how not in gone:
        return False
    told = {"claimed_by": by, "claimed_at": at, "ended_at": at, "ended_how": Ended.CLAIMED}
    return bool(Waiting.objects.filter(pk=row.pk).update(**told))


@transaction.atomic
def put_back(
    ticket: Ticket, *, channel: str, since: datetime, at: datetime, to: Any = None,
    spoke: bool = True,
) -> Waiting:  # fmt: skip
    """Back into the line in the place of the first arrival; `to` is offered it first.

    `spoke=False`: who had taken it was never heard, so the caller still waits for a first voice.
    """
    if not spoke:
        not_met(ticket, how=Ended.NO_VOICE, at=at)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=None)
    ticket.assignee = None
    queue = choose_queue(ticket.centre_id, theme=ticket.theme, language=ticket.language)
    target = since + timedelta(seconds=queue.wait_seconds)
    row, _created = Waiting.objects.get_or_create(
        ticket=ticket, ended_at=None,
        defaults={
            "queue": queue, "channel": channel, "language": ticket.language, "since": since,
            "due_at": at if spoke else target, "is_again": spoke,
        },
    )  # fmt: skip
    if to is not None and not Waiting.objects.now().filter(offered_to=to).exists():
        Waiting.objects.filter(pk=row.pk).update(offered_to=to, offered_at=at, passed=[])
        row.refresh_from_db()
    return row
