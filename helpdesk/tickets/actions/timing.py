"""Facts that set the procedure clock going: a deposited file, a change of board, money from abroad."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from helpdesk.associations import clock
from helpdesk.associations.actions import drop, in_formation, start_deadline
from helpdesk.associations.models import LegalDeadline
from helpdesk.associations.rules import Standing
from helpdesk.centre.collision import Moved
from helpdesk.tickets import intake
from helpdesk.tickets.actions.naming import set_association
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Kind

CLOCKS = {
    "deposit_date": "final-receipt",
    "change_date": "declare-change",
    "funds_date": "foreign-aid",
    "employee_start": "first-hire",
    "mandate_end": "mandate-end",
}
"""Fact -> rule it sets going."""
ENDED_BY = {"final-receipt": "has_final", "declare-change": "declared_change"}
NEEDS = {"foreign-aid": "country"}
"""Without this fact the rule may not apply at all."""


@transaction.atomic
def start_clocks(ticket: Ticket, *, by: Any, at: datetime) -> list[LegalDeadline]:
    """Start the clocks that the ticket's facts speak of; a corrected day replaces its clock.

    Founders and anonymous callers get a nameless association in formation to count for.
    """
    known = dict(ticket.facts.values_list("code", "value"))
    started = []
    for code, rule in CLOCKS.items():
        day = intake.as_day(known.get(code, ""))
        if day is None or not _applies(rule, known):
            continue
        if clock.is_plausible(day, today=timezone.localtime(at).date()):
            started.append(count(ticket, rule, event_on=day, by=by, at=at))
    return started


def _applies(rule: str, known: dict[str, str]) -> bool:
    if known.get(ENDED_BY.get(rule, "")) == intake.YES:
        return False
    return rule not in NEEDS or bool(known.get(NEEDS[rule]))


@transaction.atomic
def count(ticket: Ticket, rule: str, *, event_on: date, by: Any, at: datetime) -> LegalDeadline:
    """Start one clock for the ticket's association. The same event again changes nothing."""
    if ticket.association is None:
        _in_formation(ticket, by=by, at=at)
    assert ticket.association is not None
    same = LegalDeadline.objects.filter(association=ticket.association, rule=rule)
    for old in same.filter(ticket_id=ticket.pk).exclude(event_on=event_on):
        drop(old, on=timezone.localtime(at).date())
    is_new = not same.filter(event_on=event_on).exists()
    deadline = start_deadline(
        ticket.association, rule=rule, event_on=event_on, by=by, at=at, ticket_id=ticket.pk
    )
    if is_new:
        entry(
            ticket, Kind.DEADLINE, by=by, at=at, public=False,
            data={"rule": rule, "event": event_on.isoformat(), "due": deadline.due_on.isoformat()},
        )  # fmt: skip
    return deadline


def _in_formation(ticket: Ticket, *, by: Any, at: datetime) -> None:
    """A nameless association to count for, unless a colleague named one this moment."""
    founder = ticket.person if ticket.standing == Standing.FOUNDER else None
    try:
        with transaction.atomic():
            nameless = in_formation(
                centre=ticket.centre, at=at, province=ticket.province, founder=founder
            )
            set_association(ticket, nameless, by=by, at=at)
    except Moved:
        ticket.refresh_from_db()
