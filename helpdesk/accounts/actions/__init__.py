"""Acts on accounts, and the audit's one door."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction

from helpdesk.accounts.models import Audit
from helpdesk.accounts.rules import PERMISSIONS


def audit(
    act: str,
    *,
    by: Any,
    at: datetime,
    subject: models.Model | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> Audit:
    """Write one audit row. `facts` must hold no personal data and no content."""
    return Audit.objects.create(
        at=at,
        user=by,
        act=act,
        subject_kind=subject._meta.model_name or "" if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        reason=reason[:300],
        facts=facts or {},
    )


@transaction.atomic
def lay_groups() -> None:
    """Make the seven groups with exactly the permissions of `rules.PERMISSIONS`; harmless twice."""
    known = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type")
    }
    for role, names in PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set([known[name] for name in names])
