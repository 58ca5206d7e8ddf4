"""Steering the desk: a queue is paused or opened, an advisor is put on a queue for the day."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.accounts.actions.people import post
from helpdesk.queues.models import Queue, Serving


@transaction.atomic
def pause(
    queue: Queue, *, until: datetime, why_ar: str, why_fr: str, by: Any, at: datetime
) -> Queue:
    """Close a queue until a time, with the words that askers read. What comes in waits all the same."""
    Queue.objects.filter(pk=queue.pk).update(
        paused_until=until, paused_ar=why_ar[:200], paused_fr=why_fr[:200]
    )
    queue.refresh_from_db()
    facts = {"until": until.isoformat()}
    audit("paused-queue", by=by, at=at, subject=queue, reason=why_ar or why_fr, facts=facts)
    return queue


@transaction.atomic
def end_pause(queue: Queue, *, by: Any, at: datetime) -> bool:
    """Its hours count again. False when it was not paused, or somebody was quicker."""
    paused = Queue.objects.filter(pk=queue.pk, paused_until__gt=at)
    won = bool(paused.update(paused_until=None, paused_ar="", paused_fr=""))
    if won:
        audit("opened-queue", by=by, at=at, subject=queue)
    queue.refresh_from_db()
    return won


@transaction.atomic
def serve(user: Any, queue: Queue | None, *, on: date, by: Any, at: datetime) -> Serving | None:
    """Put an advisor on a queue first for a day; None takes it back. The same again changes nothing.

    For a queue of a team they are not posted to, they are posted to it for that day, or they could not
    read what waits there. Raises NotYourself (of accounts) where one would post oneself.
    """
    now = Serving.objects.on(on).filter(user=user).first()
    if queue is None:
        if now is not None:
            now.delete()
            audit("moved-advisor", by=by, at=at, subject=user, facts={"queue": None})
        return None
    if now is not None and now.queue_id == queue.pk:
        return now
    if not user.postings.in_force(on=on).filter(team=queue.team_id).exists():
        post(user, queue.team, province="", starts_on=on, ends_on=on, by=by, at=at)
    row, _created = Serving.objects.update_or_create(
        user=user, day=on, defaults={"queue": queue, "set_by": by, "set_at": at}
    )
    audit("moved-advisor", by=by, at=at, subject=user, facts={"queue": queue.pk})
    return row
