"""Acts on libraries of other centres as people do them here: the library's own act, and its line in the audit."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.centre.models import Centre
from knowledge.articles.actions import bundling
from knowledge.articles.bundle_models import Bundle, TrustedKey
from knowledge.articles.bundles import exporting
from knowledge.articles.bundles.opening import Centre as Maker
from knowledge.articles.models import Version


def export(centre: Centre, *, on: date, by: Any, at: datetime) -> bytes:
    """Our library, signed, as one file."""
    made = exporting.make(Maker(centre.slug, centre.name_ar, centre.name_fr), on=on)
    audit("exported-bundle", by=by, at=at, subject=centre, facts={"bytes": len(made)})
    return made


@transaction.atomic
def trust(key: str, *, centre: str, by: Any, at: datetime) -> bool:
    """False when it was trusted already. Raises what bundling.trust raises."""
    row, made = bundling.trust(key, centre=centre, by=by, at=at)
    if made:
        audit("trusted-key", by=by, at=at, subject=row, reason=f"{centre} · {row.number}")
    return made


@transaction.atomic
def end_trust(row: TrustedKey, *, by: Any, at: datetime) -> bool:
    ended = bundling.end_trust(row, by=by, at=at)
    if ended:
        audit("ended-trust", by=by, at=at, subject=row, reason=f"{row.centre} · {row.number}")
    return ended


@transaction.atomic
def receive(data: bytes, *, by: Any, at: datetime) -> tuple[Bundle, bool]:
    """Raises what bundling.receive raises."""
    row, made = bundling.receive(data, by=by, at=at)
    if made:
        audit("brought-bundle", by=by, at=at, subject=row, reason=row.key.centre)
    return row, made


@transaction.atomic
def take(row: Bundle, chosen: Collection[str], *, by: Any, at: datetime) -> int:
    """How many editions now wait for a signature of ours."""
    taken = bundling.take(row, chosen, by=by, at=at)
    for version in taken:
        audit("took-version", by=by, at=at, subject=version, reason=row.key.centre)
    return len(taken)


@transaction.atomic
def sign_and_open(version: Version, *, by: Any, at: datetime, bulletin: str) -> None:
    """Raises what bundling.sign_and_open raises."""
    bundling.sign_and_open(version, by=by, at=at, bulletin=bulletin)
    audit("signed-version", by=by, at=at, subject=version, reason=bulletin)


@transaction.atomic
def put_away(version: Version, *, by: Any, at: datetime, why: str) -> None:
    bundling.put_away(version, by=by, at=at, why=why)
    audit("put-away-version", by=by, at=at, subject=version, reason=why)
