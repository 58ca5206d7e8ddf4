"""Whether a queue is open now and when it opens next: its hours, its holidays, and its pause."""

from datetime import datetime

from helpdesk.hours import rules, timetables
from helpdesk.queues.models import Queue


def open_now(queue: Queue, *, at: datetime) -> bool:
    return not queue.is_paused(at=at) and timetables.is_open(queue.schedule, at=at)


def next_opening(queue: Queue, *, at: datetime) -> datetime | None:
    """`at` itself when open; None when nothing opens within a year."""
    paused = queue.is_paused(at=at)
    return timetables.next_opening(queue.schedule, at=queue.paused_until if paused else at)  # type: ignore[arg-type]


def closing(queue: Queue, *, at: datetime) -> datetime | None:
    """End of the open stretch under way; None when closed, or always open."""
    if queue.is_paused(at=at):
        return None
    return rules.closes_at(timetables.timetable_of(queue.schedule), at)
