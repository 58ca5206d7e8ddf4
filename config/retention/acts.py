"""Proposing, confirming and carrying out how long records are kept."""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from config.retention.kinds import KINDS, Kind, due
from helpdesk.accounts.actions import audit
from helpdesk.supervision.models import RetentionRule

AT_ONCE = 500
"""Rows of a kind that one sweep deletes, each in a transaction of its own."""


class OwnProposal(Exception):
    """Nobody confirms what they proposed themselves."""

    def __str__(self) -> str:
        return _("A second person has to confirm what you proposed.")


@dataclass(frozen=True)
class Listed:
    """One kind in a dry run. `number` None: no rule is in force."""

    kind: Kind
    rule: RetentionRule | None
    number: int | None
    proposed: int | None
    """How many would go by the days proposed."""


def dry_run(centre: Any, *, at: datetime) -> list[Listed]:
    """How many rows of each kind would go now; deletes nothing."""
    rules = {rule.kind: rule for rule in RetentionRule.objects.of(centre)}
    return [_listed(kind, rules.get(kind.code), centre, at=at) for kind in KINDS]


def _listed(kind: Kind, rule: RetentionRule | None, centre: Any, *, at: datetime) -> Listed:
    def count(days: int | None) -> int | None:
        return None if days is None else due(kind, centre, days=days, at=at).count()

    return Listed(
        kind, rule, count(rule.days if rule else None), count(rule.proposed_days if rule else None)
    )


@transaction.atomic
def propose(centre: Any, days: Mapping[str, int], *, by: Any, at: datetime) -> int:
    """Days by kind; how many wait for a second person now. What holds already is no proposal."""
    made = 0
    for kind in KINDS:
        if kind.code not in days:
            continue
        rule, _made = RetentionRule.objects.get_or_create(centre=centre, kind=kind.code)
        if days[kind.code] in (rule.days, rule.proposed_days):
            continue
        RetentionRule.objects.filter(pk=rule.pk).update(
            proposed_days=days[kind.code], proposed_by=by, proposed_at=at
        )
        facts = {"kind": kind.code, "days": days[kind.code], "before": rule.days}
        audit("proposed-retention", by=by, at=at, subject=rule, facts=facts)
        made += 1
    return made


@transaction.atomic
def confirm(rule: RetentionRule, *, days: int, by: Any, at: datetime) -> bool:
    """Take the proposal into force, as it was read; False when it changed since. Raises OwnProposal."""
    if rule.proposed_by_id == by.pk:
        raise OwnProposal
    taken = RetentionRule.objects.filter(pk=rule.pk, proposed_days=days).exclude(proposed_by=by)
    done = taken.update(
        days=days, proposed_days=None, confirmed_by=by, confirmed_at=at
    )  # fmt: skip
    if done:
        facts = {
            "kind": rule.kind,
            "days": days,
            "before": rule.days,
            "proposed_by": rule.proposed_by_id,
        }
        audit("confirmed-retention", by=by, at=at, subject=rule, facts=facts)
    return bool(done)


@transaction.atomic
def refuse(rule: RetentionRule, *, by: Any, at: datetime) -> bool:
    """The proposal goes; what held before holds. Also by who proposed it."""
    done = RetentionRule.objects.filter(pk=rule.pk).proposed().update(proposed_days=None)
    if done:
        facts = {"kind": rule.kind, "days": rule.proposed_days}
        audit("refused-retention", by=by, at=at, subject=rule, facts=facts)
    return bool(done)


def sweep(centre: Any, *, at: datetime, by: Any = None) -> dict[str, int]:
    """Delete what is due at that moment, by the rules in force: rows by kind."""
    rules = {rule.kind: rule for rule in RetentionRule.objects.of(centre).in_force()}
    gone: dict[str, int] = {}
    with overwriting():
        for kind in KINDS:
            rule = rules.get(kind.code)
            if rule is None or rule.days is None:
                continue
            number = _sweep(kind, centre, days=rule.days, at=at)
            if number:
                gone[kind.code] = number
                facts = {
                    "kind": kind.code,
                    "days": rule.days,
                    "rows": number,
                    "as_of": at.isoformat(),
                }
                audit("swept-retention", by=by, at=at, subject=rule, facts=facts)
    return gone


def _sweep(kind: Kind, centre: Any, *, days: int, at: datetime) -> int:
    number, rows = 0, due(kind, centre, days=days, at=at)
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            row = due(kind, centre, days=days, at=at).filter(pk=pk).first()
            if row is not None:
                kind.drop(row, at=at)
                number += 1
    return number


@contextmanager
def overwriting() -> Any:
    """SQLite leaves what was deleted in the file until the place is used again: here it is wiped."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA secure_delete=OFF")
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
