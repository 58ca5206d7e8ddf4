"""Whether a queue is open now and when it opens next: its hours, its holidays, and its pause."""

from datetime import datetime

from helpdesk.hours import rules
from helpdesk.queues.models import Queue


def open_now(queue: Queue, *, at: datetime) -> bool:
    return not queue.is_paused(at=at) and rules.is_open(queue.timetable, at)


def next_opening(queue: Queue, *, at: datetime) -> datetime | None:
    """`at` itself when open; None when nothing opens within a year."""
    until = queue.paused_until if queue.is_paused(at=at) else None
    return rules.next_opening(queue.timetable, until or at)


def closing(queue: Queue, *, at: datetime) -> datetime | None:
    """End of the open stretch under way; None when closed, or always open."""
    if queue.is_paused(at=at):
        return None
    return rules.closes_at(queue.timetable, at)
