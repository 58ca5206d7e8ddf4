"""The one door in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.hours.timetables import add_working_minutes
from helpdesk.queues.actions.offering import assign
from helpdesk.queues.models import Queue, Waiting
from helpdesk.queues.rules import LIVE, Ended, is_pushed
from helpdesk.tickets import codes
from helpdesk.tickets.actions import closing, targets
from helpdesk.tickets.actions.write import entry, facts, held
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Channel, Kind, State

FIRST_KIND = {Channel.MAIL: Kind.MAIL, Channel.CHAT: Kind.LINE, Channel.PHONE: Kind.CALL}


@dataclass(frozen=True)
class Received:
    """What became of a contact. `code` is the follow code, in clear, this once only."""

    ticket: Ticket
    entry: Entry
    created: bool
    code: str = ""


@transaction.atomic
def receive(
    channel: Channel,
    *,
    key: str,
    at: datetime,
    centre: Any,
    words: str,
    language: str,
    ticket: Ticket | None = None,
    subject: str = "",
    person: Any = None,
    association: Any = None,
    theme: Any = None,
    province: str = "",
    by: Any = None,
    given_facts: Mapping[str, str] | None = None,
    files: Iterable[Any] = (),
    data: Mapping[str, Any] | None = None,
    with_code: bool = False,
    code: str = "",
    waits: bool = True,
    **fields: Any,
) -> Received:
    """The only way a contact enters.

    Adds to `ticket` (to the one it was merged into, opening it again when closed) or opens one, writes the first entry, and makes
    it wait. The same `key` twice changes nothing and gives the ticket of the first time. `by` is the
    user who takes the contact down; `fields` are further fields of the ticket (standing, answer_by,
    contact_email, contact_number, level, help). `with_code` makes a follow code; `code` is one that the
    caller made, so that a form sent twice shows the same. `waits=False`: somebody has it in hand.
    """
    if known := _known(key):
        return known
    queue = None
    try:
        with transaction.atomic():
            created = ticket is None
            if ticket is None:
                queue = choose_queue(centre, theme=theme, language=language)
                code = code or (codes.new_code() if with_code else "")
                ticket = Ticket.objects.create(
                    centre=centre, team=queue.team, channel=channel, language=language,
                    subject=_subject(subject, words), person=person, association=association,
                    theme=theme, province=province or (association.province if association else ""),
                    opened_at=at, moved_at=at, secret_hash=codes.hash_code(code) if code else "",
                    **fields,
                )  # fmt: skip
                targets.start(
                    ticket, schedule=queue.schedule, at=at,
                    answer=timedelta(minutes=queue.answer_minutes),
                    resolve=timedelta(minutes=queue.resolve_minutes),
                )  # fmt: skip
            else:
                ticket = held(ticket)
                closing.reopen(ticket, at=at)
                _back_to_work(ticket, at=at)
            kind = FIRST_KIND.get(channel, Kind.QUESTION) if created else _later_kind(channel)
            written = entry(
                ticket, kind, at=at, by=by, text=words, language=language,
                from_asker=channel != Channel.PHONE, files=files, data=data, key=key,
            )  # fmt: skip
            if written.ticket_id != ticket.pk:
                raise IntegrityError("this key was used by another process just now")
    except IntegrityError:
        if known := _known(key):
            return known
        raise
    if given_facts:
        facts(ticket, given_facts, by=by, at=at)
    if waits:
        wait(ticket, channel=channel, at=at, opened_in=queue)
    if channel != Channel.PHONE or not waits:
        _settle_missed(ticket, channel, at=at)
    return Received(ticket, written, created, code if created else "")


def _settle_missed(ticket: Ticket, channel: Channel, *, at: datetime) -> None:
    """Whoever called in vain has been in contact now. (A ring alone is none: it may be in vain again.)"""
    from helpdesk.queues.actions.owing import contact  # it merges, and a merge makes rows wait

    if ticket.contact_number or ticket.person_id:
        spoke = channel in (Channel.PHONE, Channel.VISIT)
        contact(ticket, number=ticket.contact_number or None, spoke=spoke, since=at, at=at)


def _back_to_work(ticket: Ticket, *, at: datetime) -> None:
    """Something new to read: an answered or waiting ticket needs its advisor again."""
    resting = Ticket.objects.filter(pk=ticket.pk, state__in=[State.ANSWERED, State.WAITING])
    if resting.update(state=State.OPEN):
        ticket.state = State.OPEN
        targets.run(ticket, at=at)
        if ticket.owes_answer and ticket.answer_due_at:
            written = Waiting.objects.now().filter(ticket=ticket).exclude(channel__in=LIVE)
            written.update(due_at=ticket.answer_due_at)


def _known(key: str) -> Received | None:
    written = Entry.objects.select_related("ticket").filter(key=key).first()
    return Received(written.ticket, written, created=False) if written else None


def _later_kind(channel: Channel) -> Kind:
    return {Channel.MAIL: Kind.MAIL, Channel.PHONE: Kind.CALL}.get(channel, Kind.LINE)


def _subject(subject: str, words: str) -> str:
    """The subject given, else the first line of what was asked."""
    line = (subject or words).strip().split("\n", 1)[0].strip()
    return line if len(line) <= 120 else line[:119].rstrip() + "…"


def choose_queue(centre: Any, *, theme: Any, language: str) -> Queue:
    """As `choose_among`, of all queues of the centre."""
    return choose_among(Queue.objects.to_choose(centre), theme=theme, language=language)


def choose_among(queues: Sequence[Queue], *, theme: Any, language: str) -> Queue:
    """The first queue that takes the theme and the language; else the last one."""
    for queue in queues:
        themes = queue.themes.all()
        if (not themes or theme in themes) and (not queue.languages or language in queue.languages):
            return queue
    return queues[-1]


def wait(
    ticket: Ticket, *, channel: Channel, at: datetime, opened_in: Queue | None = None
) -> Waiting | None:
    """Make the ticket wait, unless somebody has it or it waits already; who is free is asked first.

    `opened_in`: the queue of a ticket opened in this transaction, of which nothing waits yet.
    """
    if ticket.assignee_id and channel not in LIVE:
        return None
    if channel == Channel.PHONE and opened_in is None:
        # Whoever calls is there now: what they had left behind or written waits with them.
        left = Waiting.objects.now().filter(ticket=ticket).exclude(channel__in=LIVE)
        left.update(ended_at=at, ended_how=Ended.CAME_BACK, offered_to=None)
    queue = opened_in or choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
    row = {"queue": queue, "channel": channel, "language": ticket.language, "since": at,
           "due_at": _due(ticket, queue, channel, at=at)}  # fmt: skip
    if opened_in is not None:
        waiting, created = Waiting.objects.create(ticket=ticket, **row), True
    else:
        waiting, created = Waiting.objects.get_or_create(ticket=ticket, ended_at=None, defaults=row)
    if created and is_pushed(queue, channel):
        assign(at=at)
    return waiting


def _due(ticket: Ticket, queue: Queue, channel: Channel, *, at: datetime) -> datetime:
    """Seconds of the clock for who is there; working time for what was written."""
    if channel in LIVE:
        return at + timedelta(seconds=queue.wait_seconds)
    if ticket.owes_answer and ticket.answer_due_at:
        return ticket.answer_due_at
    return add_working_minutes(queue.schedule, queue.answer_minutes, at=at)
