"""Merging: everything of one request goes on in another, and a row keeps what moved.

Undone, the row is played back: what came from the source returns under its old numbers, what was
written since stays. Who waits is settled above, in `queues.merging`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from helpdesk.associations.models import LegalDeadline
from helpdesk.centre import moving
from helpdesk.live import streams
from helpdesk.live.actions import move_drafts
from helpdesk.live.announcing import announce
from helpdesk.tickets import joining, keeping
from helpdesk.tickets.actions import levels, targets
from helpdesk.tickets.actions.inheriting import taken_over
from helpdesk.tickets.actions.write import entry, reserve
from helpdesk.tickets.errors import MergedAway, NotYours, Overtaken, StillMerged
from helpdesk.tickets.models import Entry, Merge, Ticket
from helpdesk.tickets.querysets import draft_place, message_place
from helpdesk.tickets.rules import Kind, Outcome, State

STAYS = (
    "tickets.entry.ticket", "tickets.rating.ticket", "tickets.grant.ticket",
    "tickets.ticket.merged_into", "tickets.merge.source", "tickets.merge.target",
    "tickets.target.ticket", "tickets.snooze.ticket",
)  # fmt: skip
"""Entries are numbered anew, and ratings name them by number; names of a sealed request would let more
people read the other; the history of merges is its own; so is the clock of its targets; and what was
put off for one request does not put off the other."""
WAS = ("state", "outcome", "closed_at")


@transaction.atomic
def merge(source: Ticket, target: Ticket, *, by: Any, at: datetime) -> Merge:
    """Put all of `source` into `target` and close it as merged; nobody is sent a notice.

    Raises MergedAway when either was merged already (it names who did), NotYours when they may not
    become one.
    """
    source, target = both(source, target)
    for one in (source, target):
        if one.merged_into_id:
            raise merged_already(one)
    if found := joining.obstacle(source, target, at=at):
        raise NotYours(found.text)
    row = Merge.objects.create(source=source, target=target, by=by, at=at)
    tell(row, "merge", by=by, at=at)
    row.moved = {
        "was": keeping.read(source, WAS),
        "level": target.level,
        "entries": move_entries(source, target, upto=source.last, but=(row.pk,), at=at),
        "ratings": [],
        "rows": moving.move(source, target, but=STAYS),
        "deadlines": _move_deadlines(source, target),
        "redirects": list(source.absorbed.values_list("pk", flat=True)),
        "fields": keeping.change(target, taken_over(source, target)),
    }
    if "state" in row.moved["fields"]:
        targets.run(target, at=at)
    row.moved["ratings"] = move_ratings(row.moved["entries"], source, target)
    row.save(update_fields=["moved"])
    Ticket.objects.filter(merged_into=source).update(merged_into=target)
    for place in (draft_place, message_place):
        move_drafts(place(source.pk), place(target.pk), at=at)
    alone = Ticket.objects.filter(pk=source.pk, merged_into=None).exclude(
        pk__in=Ticket.objects.filter(absorbed=target.pk).values("absorbed")
    )
    if not alone.update(
        merged_into=target, state=State.CLOSED, outcome=Outcome.MERGED, closed_at=at
    ):
        raise merged_already(source)
    return row


@transaction.atomic
def undo(row: Merge, *, by: Any, at: datetime) -> None:
    """Play a merge back. Raises StillMerged while the target itself is merged away, Overtaken when
    somebody undid it already."""
    source, target = both(row.source, row.target)
    if target.merged_into_id:
        raise StillMerged(target, Ticket.objects.get(absorbed=target))
    if not Merge.objects.standing().filter(pk=row.pk).update(undone_by=by, undone_at=at):
        raise Overtaken
    moved = row.moved
    was = keeping.written(moved["was"])
    back = Ticket.objects.filter(pk=source.pk, merged_into=target)
    if not back.update(merged_into=None, **was):
        raise Overtaken
    Ticket.objects.filter(pk__in=moved["redirects"], merged_into=target).update(merged_into=source)
    entries_back(moved["entries"], source, target)
    ratings_back(moved["ratings"], source, target)
    moving.move_back(_returning(moved["rows"], target), source, target)
    LegalDeadline.objects.filter(pk__in=moved["deadlines"], ticket_id=target.pk).update(
        ticket_id=source.pk
    )
    if "state" in keeping.change_back(target, moved["fields"]):
        targets.rest(target, at=at)
    keeping.count_first_answer(target)
    if target.level > moved.get("level", target.level):
        levels.close_as_far(source, target, at=at)
    tell(row, "merge-undone", by=by, at=at)


def coming_back(row: Merge) -> int:
    """Entries that undoing gives back: those that nobody split off since."""
    goes_on = row.target.merged_into or row.target
    came = [pk for pk, _number in row.moved["entries"]]
    return int(goes_on.entries.filter(pk__in=came).count())


def written_since(row: Merge) -> int:
    """Entries that stay where they are when the row is undone: they came after it."""
    came = [pk for pk, _number in row.moved["entries"]]
    goes_on = row.target.merged_into or row.target
    later = goes_on.entries.filter(pk__gt=_marker(row)).exclude(pk__in=came)
    return int(later.exclude(kind=Kind.MERGE).count())


def merged_already(ticket: Ticket) -> MergedAway:
    """The refusal that names who merged it, and into what."""
    row = Merge.objects.standing().filter(source=ticket).select_related("by").last()
    target = Ticket.objects.get(absorbed=ticket)
    return MergedAway(ticket, target, by=row.by if row else None)


def tell(row: Merge, act: str, *, by: Any, at: datetime) -> None:
    """An entry in both requests with both numbers; the asker sees it in what goes on."""
    told = {
        "act": act, "merge": row.pk, "source": row.source.reference,
        "target": row.target.reference,
    }  # fmt: skip
    entry(row.source, Kind.MERGE, by=by, at=at, public=act != "merge", data=told)
    entry(row.target, Kind.MERGE, by=by, at=at, public=act != "split-undone", data=told)
    for ticket in (row.source_id, row.target_id):
        # Who follows either now reads another thread.
        announce(streams.chat(ticket))


def move_entries(
    source: Ticket, target: Ticket, *, upto: int, but: tuple[int, ...] = (), at: datetime,
    chosen: list[int] | None = None,
) -> list[list[int]]:  # fmt: skip
    """Put entries at the end of `target`, in their order and without gaps: [[key, old number]].

    All up to number `upto` but those that tell of the merge `but`; or only those `chosen`.
    """
    rows = Entry.objects.filter(ticket=source, number__lte=upto).order_by("number")
    rows = rows.exclude(kind=Kind.MERGE, data__merge__in=but) if but else rows
    if chosen is not None:
        rows = rows.filter(pk__in=chosen)
    old = [list(row) for row in rows.values_list("pk", "number")]
    if old:
        first = reserve(target, len(old), at=at) - len(old) + 1
        _number(old, target, [first + place for place in range(len(old))])
    return old


def _number(rows: list[list[int]], ticket: Ticket, numbers: list[int]) -> None:
    """Hang entries on a ticket under these numbers, neighbours in one update."""
    runs: list[tuple[int, list[int]]] = []
    for (pk, before), number in zip(rows, numbers, strict=True):
        if not runs or runs[-1][0] != number - before:
            runs.append((number - before, []))
        runs[-1][1].append(pk)
    for shift, keys in runs:
        for start in range(0, len(keys), 500):
            Entry.objects.filter(pk__in=keys[start : start + 500]).update(
                ticket=ticket, number=F("number") + shift
            )


def entries_back(old: list[list[int]], source: Ticket, target: Ticket) -> None:
    """Those still in the target, under the numbers they had."""
    now = dict(target.entries.filter(pk__in=[pk for pk, _ in old]).values_list("pk", "number"))
    there = [(pk, number) for pk, number in old if pk in now]
    _number([[pk, now[pk]] for pk, _ in there], source, [number for _, number in there])


def move_ratings(entries: list[list[int]], source: Ticket, target: Ticket) -> list[list[int]]:
    """Ratings go with the entry their contact began with: [[key, old number]]."""
    new = dict(target.entries.filter(pk__in=[pk for pk, _ in entries]).values_list("pk", "number"))
    renamed = {number: new[pk] for pk, number in entries}
    moved = []
    for rating in source.ratings.filter(contact__in=renamed):
        moved.append([rating.pk, rating.contact])
        source.ratings.filter(pk=rating.pk).update(ticket=target, contact=renamed[rating.contact])
    return moved


def ratings_back(old: list[list[int]], source: Ticket, target: Ticket) -> None:
    for pk, number in old:
        target.ratings.filter(pk=pk).update(ticket=source, contact=number)


def _returning(rows: moving.Moved, target: Ticket) -> moving.Moved:
    """Without answers whose entry was written since: they stay with it."""
    answers = rows.get("tickets.answer.ticket", [])
    stay = set(
        target.answers.filter(pk__in=answers, entry__ticket=target).values_list("pk", flat=True)
    )
    return {**rows, "tickets.answer.ticket": [pk for pk in answers if pk not in stay]}


def _move_deadlines(source: Ticket, target: Ticket) -> list[int]:
    rows = LegalDeadline.objects.filter(ticket_id=source.pk)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(ticket_id=target.pk)
    return keys


def _marker(row: Merge) -> int:
    """Key of the entry that told of the row in its target."""
    rows = Entry.objects.filter(kind=Kind.MERGE, data__merge=row.pk).order_by("-pk")
    return int(rows.values_list("pk", flat=True).first() or 0)


def both(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Fresh, their rows held until the transaction ends; always in one order, or two who merge
    crosswise would wait for each other."""
    keys = {one.pk, other.pk}
    rows = {
        row.pk: row for row in Ticket.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    return rows[one.pk], rows[other.pk]
