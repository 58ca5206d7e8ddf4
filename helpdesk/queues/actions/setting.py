"""What a supervisor sets for a queue: hours of its own or shared, targets, what is offered, words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.centre.actions import note
from helpdesk.hours.actions import set_week
from helpdesk.hours.models import Schedule
from helpdesk.hours.rules import Window
from helpdesk.queues.actions.offering import assign
from helpdesk.queues.models import Queue


@transaction.atomic
def set_hours(
    queue: Queue, windows: Iterable[Window], *, alone: bool, by: Any, at: datetime
) -> Queue:
    """`alone`: hours that were shared become this queue's own, and the others keep theirs.

    What has its targets already goes on counting with the hours it began with.
    """
    schedule = queue.schedule
    if schedule is None or alone:
        schedule = Schedule.objects.create(centre=queue.team.centre, name=queue.name_fr[:80])
        Queue.objects.filter(pk=queue.pk).update(schedule=schedule)
        queue.schedule = schedule
    set_week(schedule, windows, by=by, at=at)
    return queue


@transaction.atomic
def set_targets(queue: Queue, *, by: Any, at: datetime, **settings: Any) -> Queue:
    """Targets of what comes from now on, and what is offered from now on."""
    if _set(queue, by=by, at=at, **settings):
        assign(at=at)
    return queue


def set_closed_words(queue: Queue, *, by: Any, at: datetime, **words: str) -> Queue:
    """`closed_ar` and `closed_fr`: what is said of a closed queue from now on; empty = only the time."""
    _set(queue, by=by, at=at, **words)
    return queue


@transaction.atomic
def _set(queue: Queue, *, by: Any, at: datetime, **settings: Any) -> list[str]:
    """Which of them moved; history and audit say so."""
    moved = sorted(name for name, value in settings.items() if getattr(queue, name) != value)
    if moved:
        before, after = (
            {f"{n}@{queue.name_fr}": v[n] for n in moved} for v in (vars(queue), settings)
        )
        note(queue.team.centre, step="queues", before=before, after=after, by=by, at=at)
        Queue.objects.filter(pk=queue.pk).update(**settings)
        queue.refresh_from_db()
        facts = {"of": moved, **{name: settings[name] for name in moved}}
        audit("changed-hours", by=by, at=at, subject=queue, facts=facts)
    return moved
