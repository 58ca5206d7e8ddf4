"""The desk line: a telephone rings, somebody answers it, the call card becomes a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.accounts.scope import Scope
from helpdesk.associations import actions as associations
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling
from helpdesk.tickets.actions import closing, giving, promising
from helpdesk.tickets.errors import Overtaken
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from telephony.models import Call
from telephony.rules import ends_ticket


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
    theme: Any = None
    province: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    caution_read: bool = False
    call_back: tuple[datetime, datetime] | None = None
    given: Sequence[Any] = ()
    """Versions of articles told by word of mouth."""


def centre_of(user: Any) -> Centre:
    """The centre the user is posted to (the first, when there are several)."""
    return Centre.objects.get(pk=min(Scope.of(user).centres))


def answer_telephone(
    *, by: Any, at: datetime, number: Number | None, key: str, ticket: Ticket | None = None,
    direction: Call.Direction = Call.Direction.IN,
) -> Call:  # fmt: skip
    """A telephone was picked up. The same `key` twice is the same call."""
    try:
        with transaction.atomic():
            call = Call.objects.create(
                centre=centre_of(by), user=by, number=number or "",  # type: ignore[misc]
                started_at=at, key=key,
                ticket=ticket, direction=direction,
            )  # fmt: skip
            Handling.objects.create(
                ticket=ticket, user=by, channel=Channel.PHONE, started_at=at, answered_at=at
            )
            return call
    except IntegrityError:
        return Call.objects.get(key=key, user=by)


def hang_up(call: Call, *, at: datetime) -> None:
    """The voice is gone. Harmless when repeated."""
    Call.objects.filter(pk=call.pk, ended_at=None).update(ended_at=at)
    call.refresh_from_db()


@transaction.atomic
def give_paper(call: Call, code: str, *, language: str, form: str, is_filled: bool) -> None:
    """Remember a paper given during the call. The same file again is one giving."""
    row = Call.objects.select_for_update().get(pk=call.pk)
    given = {"code": code, "language": language, "form": form, "filled": is_filled}
    if given not in row.papers and row.wrapped_at is None:
        Call.objects.filter(pk=call.pk).update(papers=[*row.papers, given])


@transaction.atomic
def wrap_up(call: Call, said: Wrapup, *, by: Any, at: datetime) -> Ticket:
    """Write the call into its ticket with its handling; the call is done.

    Opens a ticket or adds to the one chosen, takes it for the advisor when nobody has it, owes the
    call-back asked for, and closes the ticket when the outcome ends it. Raises Overtaken when the
    call was wrapped up already.
    """
    hang_up(call, at=at)
    if not Call.objects.filter(pk=call.pk, wrapped_at=None).update(wrapped_at=at):
        raise Overtaken
    call.refresh_from_db()
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
    """The work that began with the ringing is done, and now has its ticket."""
    own = Handling.objects.under_way().filter(
        user=call.user, channel=Channel.PHONE, started_at=call.started_at
    )
    row = own.first() or Handling(
        user=by, channel=Channel.PHONE, started_at=call.started_at, answered_at=call.started_at
    )
    row.ticket, row.user, row.ended_at, row.wrapped_at = ticket, by, call.ended_at, at
    row.talk_seconds = call.seconds
    row.wrapup_seconds = max(0, int((at - (call.ended_at or at)).total_seconds()))
    row.help, row.outcome = said.help, said.outcome
    row.save()
    queues.assign(at=at)


def _received(call: Call, said: Wrapup, *, by: Any, at: datetime) -> Ticket:
    person = said.person or associations.person_for(
        centre=call.centre, at=at, name=said.name, number=call.number or None,
        language="fr" if said.language == "fr" else "ar", speaks=said.language,
    )  # fmt: skip
    association = said.association
    if association is None and said.in_formation:
        association = associations.in_formation(centre=call.centre, province=said.province, at=at)
    opened: dict[str, Any] = {}
    if not said.ticket:
        opened = {"contact_number": call.number or "", "standing": said.standing}
    result = queues.receive(
        Channel.PHONE, key=f"call:{call.pk}", at=at, centre=call.centre, words=said.words,
        language=said.language, ticket=said.ticket, person=person, association=association,
        theme=said.theme, province=said.province, by=by, given_facts=said.facts, waits=False,
        data={
            "call": call.pk, "direction": call.direction, "seconds": call.seconds,
            "help": said.help, "outcome": said.outcome, "note": said.note,
            "caution": said.caution_read, "given": giving.by_word_of_mouth(said.given),
        },
        **opened,
    )  # fmt: skip
    ticket = result.ticket
    if ticket.assignee_id is None:
        queues.claim(ticket, by=by, at=at)
    return ticket
