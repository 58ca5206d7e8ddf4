"""What a caller leaves behind: a missed call, a voice message, a wish to be called back.

Each is a promise on the request with its window, and one row that waits beside chats and questions.
A later contact with the same number or person closes what was only missed. The row in which the caller
stood in line ends as it did: how long they waited and why they left stays told.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from helpdesk.queues.actions.receiving import choose_queue
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import LIVE, Ended, Waits
from helpdesk.tickets.actions import promising
from helpdesk.tickets.models import Promise, Ticket

KINDS = {
    Promise.Kind.MISSED: Waits.MISSED, Promise.Kind.VOICEMAIL: Waits.VOICEMAIL,
    Promise.Kind.CALL_BACK: Waits.CALL_BACK,
}  # fmt: skip
LEFT = {Promise.Kind.VOICEMAIL: Ended.VOICEMAIL, Promise.Kind.CALL_BACK: Ended.CALL_BACK}


@transaction.atomic
def owe(
    ticket: Ticket, kind: Promise.Kind, *, window: tuple[datetime, datetime], at: datetime, key: str,
    note: str = "", by: Any = None, how: Ended | None = None, gone_at: datetime | None = None,
) -> Promise:  # fmt: skip
    """Owe a call for what the caller left; the request waits for it. The same `key` is one promise.

    A contact that stood in line stands there for its promise now, in the same place: nobody is there
    any more. `gone_at` is when they went (default `at`), `how` tells a ring given up at once.
    """
    made = promising.promise(
        ticket, by=by, at=at, window_from=window[0], window_until=window[1], kind=kind, key=key,
        note=note,
    )  # fmt: skip
    ticket = made.ticket
    waits = {"channel": KINDS[kind], "due_at": window[1]}
    row = Waiting.objects.now().filter(ticket=ticket).first()
    if row is not None and row.channel not in LIVE:
        Waiting.objects.filter(pk=row.pk).update(**waits, offered_to=None, passed=[])
        return made
    if row is not None:
        end_row(row, how or LEFT.get(kind, Ended.ABANDONED), at=gone_at or at)
    elif ticket.assignee_id:
        return made
    queue = choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
    since = row.since if row else at
    Waiting.objects.get_or_create(
        ticket=ticket, ended_at=None,
        defaults={"queue": queue, "language": ticket.language, "since": since, **waits},
    )  # fmt: skip
    return made


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
    queue = choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
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
