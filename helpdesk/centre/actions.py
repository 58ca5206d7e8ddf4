"""What changes about the centre itself, each with its line in the history."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from helpdesk.centre.face import forget
from helpdesk.centre.models import Centre, Change, Logo, Operator

OPERATOR = "operator"
"""Fields of the operator begin with it in the history."""


@transaction.atomic
def describe(
    centre: Centre, *, step: str, facts: Mapping[str, Any], by: Any, at: datetime,
    operator: Mapping[str, Any] | None = None,
) -> Centre:  # fmt: skip
    """Store what pages show of the centre, and who runs it; the history says what was before."""
    before, after = _told(centre, facts), dict(facts)
    Centre.objects.filter(pk=centre.pk).update(**facts)
    if operator is not None:
        held = centre.operator or Operator()
        before |= _told(held, operator, prefix=OPERATOR)
        after |= {f"{OPERATOR}.{name}": value for name, value in operator.items()}
        _run_by(centre, operator)
    note(centre, step=step, before=before, after=after, by=by, at=at)
    centre.refresh_from_db()
    transaction.on_commit(forget)
    return centre


def _run_by(centre: Centre, operator: Mapping[str, Any]) -> None:
    if centre.operator_id:
        Operator.objects.filter(pk=centre.operator_id).update(**operator)
    else:
        Centre.objects.filter(pk=centre.pk).update(operator=Operator.objects.create(**operator))


@transaction.atomic
def show_logo(centre: Centre, png: bytes | None, *, step: str, by: Any, at: datetime) -> Centre:
    """The logo from now on, as `logos.redrawn` made it; None = none."""
    before = Logo.objects.filter(centre=centre).values_list("digest", flat=True).first() or ""
    digest = hashlib.sha256(png).hexdigest()[:16] if png else ""
    if png:
        Logo.objects.update_or_create(centre=centre, defaults={"png": png, "digest": digest})
    else:
        Logo.objects.filter(centre=centre).delete()
    note(centre, step=step, before={"logo": before}, after={"logo": digest}, by=by, at=at)
    transaction.on_commit(forget)
    return centre


@transaction.atomic
def open_to_public(centre: Centre, *, by: Any, at: datetime) -> bool:
    """From now on visitors may ask; False when somebody had opened it already."""
    opened = Centre.objects.filter(pk=centre.pk, opened_at=None).update(opened_at=at, opened_by=by)
    if opened:
        note(centre, step="live", before={}, after={"opened_at": at}, by=by, at=at)
        transaction.on_commit(forget)
    return bool(opened)


def note(
    centre: Centre, *, step: str, before: Mapping[str, Any], after: Mapping[str, Any], by: Any,
    at: datetime,
) -> Change:  # fmt: skip
    """One line of the history. A step saved as it stood is a line too: somebody looked at it."""
    old, new = ({k: _plain(v) for k, v in side.items()} for side in (before, after))
    moved = [name for name in new if old.get(name, "") != new[name]]
    return Change.objects.create(
        centre=centre, step=step, at=at, by=by,
        before={name: old.get(name, "") for name in moved},
        after={name: new[name] for name in moved},
    )  # fmt: skip


def _told(row: Any, facts: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}.{name}" if prefix else name: getattr(row, name) for name in facts}


def _plain(value: Any) -> Any:
    """As JSON keeps it; a person by number, for names change."""
    if value is None:
        return ""
    if isinstance(value, str | int | bool):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.pk if hasattr(value, "pk") else str(value)
