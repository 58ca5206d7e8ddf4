"""Levels and named access: ordinary, restricted, sealed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Grant, Ticket
from helpdesk.tickets.rules import Kind, Level


@transaction.atomic
def set_level(ticket: Ticket, level: Level, *, by: Any, at: datetime, reason: str) -> None:
    """Change who may read; who seals a ticket keeps access to it by name, and so does its assignee."""
    if ticket.level == level:
        return
    Ticket.objects.filter(pk=ticket.pk).update(level=level)
    ticket.level = level
    entry(ticket, Kind.LEVEL, by=by, at=at, public=False, text=reason, data={"level": int(level)})
    audit("changed-level", by=by, at=at, subject=ticket, reason=reason, facts={"to": int(level)})
    if level == Level.SEALED:
        named = {by, ticket.assignee} - {None}
        for user in named:
            grant(ticket, user, by=by, at=at, reason=reason)


def close_as_far(ticket: Ticket, other: Ticket, *, at: datetime) -> None:
    """What was made more confidential while the two were one stays so in both."""
    if ticket.level >= other.level:
        return
    Ticket.objects.filter(pk=ticket.pk).update(level=other.level)
    ticket.level = other.level
    if other.level == Level.SEALED:
        copy_grants(other, ticket, at=at)


def copy_grants(ticket: Ticket, other: Ticket, *, at: datetime) -> None:
    """Who is named for one is named for the other too."""
    for given in ticket.grants.select_related("user", "given_by"):
        Grant.objects.create(
            ticket=other, user=given.user, given_by=given.given_by, given_at=at,
            ends_at=given.ends_at, reason=given.reason,
        )  # fmt: skip


@transaction.atomic
def grant(
    ticket: Ticket, user: Any, *, by: Any, at: datetime, reason: str, until: datetime | None = None
) -> Grant:
    """Name somebody who may read a sealed ticket."""
    given, _ = Grant.objects.get_or_create(
        ticket=ticket, user=user, ends_at=until,
        defaults={"given_by": by, "given_at": at, "reason": reason[:300]},
    )  # fmt: skip
    audit("granted", by=by, at=at, subject=ticket, reason=reason, facts={"user": user.pk})
    return given


@transaction.atomic
def end_grant(given: Grant, *, by: Any, at: datetime, reason: str) -> None:
    """Take a name off; who gave it stays in the audit."""
    Grant.objects.filter(pk=given.pk, ends_at=None).update(ends_at=at)
    audit(
        "granted", by=by, at=at, subject=given.ticket, reason=reason,
        facts={"user": given.user_id, "ended": True},
    )  # fmt: skip
