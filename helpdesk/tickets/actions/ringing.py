"""Calls in vain: all those from one number are one promise, however many, and in whatever order told.

A *ring* is one of them: missed, with a message, or with the wish to be called back. Its key is the
call's, so that a ring told twice is one, and one that was answered after all can be taken out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from helpdesk.tickets.actions.promising import drop
from helpdesk.tickets.actions.write import entry, same_or_held
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Kind

STRENGTH = (Promise.Kind.MISSED, Promise.Kind.CALL_BACK, Promise.Kind.VOICEMAIL)
"""What waits is named after the strongest of its rings."""


@dataclass(frozen=True)
class Ring:
    key: str
    at: datetime
    """When the caller was gone."""
    kind: Promise.Kind
    short: bool = False
    """Given up within seconds: counted apart."""

    @property
    def kept(self) -> dict[str, Any]:
        at = self.at.isoformat()
        return {"key": self.key, "at": at, "kind": str(self.kind), "short": self.short}


@transaction.atomic
def ring(
    ticket: Ticket, rung: Ring, *, window: tuple[datetime, datetime], at: datetime, anew: bool = True
) -> Promise | None:  # fmt: skip
    """Owe a call for it: with the one owed already, or by a new promise.

    `anew=False`: only what is owed already is brought up to date; one that was settled stays settled,
    then nothing is owed and the answer is None.
    """
    ticket = same_or_held(ticket)
    rows = list(ticket.promises.order_by("pk"))
    known = next((row for row in rows if _has(row, rung.key)), None)
    if known is not None and (known.state == Promise.State.OPEN or not anew):
        return _put(known, rung) if known.state == Promise.State.OPEN else None
    if not anew:
        return None
    kinds = {str(kind) for kind in STRENGTH}
    owed = [row for row in rows if row.state == Promise.State.OPEN and row.kind in kinds]
    if owed:
        return _put(min(owed, key=lambda row: (row.made_by_id is not None, row.pk)), rung)
    made = Promise.objects.create(
        ticket=ticket, kind=rung.kind, window_from=window[0], window_until=window[1], made_at=at,
        rings=[rung.kept],
    )  # fmt: skip
    entry(
        ticket, Kind.PROMISE, at=at,
        data={
            "promise": made.pk, "act": "made", "kind": str(rung.kind),
            "from": window[0].isoformat(), "until": window[1].isoformat(),
        },
    )  # fmt: skip
    return made


@transaction.atomic
def unring(ticket: Ticket, key: str, *, at: datetime) -> bool:
    """That call was answered after all: nothing is owed for it. False when nothing was."""
    ticket = same_or_held(ticket)
    for row in ticket.promises.owed():
        if _has(row, key):
            _keep(row, [one for one in row.rings if one["key"] != key], at=at, act="dropped")
            return True
    return False


@transaction.atomic
def heard_of(owed: Promise, *, since: datetime, spoke: bool, at: datetime) -> bool:
    """Whoever called in vain was in contact later: what was only missed before is owed no more.

    `spoke`: somebody talked with them, which also settles a message and a wish to be called back.
    False when something is still owed.
    """
    row = Promise.objects.select_for_update().get(pk=owed.pk)
    if row.state != Promise.State.OPEN:
        return True
    left = [
        one for one in row.rings
        if (parse_datetime(one["at"]) or since) > since
        or (not spoke and one["kind"] != Promise.Kind.MISSED)
    ]  # fmt: skip
    if len(left) < len(row.rings):
        _keep(row, left, at=at, act="contact")
    return not left


def _has(row: Promise, key: str) -> bool:
    return any(one["key"] == key for one in row.rings)


def _put(row: Promise, rung: Ring) -> Promise:
    rings = [one for one in row.rings if one["key"] != rung.key] + [rung.kept]
    return _save(row, rings) if rings != row.rings else row


def _keep(row: Promise, rings: list[dict[str, Any]], *, at: datetime, act: str) -> None:
    _save(row, rings)
    if not rings and row.made_by_id is None:
        drop(row, at=at, act=act)


def _save(row: Promise, rings: list[dict[str, Any]]) -> Promise:
    row.rings = sorted(rings, key=lambda one: (one["at"], one["key"]))
    if row.made_by_id is None and rings:
        row.kind = max((Promise.Kind(one["kind"]) for one in rings), key=STRENGTH.index)
    row.save(update_fields=["rings", "kind"])
    return row
