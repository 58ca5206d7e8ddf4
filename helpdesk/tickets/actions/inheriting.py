"""What the request that goes on takes over from the one merged into it."""

from typing import Any

from helpdesk.tickets.actions import telling
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import UNANSWERED_STATES, AnswerBy, State

FILLED = ("association_id", "theme_id", "province", "secret_hash")
"""Taken over where the target has nothing. The code: its holder knows no other."""
CONTACT = ("contact_email", "contact_number")


def taken_over(source: Ticket, target: Ticket) -> dict[str, Any]:
    """New values of the target's fields.

    A question still without an answer is never hidden behind an older answer, the nearer target
    counts, and who wanted to be written to still is.
    """
    found = {
        name: getattr(source, name)
        for name in FILLED
        if getattr(source, name) and not getattr(target, name)
    }
    if source.state in UNANSWERED_STATES and target.state in (State.WAITING, State.ANSWERED):
        found["state"] = State.OPEN
    if source.owes_answer and target.owes_answer:
        found["answer_due_at"] = min(
            filter(None, (source.answer_due_at, target.answer_due_at)), default=None
        )
    elif source.first_answered_at and not target.first_answered_at and not target.owes_answer:
        found["first_answered_at"] = source.first_answered_at
    return found | _way(source, target)


def _way(source: Ticket, target: Ticket) -> dict[str, Any]:
    """How the asker is told, when only the source says so."""
    channel, address = telling.where(source)
    if not address or telling.where(target)[1]:
        return {}
    way = AnswerBy.EMAIL if channel == "email" else AnswerBy(source.answer_by)
    given = {
        name: getattr(source, name)
        for name in CONTACT
        if getattr(source, name) and not getattr(target, name)
    }
    return {"answer_by": way, **given}
