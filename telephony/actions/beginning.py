"""How the request of a call began: with the call itself, with or without a word, or before it."""

from typing import Any

from telephony.models import Call


def was_opened_by(call: Call) -> bool:
    """Whether the request began with this call."""
    first = _first(call.ticket)
    return first is not None and first.key == f"call:{call.pk}"


def was_silent(ticket: Any) -> bool:
    """It began with a call, and nothing was asked in writing before."""
    first = _first(ticket)
    return first is not None and (first.key or "").startswith("call:") and not first.text


def _first(ticket: Any) -> Any:
    return ticket.entries.order_by("number").first() if ticket is not None else None
