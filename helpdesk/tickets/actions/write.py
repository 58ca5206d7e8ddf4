"""Writing into a ticket: every entry goes through here, numbered without gaps."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from helpdesk.centre.collision import Moved
from helpdesk.live import streams
from helpdesk.live.announcing import announce
from helpdesk.tickets.desk_models import Snooze
from helpdesk.tickets.models import Answer, Entry, IntakeFact, Ticket
from helpdesk.tickets.rules import PUBLIC_KINDS, STILL_KINDS, Kind


@transaction.atomic
def entry(
    ticket: Ticket,
    kind: Kind,
    *,
    at: datetime,
    by: Any = None,
    text: str = "",
    language: str = "",
    from_asker: bool = False,
    public: bool | None = None,
    data: Mapping[str, Any] | None = None,
    files: Iterable[Any] = (),
    key: str | None = None,
) -> Entry:
    """Add an entry. The same `key` twice returns the entry of the first time and writes nothing.

    `public` is what the asker sees; by default it follows the kind. A ticket that was merged in the
    meantime gets nothing more: the entry is written into the one that goes on.
    """
    if key and (known := Entry.objects.filter(key=key).first()):
        return known
    try:
        with transaction.atomic():
            ticket, number = _numbered(ticket, None if kind in STILL_KINDS else at)
            written = Entry.objects.create(
                ticket=ticket,
                number=number,
                kind=kind,
                at=at,
                by=by,
                text=text,
                language=language,
                from_asker=from_asker,
                public=kind in PUBLIC_KINDS if public is None else public,
                data=dict(data or {}),
                key=key,
            )
    except IntegrityError:
        if key is None:
            raise
        return Entry.objects.get(key=key)
    if given := list(files):
        written.files.set(given)
    _tell(ticket, written)
    if from_asker:
        Snooze.objects.filter(ticket=ticket, ended_at=None).update(ended_at=at)
    return written


def _tell(ticket: Ticket, written: Entry) -> None:
    """Pages that show the ticket, its team's lists, and the asker's page when it is for the asker."""
    fact = {"number": written.number, "kind": written.kind, "id": written.pk}
    announce(streams.ticket(ticket.pk), **fact)
    announce(streams.team(ticket.team_id))
    if written.public:
        announce(streams.chat(ticket.pk), **fact)


def _numbered(ticket: Ticket, at: datetime | None) -> tuple[Ticket, int]:
    """The ticket that takes the entry, and the entry's number."""
    while not (last := reserve(ticket, 1, at=at)):
        # Raising the number waited for a merge that has just been done.
        ticket = Ticket.objects.get(absorbed=ticket)
    return ticket, last


def reserve(ticket: Ticket, count: int, *, at: datetime | None) -> int:
    """Raise the ticket's counter; the last of the numbers taken. Its row stays locked until the
    transaction ends. 0 when the ticket was merged into another. `at=None`: it did not move."""
    moved = connection.ops.adapt_datetimefield_value(at) if at else None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET last = last + %s, moved_at = COALESCE(%s, moved_at)"
            " WHERE id = %s AND merged_into_id IS NULL RETURNING last",
            [count, moved, ticket.pk],
        )
        row = cursor.fetchone()
    if row is None:
        return 0
    ticket.last, ticket.moved_at = row[0], at or ticket.moved_at
    return ticket.last


def held(ticket: Ticket) -> Ticket:
    """The ticket that goes on for this one, fresh, its row locked until the transaction ends."""
    while True:
        target = Ticket.objects.filter(pk=ticket.pk).values_list("merged_into", flat=True).get()
        row = Ticket.objects.select_for_update().get(pk=target or ticket.pk)
        if row.merged_into_id is None:
            return row


def same_or_held(ticket: Ticket) -> Ticket:
    """The very same object, or the ticket it was merged into; its row is locked either way."""
    goes_on = held(ticket)
    return ticket if goes_on.pk == ticket.pk else goes_on


def is_written(key: str) -> bool:
    """Whether a sending with this key arrived before: as an entry, or as an answer."""
    return Entry.objects.filter(key=key).exists() or Answer.objects.filter(key=key).exists()


def note(ticket: Ticket, text: str, *, by: Any, at: datetime, key: str | None = None) -> Entry:
    """A note for colleagues; the asker never sees it."""
    return entry(ticket, Kind.NOTE, by=by, at=at, text=text, key=key)


@transaction.atomic
def facts(
    ticket: Ticket,
    found: Mapping[str, str],
    *,
    by: Any,
    at: datetime,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Keep intake facts; an empty value takes one back.

    `seen` are all facts as they were read: raises Moved when one of those to be kept differs by now.
    Then what reads the same is not written again, so that it stays with who said it.
    """
    if seen is not None:
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        now = dict(ticket.facts.values_list("code", "value"))
        if any(now.get(code, "") != seen.get(code, "") for code in found):
            raise Moved
        found = {code: value for code, value in found.items() if value != now.get(code, "")}
    for code, value in found.items():
        if value.strip():
            IntakeFact.objects.update_or_create(
                ticket=ticket,
                code=code[:30],
                defaults={"value": value.strip()[:300], "at": at, "by": by},
            )
        else:
            IntakeFact.objects.filter(ticket=ticket, code=code).delete()
