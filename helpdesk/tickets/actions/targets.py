"""The clock of a request's targets: it runs while the next word is ours and rests while it is the asker's."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from helpdesk.hours.models import Schedule
from helpdesk.hours.rules import Timetable, add_working_time, working_time
from helpdesk.hours.timetables import timetable_of
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Target, Ticket
from helpdesk.tickets.rules import NEAR_AT, Kind


@transaction.atomic
def start(
    ticket: Ticket,
    *,
    schedule: Schedule | None,
    answer: timedelta,
    resolve: timedelta,
    at: datetime,
) -> Target:
    """Give a new ticket its targets, in working time of `schedule` (None = the office week)."""
    target = Target(
        ticket=ticket, schedule=schedule, answer_in=answer, resolve_in=resolve,
        answer_left=answer, resolve_left=resolve, counted_at=at,
    )  # fmt: skip
    _reckon(target, timetable_of(schedule), at=at)
    target.save()
    _show(ticket, target)
    return target


@transaction.atomic
def rest(ticket: Ticket, *, at: datetime) -> bool:
    """The next word is the asker's: what is left is kept. False when it rested already."""
    target = Target.objects.with_hours().running().filter(ticket=ticket).first()
    if target is None:
        return False
    used = working_time(timetable_of(target.schedule), target.counted_at, at)
    return bool(
        Target.objects.running().filter(pk=target.pk, counted_at=target.counted_at).update(
            rests_since=at, answer_left=target.answer_left - used,
            resolve_left=target.resolve_left - used, answer_near_at=None, resolve_near_at=None,
            resolve_due_at=None,
        )
    )  # fmt: skip


@transaction.atomic
def run(ticket: Ticket, *, at: datetime, anew: bool = False) -> bool:
    """The next word is ours again: due moments move to what was left. False when it ran already.

    `anew`: the whole time for the end, as when a closed request is opened again.
    """
    target = Target.objects.with_hours().resting().filter(ticket=ticket).first()
    if target is None:
        return False
    rested = target.rests_since
    target.counted_at, target.rests_since = at, None
    if anew:
        target.resolve_left, target.resolve_told_at = target.resolve_in, None
    _reckon(target, timetable_of(target.schedule), at=at)
    if not _save(target, rests_since=rested):
        return False
    _show(ticket, target)
    return True


@transaction.atomic
def reckon_again(target: Target, timetable: Timetable, *, at: datetime) -> bool:
    """Hours or holidays changed: due moments move, what was left stays. False when overtaken."""
    counted = target.counted_at
    _reckon(target, timetable, at=at)
    if not _save(target, rests_since=None, counted_at=counted):
        return False
    _show(target.ticket, target)
    return True


@transaction.atomic
def tell_late(target: Target, what: str, *, at: datetime) -> bool:
    """Write once into the thread that the `answer` or the `resolution` is late."""
    stamp, due = {
        "answer": ("answer_told_at", target.ticket.answer_due_at),
        "resolution": ("resolve_told_at", target.resolve_due_at),
    }[what]
    told = Target.objects.running().filter(pk=target.pk, **{stamp: None}).update(**{stamp: at})
    if told:
        data = {"of": what, "due_at": due.isoformat() if due else ""}
        entry(target.ticket, Kind.ESCALATION, at=at, public=False, data=data)
    return bool(told)


def _reckon(target: Target, timetable: Timetable, *, at: datetime) -> None:
    since = target.counted_at
    for name, whole in (("answer", target.answer_in), ("resolve", target.resolve_in)):
        left = getattr(target, f"{name}_left")
        near = add_working_time(timetable, since, left - whole * (1 - NEAR_AT))
        setattr(target, f"{name}_near_at", near)
    target.resolve_due_at = add_working_time(timetable, since, target.resolve_left)
    target.answer_due_at = add_working_time(timetable, since, target.answer_left)
    target.reckoned_at = at


def _save(target: Target, **as_read: Any) -> int:
    """Only if nobody stopped or started it meanwhile."""
    names = (
        "counted_at", "rests_since", "resolve_left", "answer_near_at", "resolve_near_at",
        "resolve_due_at", "resolve_told_at", "reckoned_at",
    )  # fmt: skip
    values = {name: getattr(target, name) for name in names}
    return Target.objects.filter(pk=target.pk, **as_read).update(**values)


def _show(ticket: Ticket, target: Target) -> None:
    """The first answer's due moment stands on the ticket, where lists sort by it."""
    due = target.answer_due_at
    if Ticket.objects.filter(pk=ticket.pk, first_answered_at=None).update(answer_due_at=due):
        ticket.answer_due_at = due
