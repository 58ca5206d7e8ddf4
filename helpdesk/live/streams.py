"""Names of streams: what a page can be told has moved. A name says nothing but a kind and a number."""

import re

_NAME = re.compile(r"(ticket|chat|team|call|article):[1-9][0-9]{0,14}")
EPHEMERAL = ("typing", "viewing", "read")
"""Kinds that tell of a moment and not of something written."""
APART = (*EPHEMERAL, "call")
"""Kinds that a later fact of another kind never replaces on its way: some regions listen to them alone."""


def ticket(pk: int) -> str:
    """A request as the desk sees it: numbered by its entries."""
    return f"ticket:{pk}"


def chat(pk: int) -> str:
    """The asker's side of a request: only what the asker may know of."""
    return f"chat:{pk}"


def call(pk: int) -> str:
    """A telephone call: pages of both sides are told that its version moved."""
    return f"call:{pk}"


def article(pk: int) -> str:
    """An article in the editor: somebody writes or saved; no numbers."""
    return f"article:{pk}"


def team(pk: int) -> str:
    """Lists, queues and board of one team: no numbers, the page asks for all of it again."""
    return f"team:{pk}"


def is_stream(name: object) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None
