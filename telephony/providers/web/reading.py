"""What pages send, read strictly: a value of another kind is refused, never guessed."""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "connected", "no-packets", "packets", "no-path", "quality", "microphone-refused", "device-lost",
)  # fmt: skip
LONGEST = 16 * 1024
"""Characters of a description; one has 1.3 thousand without servers."""
MOST = 2 * LONGEST
"""Bytes of a body."""
_SDP = re.compile(r"v=0\r?\n[\t\r\n\x20-\x7e]*")
_LEVELS = ("good", "fair", "poor")


class Unreadable(Exception):
    """Not what is asked for here."""


class TooLong(Unreadable):
    pass


@dataclass(frozen=True)
class Report:
    """`figures` of kind quality only: a level, seconds, shares."""

    kind: str
    link: int = 0
    figures: dict[str, Any] = field(default_factory=dict)


def content(body: bytes) -> dict[str, Any]:
    """An object. Raises Unreadable, TooLong."""
    if len(body) > MOST:
        raise TooLong
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(found, dict):
        raise Unreadable
    return found


def sdp(said: dict[str, Any]) -> str:
    text = said.get("sdp")
    if not isinstance(text, str):
        raise Unreadable
    if len(text) > LONGEST:
        raise TooLong
    if not _SDP.fullmatch(text):
        raise Unreadable
    return text


def whole(said: dict[str, Any], name: str) -> int:
    """A whole number from 0 to 2^31."""
    value = said.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise Unreadable
    return value


def number_in(text: str | None) -> int:
    """Of a header; 0 when there is none."""
    text = (text or "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Unreadable
    return int(text)


def numbers_in(text: str) -> list[int]:
    """Keys separated by commas, at most ten."""
    return [number_in(one) for one in text.split(",")[:10] if one]


def report(said: dict[str, Any]) -> Report:
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Unreadable
    figures = _figures(said) if kind == "quality" else {}
    return Report(kind, whole(said, "link"), figures)


def _figures(said: dict[str, Any]) -> dict[str, Any]:
    level = said.get("level")
    if not isinstance(level, str) or level not in _LEVELS:
        raise Unreadable
    return {"level": level} | {name: _share(said, name) for name in ("rtt", "jitter", "concealed")}


def _share(said: dict[str, Any], name: str) -> float:
    value = said.get(name) or 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise Unreadable
    return round(float(value), 4) if math.isfinite(value) else 0.0
