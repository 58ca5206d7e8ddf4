"""Sweeps of tickets: the index follows the database, targets follow hours and are told when late;
a month later the result is asked; a change of law finds whom older answers reached."""

import logging
from datetime import datetime

from helpdesk.hours.timetables import changed_at, timetable_of
from helpdesk.notices.models import Notice
from helpdesk.tickets import indexing
from helpdesk.tickets.actions import promising, rating, recalling, targets
from helpdesk.tickets.models import Answer, Promise, Target, Ticket
from helpdesk.tickets.recalls import Recall, Recalled
from knowledge.articles.models import Version
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


def recall_due(*, at: datetime) -> int:
    """For each version that changes advice, find whom older answers reached; settle those who were
    answered anew or whom a message did not reach. Rows found or settled; harmless when repeated."""
    versions = Version.objects.changing_advice().select_related("edition")
    found = sum(recalling.open_recall(version, at=at) for version in versions)
    return found + _answered_anew(at=at) + _not_arrived(at=at)


def _answered_anew(*, at: datetime) -> int:
    settled = 0
    for recall in Recall.objects.open().select_related("version"):
        answers = Answer.objects.giving_at_least(recall.version).select_related("author")
        newest = {answer.ticket_id: answer for answer in answers.order_by("released_at")}
        rows = recall.rows.due().filter(ticket__in=newest).select_related("answer", "ticket")
        for row in rows[:AT_ONCE]:
            answer = newest[row.ticket_id]
            if answer.released_at >= row.answer.released_at:
                settled += recalling.answered_anew(row, answer, at=at)
    return settled


def _not_arrived(*, at: datetime) -> int:
    """Messages whose notice failed, or has no channel here."""
    rows = list(Recalled.objects.filter(state="sent").select_related("ticket", "answer")[:AT_ONCE])
    keys = [row.notice_key for row in rows]
    lost = Notice.objects.filter(key__in=keys, state__in=["failed", "no-channel"])
    failed = set(lost.values_list("key", flat=True))
    return sum(recalling.not_arrived(row, at=at) for row in rows if row.notice_key in failed)
