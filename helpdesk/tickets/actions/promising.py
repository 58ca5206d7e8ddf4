"""Promises: a call owed, its window, its attempts."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from helpdesk.hours.timetables import next_opening
from helpdesk.tickets.actions import recalling
from helpdesk.tickets.actions.write import entry, same_or_held
from helpdesk.tickets.errors import Overtaken
from helpdesk.tickets.models import Entry, Promise, Target, Ticket
from helpdesk.tickets.rules import Kind

ATTEMPTS = 3
"""After so many the promise ends as not reached."""
GAPS = (timedelta(minutes=15), timedelta(hours=2))
"""How long to wait after the first try in vain, and after the second."""


@transaction.atomic
def promise(
    ticket: Ticket,
    *,
    by: Any,
    at: datetime,
    window_from: datetime,
    window_until: datetime,
    note: str = "",
    kind: Promise.Kind = Promise.Kind.CALL_BACK,
    key: str | None = None,
) -> Promise:
    """Owe a call within a window. The same `key` twice is one promise."""
    if key and (known := Entry.objects.filter(key=key).first()):
        return Promise.objects.get(pk=known.data["promise"])
    ticket = same_or_held(ticket)
    made = Promise.objects.create(
        ticket=ticket, kind=kind, window_from=window_from, window_until=window_until,
        owed_by=by, made_by=by, made_at=at, note=note[:300],
    )  # fmt: skip
    written = entry(
        ticket, Kind.PROMISE, by=by, at=at,
        data={
            "promise": made.pk, "act": "made",
            "from": window_from.isoformat(), "until": window_until.isoformat(),
        },
        text=note[:300], key=key,
    )  # fmt: skip
    if written.data["promise"] != made.pk:
        # The same form arrived twice at once, and the other was quicker.
        made.delete()
        return Promise.objects.get(pk=written.data["promise"])
    return made


@transaction.atomic
def attempt(owed: Promise, *, by: Any, at: datetime, reached: bool) -> Promise:
    """Record one try to call; the third in vain ends the promise. Raises Overtaken.

    Between tries the pause grows, and none falls outside opening hours.
    """
    tries = owed.attempts + 1
    state, next_at = Promise.State.OPEN, None
    if reached:
        state = Promise.State.KEPT
    elif tries >= ATTEMPTS:
        state = Promise.State.UNREACHED
    else:
        next_at = again_at(owed.ticket, tries, at=at)
    moved = Promise.objects.filter(
        pk=owed.pk, state=Promise.State.OPEN, attempts=owed.attempts
    ).update(
        attempts=tries,
        last_attempt_at=at,
        state=state,
        next_at=next_at,
        ended_at=None if state == Promise.State.OPEN else at,
    )
    if not moved:
        raise Overtaken
    entry(
        owed.ticket, Kind.PROMISE, by=by, at=at, public=False,
        data={"promise": owed.pk, "act": "reached" if reached else "tried", "attempt": tries},
    )  # fmt: skip
    owed.refresh_from_db()
    if owed.kind == Promise.Kind.RECALL and state != Promise.State.OPEN:
        recalling.called(owed, by=by, at=at)
    return owed


def again_at(ticket: Ticket, tries: int, *, at: datetime) -> datetime:
    """When to try again after so many in vain: in opening hours."""
    then = at + GAPS[min(tries, len(GAPS)) - 1]
    target = Target.objects.filter(ticket=ticket).select_related("schedule").first()
    return next_opening(target.schedule if target else None, at=then) or then


def drop(owed: Promise, *, at: datetime, act: str = "dropped") -> bool:
    """It is not owed any more; False when it was ended already. `act` is why, as its entry tells it.

    One settled by a later contact (`contact`) counts as kept: whoever was owed a call was in contact.
    """
    state = Promise.State.KEPT if act == "contact" else Promise.State.DROPPED
    rows = Promise.objects.filter(pk=owed.pk, state=Promise.State.OPEN)
    if not rows.update(state=state, ended_at=at):
        return False
    entry(owed.ticket, Kind.PROMISE, at=at, public=False, data={"promise": owed.pk, "act": act})
    return True


@transaction.atomic
def tell_late(owed: Promise, *, at: datetime) -> bool:
    """Write once into its thread that a promise was not kept in time: supervisors find it on the board."""
    rows = Promise.objects.filter(pk=owed.pk, state=Promise.State.OPEN, told_at=None)
    if not rows.update(told_at=at):
        return False
    data = {"promise": owed.pk, "act": "late", "until": owed.window_until.isoformat()}
    entry(owed.ticket, Kind.PROMISE, at=at, public=False, data=data)
    return True
