"""What a caller leaves behind: a missed call, a voice message, a wish to be called back.

Each is a promise on the request with its window, and one row that waits beside chats and questions.
A later contact with the same number or person closes what was only missed.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.queues.actions.receiving import choose_queue
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import Waits
from helpdesk.tickets.actions import promising
from helpdesk.tickets.models import Promise, Ticket

KINDS = {
    Promise.Kind.MISSED: Waits.MISSED, Promise.Kind.VOICEMAIL: Waits.VOICEMAIL,
    Promise.Kind.CALL_BACK: Waits.CALL_BACK,
}  # fmt: skip


@transaction.atomic
def owe(
    ticket: Ticket, kind: Promise.Kind, *, window: tuple[datetime, datetime], at: datetime, key: str,
    note: str = "", by: Any = None,
) -> Promise:  # fmt: skip
    """Owe a call for what the caller left; the request waits for it. The same `key` is one promise.

    A contact that stood in line stands there for its promise now: nobody is there any more.
    """
    made = promising.promise(
        ticket, by=by, at=at, window_from=window[0], window_until=window[1], kind=kind, key=key,
        note=note,
    )  # fmt: skip
    ticket = made.ticket
    waits = {"channel": KINDS[kind], "due_at": window[1]}
    rows = Waiting.objects.now().filter(ticket=ticket)
    if rows.update(**waits, offered_to=None, passed=[]) or ticket.assignee_id:
        return made
    queue = choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
    Waiting.objects.get_or_create(
        ticket=ticket, ended_at=None,
        defaults={"queue": queue, "language": ticket.language, "since": at, **waits},
    )  # fmt: skip
    return made


@transaction.atomic
def leave_line(ticket: Ticket, *, at: datetime) -> bool:
    """Whoever stood in line is gone and nothing is owed; False when nobody stood there."""
    rows = Waiting.objects.now().filter(ticket=ticket)
    return bool(rows.update(ended_at=at, offered_to=None))


@transaction.atomic
def put_back(
    ticket: Ticket, *, channel: str, since: datetime, at: datetime, to: Any = None
) -> Waiting:
    """Back into the line in the place of the first arrival; `to` is offered it first."""
    Ticket.objects.filter(pk=ticket.pk).update(assignee=None)
    ticket.assignee = None
    queue = choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
    row, _created = Waiting.objects.get_or_create(
        ticket=ticket, ended_at=None,
        defaults={
            "queue": queue, "channel": channel, "language": ticket.language, "since": since,
            "due_at": at,
        },
    )  # fmt: skip
    if to is not None and not Waiting.objects.now().filter(offered_to=to).exists():
        Waiting.objects.filter(pk=row.pk).update(offered_to=to, offered_at=at, passed=[])
        row.refresh_from_db()
    return row
