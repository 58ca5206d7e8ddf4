"""A call that is owed is made: from its item, on the desk line. Reached keeps the promise, in vain is a try."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.queues import actions as queues
from helpdesk.tickets.access import number_of
from helpdesk.tickets.actions import promising
from helpdesk.tickets.errors import AlreadyTaken, NotYours, Overtaken
from helpdesk.tickets.models import Promise
from telephony.actions.desk_line import answer_telephone
from telephony.actions.made import KEY
from telephony.actions.noting import Source, note
from telephony.actions.taking import InCall, in_call, one_at_a_time
from telephony.facts import Fact, Why
from telephony.models import Call


@transaction.atomic
def call_now(owed: Promise, *, by: Any, at: datetime) -> Call:
    """Call the number of a promise: the call card of this try, the request with whoever calls.

    The same try by the same person is one call. Raises InCall, AlreadyTaken (somebody calls there just
    now, or has the request), NotYours when there is no number, Overtaken when it is owed no more.
    """
    owed = Promise.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=owed.pk)
    if owed.state != Promise.State.OPEN:
        raise Overtaken
    key = f"{KEY}{owed.pk}:{owed.attempts}"
    known = Call.objects.filter(key=key).select_related("user").first()
    if known is not None and known.user_id != by.pk:
        raise AlreadyTaken(known.user)
    if known is not None:
        return known
    one_at_a_time(by)
    if in_call(by, at=at):
        raise InCall
    number = number_of(owed.ticket)
    if number is None:
        raise NotYours(_("No number is known to call."))
    ticket = queues.claim(owed.ticket, by=by, at=at)
    number.reveal(by=by, at=at, reason=_("to make a call that is owed"), subject=ticket)
    return answer_telephone(
        by=by, at=at, number=number, key=key, ticket=ticket, direction=Call.Direction.OUT
    )


def number_to_dial(call: Call) -> str:
    """The digits for whoever makes the call on a telephone (who saw them is in the audit); else empty."""
    if (
        call.line != Call.Line.DESK
        or call.direction != Call.Direction.OUT
        or call.ended_at
        or call.number is None
    ):
        return ""
    return call.number.national()


def promise_of(call: Call) -> Promise | None:
    """The promise that a call made keeps."""
    if not call.key.startswith(KEY):
        return None
    pk = call.key.removeprefix(KEY).partition(":")[0]
    return Promise.objects.select_related("ticket").filter(pk=pk).first()


def reached(call: Call, *, by: Any, at: datetime) -> None:
    """Somebody answered: the promise is kept. Harmless when it was ended meanwhile."""
    if call.direction == Call.Direction.OUT and call.line == Call.Line.DESK:
        began = call.started_at
        note(call, Fact.CALLER_JOINED, at=began, turn=1, user=None, source=Source.USER)
    owed = promise_of(call)
    if owed is not None and owed.state == Promise.State.OPEN:
        promising.attempt(owed, by=by, at=at, reached=True)


@transaction.atomic
def not_reached(call: Call, *, by: Any, at: datetime) -> None:
    """Nobody answered: a try in vain, and nothing to write down. Raises Overtaken when it was written
    down already."""
    owed = promise_of(call)
    if not Call.objects.filter(pk=call.pk, wrapped_at=None).update(wrapped_at=at) or owed is None:
        raise Overtaken
    note(call, Fact.ENDED, at=at, why=Why.MISSED, source=Source.USER, user=by)
    note(call, Fact.WRAPPED, at=at, source=Source.USER, user=by)
    if call.ticket is not None:
        queues.release(call.ticket, at=at, by=by)
    if owed.state == Promise.State.OPEN:
        promising.attempt(owed, by=by, at=at, reached=False)
