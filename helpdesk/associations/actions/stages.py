"""An association moves on in its life; what that means for its dates and clocks is told here."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from helpdesk.associations import clock
from helpdesk.associations.actions.deadlines import drop, meet, start_deadline
from helpdesk.associations.models import Association, LegalDeadline
from helpdesk.associations.rules import LegalStatus, Stage

_DATED = {
    Stage.FILED: "filed_on",
    Stage.PROVISIONAL: "provisional_on",
    Stage.FINAL: "final_on",
}
_MEETS = {
    Stage.PROVISIONAL: ("provisional-receipt",),
    Stage.FINAL: clock.RECEIPT,
    Stage.RENEWAL_FILED: ("mandate-end", "declare-change"),
}
"""Which running clocks a stage shows to be met."""


@transaction.atomic
def change_stage(
    association: Association,
    *,
    stage: str,
    by: Any,
    at: datetime,
    on: date | None = None,
    ticket_id: int | None = None,
) -> Association:
    """Move to a stage reached on a day (today when not said).

    A deposited file starts the clocks of both receipts; a receipt or a filed renewal meets its own;
    with the dissolution every clock stops. The same stage and day again changes nothing.
    """
    day = on or timezone.localtime(at).date()
    association.stage = Stage(stage)
    fields = ["stage"]
    if field := _DATED.get(Stage(stage)):
        setattr(association, field, day)
        fields.append(field)
    if stage == Stage.FILED and association.legal_status == LegalStatus.IN_FORMATION:
        association.legal_status = LegalStatus.WITHOUT_RECEIPT
        fields.append("legal_status")
    if stage == Stage.FINAL and association.legal_status == LegalStatus.WITHOUT_RECEIPT:
        association.legal_status = LegalStatus.DECLARED
        fields.append("legal_status")
    association.save(update_fields=fields)
    _run_clocks(association, stage, day, by=by, at=at, ticket_id=ticket_id)
    association.refresh_from_db()
    return association


def _run_clocks(
    association: Association, stage: str, day: date, *, by: Any, at: datetime, ticket_id: int | None
) -> None:
    if stage == Stage.FILED:
        for rule in clock.RECEIPT:
            start_deadline(association, rule=rule, event_on=day, by=by, at=at, ticket_id=ticket_id)
    if stage == Stage.PROVISIONAL and _open(association).filter(
        rule="final-receipt", state=LegalDeadline.State.PASSED
    ):
        Association.objects.filter(pk=association.pk).update(stage=Stage.DAY_60)
    for deadline in _open(association).filter(rule__in=_MEETS.get(Stage(stage), ())):
        meet(deadline, on=day)
    if stage == Stage.DISSOLVED:
        for deadline in _open(association):
            drop(deadline, on=day)


def _open(association: Association) -> Any:
    return association.deadlines.filter(
        state__in=(LegalDeadline.State.RUNNING, LegalDeadline.State.PASSED)
    )
