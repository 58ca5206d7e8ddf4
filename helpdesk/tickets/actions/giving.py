"""Giving the asker a paper: written into the thread, so that one can prove what was handed over."""

from datetime import datetime
from typing import Any

from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Kind
from knowledge.articles.papers import texts


def give_paper(
    ticket: Ticket, code: str, *, language: str, form: str, is_filled: bool, by: Any,
    at: datetime, key: str,
) -> Entry:  # fmt: skip
    """Note the paper given. The same `key` twice is one giving."""
    titles = {
        f"title_{tongue}": found.title
        for tongue in ("ar", "fr")
        if (found := texts.paper(code, tongue))
    }
    data = {
        "about": "paper", "paper": code, "language": language, "form": form,
        "filled": is_filled, **titles,
    }  # fmt: skip
    return entry(
        ticket, Kind.NOTE, by=by, at=at, public=False, data=data,
        key=f"paper:{ticket.pk}:{key}:{code}:{language}:{form}",
    )  # fmt: skip
