"""The contacts of a request, read from its entries: each can be rated once. No query but the entries.

A contact begins with the first entry, or with what the asker does after the one before was settled: an
answer given, a call, a closing with a word of ours in it. It is named by the number of that entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from helpdesk.tickets.rules import Channel, Kind

ASKED = (Kind.QUESTION, Kind.LINE, Kind.MAIL)


@dataclass(frozen=True)
class Said:
    """One public entry, as far as contacts go."""

    number: int
    kind: str
    from_asker: bool


def settled(entries: Iterable[Said], *, is_chat: bool = False) -> list[int]:
    """Numbers of the contacts that may be rated, the oldest first.

    In a chat every line is one; its last contact counts as soon as we have said something in it.
    """
    found: list[int] = []
    start, spoken = 0, False
    for entry in entries:
        asked = entry.from_asker and entry.kind in ASKED
        if not start or ((asked or entry.kind == Kind.CALL) and found and found[-1] == start):
            start, spoken = entry.number, False
        spoken = spoken or (not entry.from_asker and entry.kind in (Kind.LINE, Kind.MAIL))
        ends = entry.kind in (Kind.ANSWER, Kind.CALL)
        ends = ends or (entry.kind == Kind.CLOSURE and (spoken or not found))
        if ends and start not in found:
            found.append(start)
    if is_chat and spoken and start not in found:
        found.append(start)
    return found


def of(ticket: Any) -> list[int]:
    """Numbers of the contacts of this request that may be rated."""
    rows = ticket.entries.for_asker().order_by("number").values_list("number", "kind", "from_asker")
    return settled([Said(*row) for row in rows], is_chat=ticket.channel == Channel.CHAT)
