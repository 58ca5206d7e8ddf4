"""Acts on organisations and their keys, each with its line in the audit."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.accounts.keys import ApiKey, Organisation, hash_of, new_key, prefix_of
from helpdesk.accounts.models import Audit

Act = Audit.Act


@transaction.atomic
def add_organisation(*, centre: Any, by: Any, at: datetime, **fields: Any) -> Organisation:
    made = Organisation.objects.create(centre=centre, added_at=at, **fields)
    audit(Act.CHANGED_KEYS, by=by, at=at, subject=made, facts={"act": "added"})
    return made


@transaction.atomic
def end_organisation(organisation: Organisation, *, by: Any, at: datetime) -> None:
    """From now on its keys open nothing and nothing is sent to it."""
    rows = Organisation.objects.filter(pk=organisation.pk, ended_at=None)
    if rows.update(ended_at=at):
        audit(Act.CHANGED_KEYS, by=by, at=at, subject=organisation, facts={"act": "ended"})


@transaction.atomic
def make_key(
    organisation: Organisation, *, scopes: list[str], by: Any, at: datetime, **fields: Any
) -> tuple[ApiKey, str]:
    """The key's row, and the key in clear, this once only."""
    key = new_key()
    row = ApiKey.objects.create(
        organisation=organisation, prefix=prefix_of(key), secret_hash=hash_of(key),
        scopes=sorted(scopes), made_by=by, made_at=at, **fields,
    )  # fmt: skip
    facts = {"scopes": row.scopes, "per_minute": row.per_minute}
    audit(Act.MADE_KEY, by=by, at=at, subject=row, facts=facts)
    return row, key


@transaction.atomic
def revoke_key(row: ApiKey, *, by: Any, at: datetime) -> None:
    """It opens nothing from its next use on. Harmless twice."""
    if ApiKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        audit(Act.REVOKED_KEY, by=by, at=at, subject=row)
