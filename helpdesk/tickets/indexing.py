"""The index of tickets follows the database: built beside and swapped in, then brought up to date.

Each table that search reads from has a *mark*, the newest key already looked at; a sweep reads on
from there, some rows before it again, because transactions may end in another order than they
began. What no mark tells (a ticket deleted, a number taken back) is found by the *round*, which
compares some tickets each time until it has been past all. One process of a host writes.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from helpdesk.associations.models import NameWord, Phone
from helpdesk.tickets import indexed
from helpdesk.tickets.models import Entry, Ticket
from knowledge.search.engines.port import EngineBroken, EngineBusy
from knowledge.search.engines.records import Building, RecordEngine

log = logging.getLogger("wasl.search")
SECONDS = 1.5
"""How long one sweep may write: the other sweeps of the process wait meanwhile."""
PAGE, BATCH, ROUND = 1000, 250, 200
"""Rows read on from a mark, tickets written at once, and tickets compared by the round."""
AGAIN = 50
"""Entries and tickets before a mark that are looked at again."""
PURGE_AFTER = 600
"""Seconds that words of a ticket sealed or deleted may lie unfindable in old files."""


@dataclass
class _Begun:
    """A generation being filled from the newest ticket down, and the marks from before it."""

    building: Building
    keys: Iterator[int]
    marks: dict[str, Any]


_begun: dict[Path, _Begun] = {}


def engine() -> RecordEngine:
    return _engine(Path(settings.DATA_DIR) / "index" / "tickets", indexed.feed_version())


def refresh(*, seconds: float = SECONDS) -> int:
    """Bring the index up to date, or on with its building; tickets touched.

    Raises EngineBusy while another process writes.
    """
    live, until = engine(), time.monotonic() + seconds
    live.take_lease()
    touched = 0
    try:
        if live.is_current:
            touched += _catch_up(live, until)
    except EngineBusy:
        raise
    except EngineBroken as error:
        log.warning("the index of tickets is built anew", extra={"reason": str(error)})
        live.condemn()
    if _must_build(live):
        touched += _build_on(live, until)
    return touched


def rebuild() -> int:
    """Build the index anew in one go and swap it in; number of tickets."""
    live = engine()
    live.take_lease()
    _begun.pop(live.root, None)
    return _build_on(live, float("inf"))


# --- building -----------------------------------------------------------------------------------


def _must_build(live: RecordEngine) -> bool:
    if live.root in _begun or not live.is_current:
        return True
    since = live.taken_out_at
    return since is not None and time.time() - since > PURGE_AFTER


def _build_on(live: RecordEngine, until: float) -> int:
    """Some more tickets, the newest first; the last of them swaps the generation in."""
    begun = _begun.get(live.root)
    if begun is None:
        marks = _newest()
        newest_first = Ticket.objects.order_by("-pk").values_list("pk", flat=True)
        begun = _Begun(live.begin(), iter(list(newest_first)), marks)
        _begun[live.root] = begun
    touched = 0
    try:
        for keys in _batches(begun.keys):
            rows = indexed.rows_of(keys)
            begun.building.add(indexed.records_of(rows[key] for key in keys if key in rows))
            touched += len(rows)
            if time.monotonic() > until:
                return touched
        begun.building.finish(begun.marks)
    except EngineBroken:
        del _begun[live.root]
        raise
    del _begun[live.root]
    return touched


# --- following ----------------------------------------------------------------------------------


def _catch_up(live: RecordEngine, until: float) -> int:
    """What the marks tell, then a piece of the round."""
    if live.root not in _begun:
        live.drop_old()
    marks: dict[str, Any] = live.notes
    touched, before = 0, dict(marks)
    for name, read in _READ.items():
        newest, tickets = read(marks.get(name))
        marks[name] = newest
        for keys in _batches(iter(tickets)):
            touched += _index(live, keys, live.stamps(keys))
        if time.monotonic() > until:
            break
    else:
        touched += _go_round(live, marks)
    if marks != before:
        live.note(marks)
    return touched


def _go_round(live: RecordEngine, marks: dict[str, Any]) -> int:
    after = int(marks.get("round") or 0)
    keys = list(
        Ticket.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:ROUND]
    )
    until = keys[-1] if len(keys) == ROUND else 2**53
    marks["round"] = until if until < 2**53 else 0
    known = live.stamps_between(after, until)
    return _index(live, [*keys, *(known.keys() - set(keys))], known)


def _index(live: RecordEngine, keys: list[int], known: dict[int, str]) -> int:
    """Write those of these tickets whose state is another than the one indexed."""
    rows = indexed.rows_of(keys)
    changed = [row for key, row in rows.items() if row.stamp != known.get(key)]
    gone = [key for key in keys if key in known and key not in rows]
    if changed or gone:
        live.replace(indexed.records_of(changed), gone=gone)
    if gone or any(row.is_sealed and row.pk in known for row in changed):
        live.mark_taken_out()
    return len(changed) + len(gone)


def _batches(keys: Iterator[int]) -> Iterator[list[int]]:
    while batch := list(islice(keys, BATCH)):
        yield batch


# --- marks --------------------------------------------------------------------------------------


def _newest() -> dict[str, Any]:
    """The marks of an index that holds all there is now."""
    marks = {
        name: model.objects.aggregate(newest=Max("pk"))["newest"] or 0
        for name, model in (
            ("entry", Entry),
            ("ticket", Ticket),
            ("name", NameWord),
            ("phone", Phone),
        )
    }
    return {**marks, "filed": timezone.now().isoformat()}


def _read_on(
    rows: Any, mark: Any, *fields: str, again: int = 0
) -> tuple[int, list[tuple[Any, ...]]]:
    """The new mark, and a page of rows after the old one."""
    mark = int(mark or 0)
    after = rows.filter(pk__gt=mark - again).order_by("pk")
    page = list(after.values_list("pk", *fields)[:PAGE])
    if page:
        return page[-1][0], page
    # Less than the mark: rows were deleted, or an older copy of the database was put back.
    return min(mark, rows.aggregate(newest=Max("pk"))["newest"] or 0), page


def _by_entry(mark: Any) -> tuple[int, Iterable[int]]:
    newest, page = _read_on(Entry.objects, mark, "ticket_id", again=AGAIN)
    return newest, dict.fromkeys(ticket for _, ticket in page)


def _by_ticket(mark: Any) -> tuple[int, Iterable[int]]:
    newest, page = _read_on(Ticket.objects, mark, again=AGAIN)
    return newest, [ticket for (ticket,) in page]


def _by_name(mark: Any) -> tuple[int, Iterable[int]]:
    newest, page = _read_on(NameWord.objects, mark, "person_id", "association_id")
    people, groups = ({row[at] for row in page} - {None} for at in (1, 2))
    return newest, _tickets(Q(person__in=people), Q(association__in=groups))


def _by_phone(mark: Any) -> tuple[int, Iterable[int]]:
    newest, page = _read_on(Phone.objects, mark, "person_id")
    return newest, _tickets(Q(person__in={person for _, person in page}))


def _by_filing(mark: Any) -> tuple[str, Iterable[int]]:
    since = parse_datetime(str(mark or "")) or timezone.now()
    rows = Ticket.objects.filter(filed_at__gte=since - timedelta(seconds=10))
    page = list(rows.order_by("filed_at").values_list("filed_at", "pk")[:PAGE])
    newest = max([since, *(at for at, _ in page)])
    return newest.isoformat(), [ticket for _, ticket in page]


def _tickets(*conditions: Q) -> Iterator[int]:
    for condition in conditions:
        yield from Ticket.objects.filter(condition).order_by().values_list("pk", flat=True)


_READ: dict[str, Callable[[Any], tuple[Any, Iterable[int]]]] = {
    "entry": _by_entry, "ticket": _by_ticket, "name": _by_name, "phone": _by_phone,
    "filed": _by_filing,
}  # fmt: skip


@lru_cache(maxsize=8)
def _engine(root: Path, feed: str) -> RecordEngine:
    return RecordEngine(root, feed=feed)
