"""The desk line: a telephone rings beside the page, somebody answers it and types the number."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.accounts.scope import Scope
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Handling
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from telephony.actions.calling import hang_up as end_call
from telephony.actions.noting import Source, note
from telephony.facts import Fact, Why
from telephony.models import Call, CallPayload


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
                centre=centre_of(by), user=by, started_at=at, key=key, ticket=ticket,
                direction=direction,
            )  # fmt: skip
            CallPayload.objects.create(call=call, number=number or "")  # type: ignore[misc]
            note(call, Fact.ARRIVED, at=at, source=Source.USER)
            spoke = [Fact.CLAIMED, Fact.ADVISOR_JOINED]
            if direction == Call.Direction.IN:
                spoke.append(Fact.CALLER_JOINED)  # of a call made it is told later who was reached
            note(call, *spoke, at=at, turn=1, user=by, source=Source.USER)
            Handling.objects.create(
                ticket=ticket, user=by, channel=Channel.PHONE, started_at=at, answered_at=at
            )
            return call
    except IntegrityError:
        return Call.objects.get(key=key, user=by)


def hang_up(call: Call, *, at: datetime) -> None:
    """The voice is gone, says the advisor. Harmless when repeated."""
    end_call(call, why=Why.ADVISOR, at=at, source=Source.USER)


@transaction.atomic
def give_paper(call: Call, code: str, *, language: str, form: str, is_filled: bool) -> None:
    """Remember a paper given during the call. The same file again is one giving."""
    row = Call.objects.select_for_update().get(pk=call.pk)
    given = {"code": code, "language": language, "form": form, "filled": is_filled}
    if given not in row.papers and row.wrapped_at is None:
        Call.objects.filter(pk=call.pk).update(papers=[*row.papers, given])
