"""What is left of a call that was made and reached nobody: a try on what is owed, and nothing to write down."""

from datetime import datetime

from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling
from helpdesk.tickets.actions import promising
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Promise
from helpdesk.tickets.rules import Channel
from helpdesk.tickets.rules import Kind as EntryKind
from telephony.facts import Fact, Facts, Why
from telephony.models import Call

KEY = "promise:"
"""Begins the key of a call that keeps a promise; its number and its tries follow."""
IN_VAIN = (Why.BUSY, Why.NO_ANSWER, Why.FAILED, Why.MISSED)
"""Ends after which it was tried; of others nobody was called, or the advisor thought better of it."""


def vain(call: Call, facts: Facts) -> str:
    """Why nobody was reached by a call that was tried: `machine`, or a Why; empty where it was no try."""
    if facts.get(Fact.MACHINE) is not None:
        return Fact.MACHINE
    end = facts.end
    return end.why if end is not None and end.why in IN_VAIN else ""


def settle(call: Call, facts: Facts, *, at: datetime) -> None:
    """Nobody was reached: the try is counted once, the advisor is free. The row is locked."""
    from telephony.actions.noting import Source, note

    if not Call.objects.filter(pk=call.pk, wrapped_at=None).update(wrapped_at=at):
        return
    call.wrapped_at = at
    why, by = vain(call, facts), call.user
    note(call, Fact.WRAPPED, at=at, source=Source.CLOCK, user=by, is_held=True)
    for row in work_of(call):
        queues.wrap(row, at=at)
    queues.assign(at=at)
    owed = _promise_tried(call)
    if not why or call.ticket is None:
        return
    if owed is not None:
        promising.attempt(owed, by=by, at=at, reached=False)
    entry(
        call.ticket, EntryKind.CALL, at=at, by=by, public=False, key=f"vain:{call.pk}",
        data={"call": call.pk, "direction": call.direction, "line": call.line,
              "act": "not-reached", "why": why},
    )  # fmt: skip


def work_of(call: Call) -> list[Handling]:
    """The work under way on a call that was made."""
    rows = Handling.objects.under_way().filter(
        user=call.user_id, channel=Channel.PHONE, started_at=call.started_at
    )
    return list(rows)


def _promise_tried(call: Call) -> Promise | None:
    """The promise this call was to keep, when nobody has counted a try since."""
    if not call.key.startswith(KEY):
        return None
    pk, attempts = call.key.removeprefix(KEY).split(":")[:2]
    rows = Promise.objects.select_related("ticket")
    return rows.filter(pk=pk, attempts=attempts, state=Promise.State.OPEN).first()
