"""The wrap-up: what was said in a call becomes part of its request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.associations import actions as associations
from helpdesk.queues import actions as queues
from helpdesk.queues import merging
from helpdesk.queues.models import Handling
from helpdesk.tickets.actions import closing, giving, promising
from helpdesk.tickets.errors import Overtaken
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from telephony.actions import owed
from telephony.actions.beginning import was_opened_by, was_silent
from telephony.actions.calling import hang_up
from telephony.actions.noting import Source, facts_of, note
from telephony.facts import Fact, Why
from telephony.models import Call
from telephony.rules import ends_ticket

MINUTE = 60
"""Seconds of one extension of the wrap-up."""


@dataclass(frozen=True)
class Wrapup:
    """What the advisor says of a call at its end; times are instants."""

    words: str
    help: str
    outcome: str
    language: str
    person: Any = None
    name: str = ""
    association: Any = None
    in_formation: bool = False
    standing: str = "not-stated"
    ticket: Ticket | None = None
    is_new: bool = False
    """A request of its own, though the call came in on another."""
    theme: Any = None
    province: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    caution_read: bool = False
    call_back: tuple[datetime, datetime] | None = None
    given: Sequence[Any] = ()
    """Versions of articles told by word of mouth."""


@transaction.atomic
def wrap_up(call: Call, said: Wrapup, *, by: Any, at: datetime) -> Ticket:
    """Write the call into its ticket with its handling; the call is done.

    Opens a ticket or adds to the one chosen, takes it for the advisor when nobody has it, owes the
    call-back asked for, and closes the ticket when the outcome ends it. Raises Overtaken when the
    call was wrapped up already.
    """
    owed.reached(call, by=by, at=at)
    hang_up(call, why=Why.ADVISOR, at=at, source=Source.USER, by=by)
    if not Call.objects.filter(pk=call.pk, wrapped_at=None).update(wrapped_at=at):
        raise Overtaken
    note(call, Fact.WRAPPED, at=at, source=Source.USER, user=by)
    ticket = _received(call, said, by=by, at=at)
    Call.objects.filter(pk=call.pk).update(ticket=ticket)
    for paper in call.papers:
        giving.give_paper(
            ticket, paper["code"], language=paper["language"], form=paper["form"],
            is_filled=paper["filled"], by=by, at=at, key=f"call:{call.pk}",
        )  # fmt: skip
    _handled(call, said, ticket, by=by, at=at)
    if said.call_back:
        promising.promise(
            ticket, by=by, at=at, window_from=said.call_back[0], window_until=said.call_back[1]
        )
    if ends_ticket(said.outcome, promised=bool(said.call_back)):
        if not ticket.first_answered_at:
            Ticket.objects.filter(pk=ticket.pk).update(first_answered_at=at)
        closing.close(ticket, by=by, at=at, outcome=said.outcome, help=said.help)  # type: ignore[arg-type]
    else:
        Ticket.objects.filter(pk=ticket.pk).update(help=said.help, outcome=said.outcome)
    ticket.refresh_from_db()
    return ticket


def _handled(call: Call, said: Wrapup, ticket: Ticket, *, by: Any, at: datetime) -> None:
    """The work that began with the call is done, and has its ticket."""
    row = work_on(call, ticket) or Handling(
        channel=Channel.PHONE, started_at=call.started_at, answered_at=call.answered_at
    )
    row.ticket, row.user, row.ended_at = ticket, by, call.ended_at
    row.talk_seconds, row.hold_seconds = facts_of(call).seconds(call.turn)
    if (
        row.wrapped_at is None
    ):  # else they freed themselves before: what came later is no work on it
        row.wrapped_at = at
        row.wrapup_seconds = max(0, int((at - (call.ended_at or at)).total_seconds()))
    row.help, row.outcome = said.help, said.outcome
    row.save()
    queues.assign(at=at)


def work_on(call: Call, *tickets: Ticket | None) -> Handling | None:
    """The row of the newest turn: by its request, or by its beginning where none was named yet."""
    own = Handling.objects.filter(user=call.user, channel=Channel.PHONE).order_by("-started_at")
    is_nameless = call.direction == Call.Direction.OUT and call.ticket is None
    if call.line == Call.Line.DESK or is_nameless:
        return own.filter(started_at=call.started_at).first()
    named = [one for one in (call.ticket, *tickets) if one is not None]
    return own.filter(ticket__in=named, started_at__gte=call.started_at).first()


@transaction.atomic
def rest(call: Call, *, by: Any, at: datetime) -> None:
    """More time to write the call down before another is offered. Raises Overtaken when that is over."""
    row = work_on(call)
    if call.user_id != by.pk or row is None or not queues.extend(row, seconds=MINUTE, at=at):
        raise Overtaken


@transaction.atomic
def put_off(call: Call, *, by: Any, at: datetime) -> None:
    """The call is written down later: its advisor is free for another. Harmless twice."""
    hang_up(call, why=Why.ADVISOR, at=at, source=Source.USER, by=by)
    row = work_on(call)
    if call.user_id == by.pk and row is not None and queues.wrap(row, at=at):
        queues.assign(at=at)


def _received(call: Call, said: Wrapup, *, by: Any, at: datetime) -> Ticket:
    person = said.person or associations.person_for(
        centre=call.centre, at=at, name=said.name, number=call.number or None,
        language="fr" if said.language == "fr" else "ar", speaks=said.language,
    )  # fmt: skip
    association = said.association
    if association is None and said.in_formation:
        association = associations.in_formation(centre=call.centre, province=said.province, at=at)
    ticket = _chosen(call, said, person, by=by, at=at)
    opened: dict[str, Any] = {}
    if ticket is None:
        opened = {"contact_number": call.number or "", "standing": said.standing}
    elif ticket == call.ticket:
        _complete(ticket, said, person=person, association=association)
    result = queues.receive(
        Channel.PHONE, key=f"wrapped:{call.pk}", at=at, centre=call.centre, words=said.words,
        language=said.language, ticket=ticket, person=person, association=association,
        theme=said.theme, province=said.province, by=by, given_facts=said.facts, waits=False,
        data={
            "call": call.pk, "direction": call.direction, "line": call.line,
            "seconds": call.talk_seconds or call.seconds, "held": call.hold_seconds,
            "waited": call.waited, "help": said.help, "outcome": said.outcome, "note": said.note,
            "caution": said.caution_read, "given": giving.by_word_of_mouth(said.given),
        },
        **opened,
    )  # fmt: skip
    ticket = result.ticket
    if ticket.assignee_id is None:
        queues.claim(ticket, by=by, at=at)
    return ticket


def _chosen(call: Call, said: Wrapup, person: Any, *, by: Any, at: datetime) -> Ticket | None:
    """The request the call belongs to. One opened by its arrival is merged into the one chosen: the
    merge is on record and can be undone. Raises NotYours where the two may not become one."""
    if said.is_new and call.ticket is not None and not was_opened_by(call):
        return None
    if call.ticket is None or said.ticket is None or said.ticket == call.ticket:
        return said.ticket or call.ticket
    if not was_opened_by(call):
        return said.ticket
    closing.reopen(said.ticket, at=at)
    # The advisor heard who calls: the caller is the asker of the request they call about.
    asker = said.ticket.person or person
    rows = Ticket.objects.filter(pk__in=[call.ticket.pk, said.ticket.pk])
    rows.update(person=asker)
    return merging.merge(call.ticket, said.ticket, by=by, at=at).target


def _complete(ticket: Ticket, said: Wrapup, *, person: Any, association: Any) -> None:
    """What the arrival of the call could not know yet."""
    known = {
        "person": person, "association": association, "theme": said.theme,
        "province": said.province, "language": said.language,
    }  # fmt: skip
    if was_silent(ticket) and said.words:
        known["subject"] = said.words.strip().split("\n", 1)[0][:120]
    if said.standing != "not-stated":
        known["standing"] = said.standing
    Ticket.objects.filter(pk=ticket.pk).update(**{k: v for k, v in known.items() if v})
    ticket.refresh_from_db()
