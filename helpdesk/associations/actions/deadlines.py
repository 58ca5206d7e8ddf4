"""Set the procedure clock going, and end it: met, passed, or no longer counted."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from helpdesk.associations import clock
from helpdesk.associations.models import Association, LegalDeadline
from helpdesk.associations.rules import Stage
from helpdesk.hours.timetables import public_calendar

State = LegalDeadline.State


def start_deadline(
    association: Association,
    *,
    rule: str,
    event_on: date,
    by: Any,
    at: datetime,
    ticket_id: int | None = None,
) -> LegalDeadline:
    """Count from an event. The same event again is the same deadline.

    Working days leave out the holidays confirmed by now. One that is over already starts as
    passed, and is on the list of calls at once. Raises clock.UnknownRule.
    """
    found = clock.rule_of(rule)
    due = clock.due_on(rule, event_on, public_calendar())
    deadline, created = LegalDeadline.objects.get_or_create(
        association=association, rule=rule, event_on=event_on,
        defaults={
            "due_on": due, "citation": found.citation, "mark": found.mark.value,
            "opened_at": at, "opened_by": by, "ticket_id": ticket_id,
        },
    )  # fmt: skip
    if created and rule == "final-receipt":
        _note_filing(association, event_on)
    if created and due < timezone.localtime(at).date():
        pass_deadline(deadline)
    return deadline


def _note_filing(association: Association, on: date) -> None:
    """A receipt is counted from a deposited file: the association shows it too."""
    rows = Association.objects.filter(pk=association.pk)
    rows.filter(filed_on=None).update(filed_on=on)
    rows.filter(stage__in=(Stage.IDEA, Stage.FOUNDING_ASSEMBLY)).update(stage=Stage.FILED)


def meet(deadline: LegalDeadline, *, on: date) -> bool:
    """What was due has happened on that day, in time or late; False when the clock had ended."""
    return _end(deadline, State.MET, on=on, of=(State.RUNNING, State.PASSED))


def drop(deadline: LegalDeadline, *, on: date) -> bool:
    """It was set going by mistake, or is no longer of use; False when the clock had ended."""
    return _end(deadline, State.DROPPED, on=on, of=(State.RUNNING, State.PASSED))


@transaction.atomic
def pass_deadline(deadline: LegalDeadline) -> bool:
    """Its last day is over. A file without its receipt makes the association "day 60 passed"."""
    if not _end(deadline, State.PASSED, on=None, of=(State.RUNNING,)):
        return False
    if deadline.rule == "final-receipt":
        Association.objects.filter(
            pk=deadline.association_id, stage__in=(Stage.FILED, Stage.PROVISIONAL)
        ).update(stage=Stage.DAY_60)
    return True


def _end(deadline: LegalDeadline, state: str, *, on: date | None, of: tuple[str, ...]) -> bool:
    rows = LegalDeadline.objects.filter(pk=deadline.pk, state__in=of)
    won = bool(rows.update(state=state, ended_on=on))
    deadline.refresh_from_db()
    return won


def note_call(deadline: LegalDeadline, *, by: Any, at: datetime) -> bool:
    """The centre called about it: off the list, until it passes. False when somebody was quicker."""
    rows = LegalDeadline.objects.to_call(on=timezone.localtime(at).date()).order_by()
    won = bool(rows.filter(pk=deadline.pk).update(called_at=at, called_by=by))
    deadline.refresh_from_db()
    return won


def note_told(deadline: LegalDeadline, *, at: datetime) -> bool:
    """The notice of this state is written (or has nobody to go to); False when it was before."""
    field = "told_passed_at" if deadline.state == State.PASSED else "reminded_at"
    rows = LegalDeadline.objects.filter(pk=deadline.pk, **{field: None})
    won = bool(rows.update(**{field: at}))
    deadline.refresh_from_db()
    return won


@transaction.atomic
def move_mandate_end(association: Association, *, by: Any, at: datetime) -> None:
    """The board's mandate ends on another day (or on none): the old clock no longer counts."""
    rows = association.deadlines.filter(rule="mandate-end", state__in=(State.RUNNING, State.PASSED))
    for deadline in rows.exclude(event_on=association.mandate_ends_on):
        drop(deadline, on=timezone.localtime(at).date())
    if association.mandate_ends_on is None:
        return
    start_deadline(
        association, rule="mandate-end", event_on=association.mandate_ends_on, by=by, at=at
    )
