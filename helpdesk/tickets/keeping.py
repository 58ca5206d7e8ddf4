"""Fields of a ticket as a merge found them, kept as JSON; put back where nobody changed them since."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Min

from helpdesk.tickets.models import Answer, Ticket

Changes = dict[str, list[Any]]
"""Column, and its values: the one before, and a sign of the one after (nothing can be read from it)."""


def read(ticket: Ticket, names: Iterable[str]) -> dict[str, Any]:
    return {name: _as_json(getattr(ticket, name)) for name in names}


def change(ticket: Ticket, values: Mapping[str, Any]) -> Changes:
    """Give the ticket these values; what each was before, for those that changed."""
    differing = {name: value for name, value in values.items() if getattr(ticket, name) != value}
    if differing:
        Ticket.objects.filter(pk=ticket.pk).update(**differing)
    return {
        name: [_as_json(getattr(ticket, name)), _sign(value)] for name, value in differing.items()
    }


def change_back(ticket: Ticket, changes: Changes) -> set[str]:
    """Undo `change`, except where the value is another again; what was put back."""
    row = Ticket.objects.get(pk=ticket.pk)
    before = {
        name: old for name, (old, sign) in changes.items() if _sign(getattr(row, name)) == sign
    }
    if before:
        Ticket.objects.filter(pk=ticket.pk).update(**written(before))
    return set(before)


def count_first_answer(ticket: Ticket) -> None:
    """A first answer that left with a merge's undoing gives way to the one written since."""
    given = Answer.objects.filter(ticket=ticket, state=Answer.State.RELEASED)
    first = given.aggregate(first=Min("released_at"))["first"]
    if first is not None:
        Ticket.objects.filter(pk=ticket.pk, first_answered_at=None).update(first_answered_at=first)


def written(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Kept values as the database takes them."""
    columns = {field.attname: field for field in Ticket._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in kept.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)


def _sign(value: Any) -> str:
    plain = value.for_storage() if hasattr(value, "for_storage") else str(_as_json(value))
    return hmac.new(
        settings.PEPPER.encode(), b"kept:" + plain.encode(), hashlib.sha256
    ).hexdigest()[:24]
