"""Asking back: what the advisor still needs to know before answering."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.tickets.actions import targets, telling
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Kind, State


@transaction.atomic
def ask_back(
    ticket: Ticket, text: str, *, by: Any, at: datetime, language: str, key: str | None = None
) -> Entry:
    """Put a question to the asker and wait for them; the target does not run while it waits.

    No answer: it gives no article and no advice, and counts as none. The same `key` twice is one.
    """
    if key and (known := Entry.objects.filter(key=key).first()):
        return known
    sent = entry(ticket, Kind.LINE, by=by, at=at, text=text, language=language, key=key)
    Ticket.objects.filter(pk=ticket.pk).open().update(state=State.WAITING)
    targets.rest(ticket, at=at)
    ticket.refresh_from_db()
    telling.tell_asker(ticket, "line-added", at=at, key=f"line:{sent.pk}")
    return sent
