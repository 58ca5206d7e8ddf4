"""Splitting: chosen entries of a request become a request of their own, which the same code opens."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.tickets import keeping
from helpdesk.tickets.actions import levels, merging, targets
from helpdesk.tickets.actions.write import held
from helpdesk.tickets.errors import NotYours, Overtaken, StillMerged
from helpdesk.tickets.models import DisputeSide, Entry, Merge, Target, Ticket
from helpdesk.tickets.rules import Kind, Outcome, State

SEPARABLE = (Kind.QUESTION, Kind.LINE, Kind.MAIL, Kind.CALL, Kind.ANSWER, Kind.NOTE)
"""Kinds that say something of their own; the others tell what became of the request."""
SAME = (
    "centre", "team", "province", "theme", "channel", "language", "level", "person", "association",
    "standing", "answer_by", "contact_email", "contact_number", "secret_hash",
)  # fmt: skip


def separable(ticket: Ticket) -> Any:
    """Entries that may be chosen, with their authors."""
    rows = ticket.entries.filter(kind__in=SEPARABLE, data__about__isnull=True)
    return rows.select_related("by").order_by("number")


@transaction.atomic
def split(ticket: Ticket, chosen: Collection[int], *, subject: str, by: Any, at: datetime) -> Merge:
    """Move the chosen entries, with their answers and files, into a new request of the same asker.

    Raises NotYours when nothing would move or nothing would be left, Overtaken when the request was
    merged away.
    """
    if held(ticket).pk != ticket.pk:
        raise Overtaken
    ticket = Ticket.objects.get(pk=ticket.pk)
    there = list(separable(ticket).values_list("pk", flat=True))
    keys = [pk for pk in there if pk in set(chosen)]
    if not keys:
        raise NotYours(_("Choose at least one entry."))
    if len(keys) == len(there):
        raise NotYours(_("Leave at least one entry where it is."))
    new = Ticket.objects.create(
        **{name: getattr(ticket, name) for name in SAME},
        subject=subject, assignee=ticket.assignee or by, state=State.OPEN, opened_at=at,
        moved_at=at, answer_due_at=ticket.answer_due_at if ticket.owes_answer else None,
    )  # fmt: skip
    _set_clock(ticket, new, at=at)
    row = Merge.objects.create(act=Merge.Act.SPLIT, source=ticket, target=new, by=by, at=at)
    entries = merging.move_entries(ticket, new, upto=ticket.last, chosen=keys, at=at)
    answers = ticket.answers.filter(entry__in=keys)
    row.moved = {
        "entries": entries,
        "answers": list(answers.values_list("pk", flat=True)),
        "ratings": merging.move_ratings(entries, ticket, new),
    }
    row.save(update_fields=["moved"])
    answers.update(ticket=new)
    keeping.count_first_answer(new)
    _same_readers(ticket, new, at=at)
    merging.tell(row, "split", by=by, at=at)
    return row


@transaction.atomic
def put_back(row: Merge, *, by: Any, at: datetime) -> None:
    """Undo a split while nothing was added to the new request; its number then leads back.

    Raises NotYours when something was added, StillMerged, Overtaken.
    """
    ticket, new = merging.both(row.source, row.target)
    for one in (ticket, new):
        if one.merged_into_id:
            raise StillMerged(one, Ticket.objects.get(absorbed=one))
    if was_added_to(row, new):
        raise NotYours(
            _("Something was added to %(target)s since. Merge it instead.")
            % {"target": new.reference}
        )
    if not Merge.objects.standing().filter(pk=row.pk).update(undone_by=by, undone_at=at):
        raise Overtaken
    merging.tell(row, "split-undone", by=by, at=at)
    merging.entries_back(row.moved["entries"], ticket, new)
    merging.ratings_back(row.moved["ratings"], ticket, new)
    new.answers.filter(pk__in=row.moved["answers"]).update(ticket=ticket)
    Ticket.objects.filter(pk=new.pk).update(
        merged_into=ticket, state=State.CLOSED, outcome=Outcome.MERGED, closed_at=at
    )


def was_added_to(row: Merge, new: Ticket) -> bool:
    """Whether the new request holds more than what the split put there."""
    own = [pk for pk, _number in row.moved["entries"]]
    rows = Entry.objects.filter(ticket=new).exclude(pk__in=own)
    return rows.exclude(kind=Kind.MERGE, data__merge=row.pk).exists()


def _set_clock(ticket: Ticket, new: Ticket, *, at: datetime) -> None:
    """What is owed still is owed by the same moment; beside an answer it is a new question."""
    target = Target.objects.filter(ticket=ticket).first()
    if target is None:
        return
    if ticket.owes_answer and target.rests_since is None:
        target.pk, target.ticket = None, new
        target.save()
        return
    targets.start(
        new, schedule=target.schedule, answer=target.answer_in, resolve=target.resolve_in, at=at
    )


def _same_readers(ticket: Ticket, new: Ticket, *, at: datetime) -> None:
    """Who was named for it, and on which side it stands."""
    levels.copy_grants(ticket, new, at=at)
    for side in DisputeSide.objects.filter(ticket=ticket):
        DisputeSide.objects.create(ticket=new, dispute=side.dispute, side=side.side)
