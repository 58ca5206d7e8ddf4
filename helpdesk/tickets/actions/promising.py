"""Promises: a call owed, its window, its attempts."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.tickets.actions.write import entry, same_or_held
from helpdesk.tickets.errors import Overtaken
from helpdesk.tickets.models import Entry, Promise, Ticket
from helpdesk.tickets.rules import Kind

ATTEMPTS = 3
"""After so many the promise ends as not reached."""


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
    """Record one try to call; the third in vain ends the promise. Raises Overtaken."""
    tries = owed.attempts + 1
    state = Promise.State.OPEN
    if reached:
        state = Promise.State.KEPT
    elif tries >= ATTEMPTS:
        state = Promise.State.UNREACHED
    moved = Promise.objects.filter(
        pk=owed.pk, state=Promise.State.OPEN, attempts=owed.attempts
    ).update(
        attempts=tries,
        last_attempt_at=at,
        state=state,
        ended_at=None if state == Promise.State.OPEN else at,
    )
    if not moved:
        raise Overtaken
    entry(
        owed.ticket, Kind.PROMISE, by=by, at=at, public=False,
        data={"promise": owed.pk, "act": "reached" if reached else "tried", "attempt": tries},
    )  # fmt: skip
    owed.refresh_from_db()
    return owed


@transaction.atomic
def drop_made(ticket: Ticket, *, key: str, at: datetime) -> bool:
    """The promise made under this key is not owed after all; False when none is open."""
    written = Entry.objects.filter(key=key).first()
    if written is None:
        return False
    rows = Promise.objects.filter(pk=written.data["promise"], state=Promise.State.OPEN)
    if not rows.update(state=Promise.State.DROPPED, ended_at=at):
        return False
    data = {"promise": written.data["promise"], "act": "dropped"}
    entry(written.ticket, Kind.PROMISE, at=at, public=False, data=data)
    return True
