"""Passes: what a page that a person may see gives its socket, so that no socket decides over rights.

A pass names its streams, holds five minutes, and is bound to the person it was made for; the page
gets a new one from the same view that drew it. One bound to nobody (`""`) is for visitors: whoever
was given it by the page of their conversation.
"""

import time
from dataclasses import dataclass

from django.core import signing

from helpdesk.live.streams import is_stream

LASTS = 300
"""Seconds."""
MOST = 20
"""Streams in one pass."""
_SALT = "wasl.pass"


class BadPass(Exception):
    """Forged, expired, or somebody else's."""


@dataclass(frozen=True)
class Pass:
    """`until` is in seconds of the epoch."""

    streams: tuple[str, ...]
    until: float


def make(*streams: str, bound: str = "") -> str:
    """A signed pass for these streams; `bound` as by `bound_to`."""
    content = {"s": list(streams[:MOST]), "b": bound, "u": int(time.time()) + LASTS}
    return signing.dumps(content, salt=_SALT)


@dataclass(frozen=True)
class Listening:
    """What a page's element says: `data-live`, `data-pass`."""

    streams: str
    text: str


def listening(user: object, *streams: str) -> Listening:
    """For a page that this signed-in person may see."""
    return Listening(" ".join(streams[:MOST]), make(*streams, bound=bound_to(user)))


def bound_to(user: object) -> str:
    """What binds a pass to a signed-in person."""
    return f"u{getattr(user, 'pk', None) or ''}"


def read(text: object, *, bound: str) -> Pass:
    """Raises BadPass."""
    if not isinstance(text, str) or len(text) > 2_000:
        raise BadPass
    try:
        content = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        raise BadPass from None
    if content["u"] < time.time() or content["b"] not in ("", bound):
        raise BadPass
    return Pass(tuple(name for name in content["s"] if is_stream(name)), float(content["u"]))
