"""What a machine sent, read strictly: names, patterns and lengths of the fields. No query here."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from helpdesk.accounts.models import Tongue
from helpdesk.associations.numbers import BadNumber, Number

LONGEST = 8 * 1024
"""Bytes of a body."""
OLDEST = timedelta(days=7)
"""An event told later than this is no news."""
AHEAD = timedelta(minutes=5)
"""By how much the exchange's clock may be before ours."""
EVENTS = ("ringing", "answered", "ended", "missed", "voicemail")
CALL = re.compile(r"[A-Za-z0-9._:@+/-]{1,80}")
EXTENSION = re.compile(r"[A-Za-z0-9*#_-]{1,20}")
LINE = re.compile(r"[\w .+()-]{1,40}")
RECORDING = re.compile(r"[A-Za-z0-9._:/-]{1,200}")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
FORM = "application/x-www-form-urlencoded"


class Unread(Exception):
    """What was sent is not as it should be: the name of the field, or of what is wrong with the whole."""

    def __init__(self, field: str, status: int = 422) -> None:
        super().__init__(field)
        self.field, self.status = field, status


@dataclass(frozen=True)
class Said:
    """One event as an exchange tells it."""

    call: str
    """The exchange's name for the call."""
    event: str
    at: datetime
    number: Number | None = None
    """None = withheld, or nothing that can be called."""
    extension: str = ""
    line: str = ""
    language: str = ""
    sequence: int | None = None
    seconds: int | None = None
    recording: str = ""

    @property
    def mark(self) -> str:
        """What makes the happening this one: told again it is the same."""
        when = self.sequence if self.sequence is not None else int(self.at.timestamp() * 1000)
        return f"{self.event}:{self.extension}:{when}"


def said(body: bytes, kind: str, *, at: datetime) -> Said:
    """One event. Raises Unread."""
    sent = _sent(body, kind)
    event = _text(sent, "event", lambda text: text in EVENTS, required=True)
    return Said(
        call=_text(sent, "call", CALL.fullmatch, required=True), event=event,
        at=_moment(sent, at=at), number=number(sent),
        extension=_text(sent, "extension", EXTENSION.fullmatch),
        line=_text(sent, "line", LINE.fullmatch),
        language=_text(sent, "language", lambda text: text in Tongue.values),
        sequence=_whole(sent, "sequence", 30_000), seconds=_whole(sent, "seconds", 86_400),
        recording=_text(sent, "recording", RECORDING.fullmatch),
    )  # fmt: skip


def asked(body: bytes, kind: str, *, at: datetime) -> Number | None:
    """The number of which an exchange wants to know who it is. Raises Unread."""
    return number(_sent(body, kind))


def number(sent: Mapping[str, Any]) -> Number | None:
    """Whatever the exchange shows as the caller. A call is never refused for it: what is no number that
    could be called (`anonymous`, `unknown`, 177, five thousand digits) counts as withheld."""
    text = sent.get("number", "")
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text) if abs(text) < 10**20 else ""
    if not isinstance(text, str):
        raise Unread("number")
    text = text.strip()
    if not 4 <= len(text) <= 40:
        return None
    try:
        return Number.parse(text)
    except BadNumber:
        return None


def _sent(body: bytes, kind: str) -> dict[str, Any]:
    if len(body) > LONGEST:
        raise Unread("too-long", 413)
    try:
        if kind == FORM:
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=30,
                              errors="strict")  # fmt: skip
            if len(dict(pairs)) != len(pairs):
                raise Unread("twice")
            return dict(pairs)
        if kind == "application/json":
            found = json.loads(body, parse_constant=_refuse, parse_int=_short_int)
            if isinstance(found, dict):
                return found
            raise Unread("not-an-object")
    except (ValueError, RecursionError):
        raise Unread("unreadable", 400) from None
    raise Unread("json-or-form", 415)


def _refuse(text: str) -> None:
    raise ValueError(text)


def _short_int(text: str) -> int:
    """Digits without end would cost time: longer ones are no number of ours anyway."""
    return int(text) if len(text) <= 25 else 10**25


def _text(
    sent: Mapping[str, Any], name: str, fits: Callable[[str], Any], *, required: bool = False
) -> str:
    value = sent.get(name)
    if value in (None, "") and not required:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or CONTROLS.search(value) or not fits(value):
        raise Unread(name)
    return value


def _whole(sent: Mapping[str, Any], name: str, most: int) -> int | None:
    text = _text(sent, name, lambda text: text.isascii() and text.isdigit() and len(text) <= 6)
    if not text:
        return None
    if int(text) > most:
        raise Unread(name)
    return int(text)


def _moment(sent: Mapping[str, Any], *, at: datetime) -> datetime:
    """When it happened: seconds since 1970 or ISO 8601 with its zone; left out = now."""
    value = sent.get("at")
    if value in (None, ""):
        return at
    try:
        if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
            moment = datetime.fromisoformat(value)
        else:
            moment = datetime.fromtimestamp(float(str(value)[:20]), UTC)
        if moment.tzinfo is None or isinstance(value, bool):
            raise ValueError
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise Unread("at") from None
    if not at - OLDEST <= moment <= at + AHEAD:
        raise Unread("at")
    return min(moment, at)
