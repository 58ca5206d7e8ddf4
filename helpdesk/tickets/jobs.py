"""Sweeps of tickets: the index follows the database, targets follow hours and are told when late;
a month later the result is asked."""

import logging
from datetime import datetime

from helpdesk.hours.timetables import changed_at, timetable_of
from helpdesk.tickets import indexing
from helpdesk.tickets.actions import promising, rating, targets
from helpdesk.tickets.models import Promise, Target, Ticket
from knowledge.search.engines.port import EngineBroken

log = logging.getLogger("wasl.search")
BATCH = 200
AT_ONCE = 500


def index_due(*, at: datetime) -> int:
    """Bring the index of tickets up to date, for one or two seconds at most; tickets touched.

    Every process may run it: one of a host writes, the others find it busy and try again.
    """
    try:
        return indexing.refresh()
    except EngineBroken as error:
        log.info("index of tickets not written now", extra={"reason": str(error)})
        return 0


def ask_results(*, at: datetime) -> int:
    """Ask once, 30 days after the end, what came of a request; how many were asked.

    Harmless when repeated or run by two at once: the row that says "asked" is unique to its request.
    """
    ended = Ticket.objects.result_due(after=at - rating.TOO_LATE, before=at - rating.ASKED_AFTER)
    return sum(rating.ask_result(ticket, at=at) for ticket in ended[:BATCH])


def reckon_due(*, at: datetime) -> int:
    """Hours, holidays or Ramadan changed: due moments counted before are counted again."""
    changed = changed_at()
    if changed is None:
        return 0
    found = Target.objects.with_hours().reckoned_before(changed)[:AT_ONCE]
    tables = {row.schedule_id: row.schedule for row in found}
    known = {pk: timetable_of(schedule) for pk, schedule in tables.items()}
    return sum(targets.reckon_again(row, known[row.schedule_id], at=at) for row in found)


def tell_late(*, at: datetime) -> int:
    """Write into each thread, once, that its first answer or its end is past the target."""
    told = 0
    for row in Target.objects.with_hours().untold(at=at)[:AT_ONCE]:
        ticket = row.ticket
        if ticket.owes_answer and ticket.answer_due_at and ticket.answer_due_at < at:
            told += targets.tell_late(row, "answer", at=at)
        if row.resolve_due_at and row.resolve_due_at < at:
            told += targets.tell_late(row, "resolution", at=at)
    return told


def tell_broken(*, at: datetime) -> int:
    """Write into each thread, once, that a promised call was not made in time."""
    found = Promise.objects.untold(at=at).select_related("ticket")[:AT_ONCE]
    return sum(promising.tell_late(owed, at=at) for owed in found)
