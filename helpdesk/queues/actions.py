"""The one door in, and the taking of what waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.queues.models import Presence, Queue, Waiting
from helpdesk.tickets import codes
from helpdesk.tickets.actions import closing
from helpdesk.tickets.actions.write import entry, facts
from helpdesk.tickets.errors import AlreadyTaken, Overtaken
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Channel, Kind, State
from helpdesk.tickets.showing import both_names

LIVE = (Channel.PHONE, Channel.CHAT)
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

    Adds to `ticket` (opening it again when closed) or opens one, writes the first entry, and makes
    it wait. The same `key` twice changes nothing and gives the ticket of the first time. `by` is the
    user who takes the contact down; `fields` are further fields of the ticket (standing, answer_by,
    contact_email, contact_number, level, help). `with_code` makes a follow code; `code` is one that the
    caller made, so that a form sent twice shows the same. `waits=False`: somebody has it in hand.
    """
    if known := _known(key):
        return known
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
                    answer_due_at=at + timedelta(minutes=queue.answer_minutes), **fields,
                )  # fmt: skip
            else:
                closing.reopen(ticket, at=at)
                _back_to_work(ticket)
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
    facts(ticket, given_facts or {}, by=by, at=at)
    if waits:
        _wait(ticket, channel=channel, at=at)
    return Received(ticket, written, created, code if created else "")


def _back_to_work(ticket: Ticket) -> None:
    """Something new to read: an answered or waiting ticket needs its advisor again."""
    resting = Ticket.objects.filter(pk=ticket.pk, state__in=[State.ANSWERED, State.WAITING])
    if resting.update(state=State.OPEN):
        ticket.state = State.OPEN


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
    """The first queue of the centre that takes the theme and the language; else its last one."""
    queues = list(Queue.objects.filter(team__centre=centre).prefetch_related("themes"))
    for queue in queues:
        themes = queue.themes.all()
        if (not themes or theme in themes) and (not queue.languages or language in queue.languages):
            return queue
    return queues[-1]


def _wait(ticket: Ticket, *, channel: Channel, at: datetime) -> Waiting | None:
    """Make the ticket wait, unless somebody has it or it waits already."""
    if ticket.assignee_id and channel not in LIVE:
        return None
    queue = choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
    target = (
        timedelta(seconds=queue.wait_seconds)
        if channel in LIVE
        else timedelta(minutes=queue.answer_minutes)
    )
    waiting, _ = Waiting.objects.get_or_create(
        ticket=ticket, ended_at=None,
        defaults={
            "queue": queue, "channel": channel, "language": ticket.language,
            "since": at, "due_at": at + target,
        },
    )  # fmt: skip
    return waiting


@transaction.atomic
def claim(ticket: Ticket, *, by: Any, at: datetime) -> Ticket:
    """Take a ticket. One conditional update decides; the loser gets AlreadyTaken with the winner.

    Taking what one has already is harmless.
    """
    won = Waiting.objects.filter(ticket=ticket, ended_at=None).update(
        claimed_by=by, claimed_at=at, ended_at=at
    ) or Ticket.objects.filter(pk=ticket.pk, assignee=None).update(assignee=by)
    if not won:
        ticket.refresh_from_db()
        if ticket.assignee_id == by.pk:
            return ticket
        raise AlreadyTaken(ticket.assignee)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=by)
    Ticket.objects.filter(pk=ticket.pk, state=State.NEW).update(state=State.OPEN)
    entry(ticket, Kind.CLAIM, by=by, at=at)
    ticket.refresh_from_db()
    return ticket


@transaction.atomic
def pass_on(ticket: Ticket, *, to: Any, by: Any, at: datetime, note: str = "") -> Ticket:
    """Hand a ticket to a colleague, or (`to=None`) back to the queue.

    Raises Overtaken when somebody else moved it since it was read; passing it to whom it has already
    changes nothing.
    """
    before = ticket.assignee_id
    if to is not None and before == to.pk:
        return ticket
    if not Ticket.objects.filter(pk=ticket.pk, assignee_id=before).update(assignee=to):
        raise Overtaken
    ticket.refresh_from_db()
    facts_shown = {"to": to.pk if to else None, **(both_names("to", to) if to else {})}
    entry(ticket, Kind.PASS, by=by, at=at, text=note, data=facts_shown)
    if to is None:
        _wait(ticket, channel=Channel(ticket.channel), at=at)
    else:
        Waiting.objects.filter(ticket=ticket, ended_at=None).update(
            claimed_by=to, claimed_at=at, ended_at=at
        )
    return ticket


STATES = {state.value: state for state in Presence.State}
"""What one may say of oneself, by its code."""


def be(user: Any, state: Presence.State, *, at: datetime) -> Presence:
    """Say that one is available, occupied, on a break or away."""
    presence, _ = Presence.objects.update_or_create(
        user=user, defaults={"state": state, "since": at}
    )
    return presence
