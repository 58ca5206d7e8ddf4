"""Acts on subscriptions, each with its line in the audit."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from helpdesk.accounts.actions import audit
from helpdesk.accounts.models import Audit, Organisation
from helpdesk.notices.subscriptions import Subscription


@transaction.atomic
def subscribe(
    organisation: Organisation, *, url: str, events: list[str], by: Any, at: datetime
) -> Subscription:
    """It is told from now on, of nothing that was before."""
    row = Subscription.objects.create(
        organisation=organisation, url=url, events=sorted(events), made_at=at, made_by=by,
        told_until=at,
    )  # fmt: skip
    _note(row, "subscribed", by=by, at=at)
    return row


@transaction.atomic
def renew_secret(row: Subscription, *, by: Any, at: datetime) -> Subscription:
    """Another secret signs from the next message on."""
    Subscription.objects.filter(pk=row.pk).update(turn=F("turn") + 1)
    _note(row, "new secret", by=by, at=at)
    row.refresh_from_db()
    return row


@transaction.atomic
def end(row: Subscription, *, by: Any, at: datetime) -> None:
    """Nothing more is sent, what waits neither. Harmless twice."""
    if Subscription.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at):
        _note(row, "unsubscribed", by=by, at=at)


def _note(row: Subscription, act: str, *, by: Any, at: datetime) -> None:
    audit(Audit.Act.CHANGED_KEYS, by=by, at=at, subject=row, facts={"act": act})
