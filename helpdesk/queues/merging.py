"""Merging, undoing and splitting at the desk: the record moves below, and here who waits is settled.

Of two that wait one goes on waiting, in the earlier place; where somebody has the request that goes on,
they have what came with it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.queues.actions.receiving import wait
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import Ended
from helpdesk.tickets.actions import merging, splitting
from helpdesk.tickets.models import Merge, Ticket
from helpdesk.tickets.rules import Channel


@transaction.atomic
def merge(source: Ticket, target: Ticket, *, by: Any, at: datetime) -> Merge:
    """Put `source` into `target`. Raises MergedAway, NotYours."""
    row = merging.merge(source, target, by=by, at=at)
    # Moved along where nobody waited there yet; still with the source where both waited.
    left = Waiting.objects.now().filter(ticket=row.source).first()
    here = Waiting.objects.now().filter(ticket=row.target).first()
    assignee = Ticket.objects.get(pk=row.target_id).assignee
    if left is not None and here is not None:
        row.moved["waiting"] = {"pk": left.pk}
        _end(left, by, at=at)
        Waiting.objects.filter(pk=here.pk).update(
            since=min(left.since, here.since), due_at=min(left.due_at, here.due_at)
        )
    elif here is not None and assignee is not None:
        row.moved["waiting"] = {"pk": here.pk}
        _end(here, assignee, at=at)
    row.save(update_fields=["moved"])
    return row


def _end(row: Waiting, by: Any, *, at: datetime) -> None:
    Waiting.objects.filter(pk=row.pk).update(
        claimed_by=by, claimed_at=at, ended_at=at, ended_how=Ended.SETTLED, offered_to=None
    )


@transaction.atomic
def undo(row: Merge, *, by: Any, at: datetime) -> Ticket:
    """Play a merge or a split back; the request to open now.

    Raises StillMerged, Overtaken, NotYours.
    """
    if row.act == Merge.Act.SPLIT:
        splitting.put_back(row, by=by, at=at)
        return row.source
    merging.undo(row, by=by, at=at)
    for ticket in (row.source, row.target):
        ticket.refresh_from_db()
        if not ticket.is_closed and ticket.assignee_id is None:
            _wait_again(ticket, row, at=at)
    return row.source


def _wait_again(ticket: Ticket, row: Merge, *, at: datetime) -> None:
    """It was waiting before, or has nobody now."""
    settled = (row.moved.get("waiting") or {}).get("pk")
    if ticket.pk == row.source_id and settled:
        ended = Waiting.objects.filter(pk=settled, ticket=ticket).exclude(ended_at=None)
        if ended.update(claimed_by=None, claimed_at=None, ended_at=None, ended_how=""):
            return
    wait(ticket, channel=Channel(ticket.channel), at=at)


def split(ticket: Ticket, chosen: list[int], *, subject: str, by: Any, at: datetime) -> Ticket:
    """Make a new request of the chosen entries; that one."""
    return splitting.split(ticket, chosen, subject=subject, by=by, at=at).target
