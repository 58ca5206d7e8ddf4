"""What Twilio sent, read strictly: names, patterns and lengths of the fields. No query here.

Fields we do not know are let pass: Twilio adds some without notice. Those a door reads are required there
(an empty one counts as told) and must fit whole.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

from helpdesk.associations.numbers import BadNumber, Number

LONGEST = 64 * 1024
"""Bytes of a body: a message of 1600 Arabic letters takes about ten."""
MOST = 120
"""Fields of one request."""
OLDEST = timedelta(hours=24)
"""What happened before that is no news: a request repeated by somebody."""
AHEAD = timedelta(minutes=5)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
FORM = "application/x-www-form-urlencoded"
MOST_MEDIA = 10
"""Files of one message."""
WITHHELD = {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE in the digits of a telephone's letters."""
WORDS = ("Body",)
"""Fields that people write, in several lines."""
STATUSES = (
    "queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer",
    "canceled",
)  # fmt: skip


class Unread(Exception):
    """What was sent is not as it should be: the name of the field, or of what is wrong with the whole."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def _sid(prefix: str) -> str:
    return rf"{prefix}[0-9a-f]{{32}}"


SHAPES: dict[str, re.Pattern[str]] = {
    name: re.compile(shape)
    for name, shape in {
        "AccountSid": _sid("AC"),
        "CallSid": _sid("CA"),
        "From": r"[^\x00-\x1f\x7f]{0,255}",
        "To": r"[^\x00-\x1f\x7f]{0,255}",
        "Direction": r"[a-z-]{1,30}",
        "CallStatus": "|".join(STATUSES),
        "Digits": r"[0-9*#]{0,20}",
        "QueueSid": _sid("QU"),
        "QueueResult": r"[a-z-]{1,40}",
        "ConferenceSid": _sid("CF"),
        "FriendlyName": r"[A-Za-z0-9_-]{1,64}",
        "StatusCallbackEvent": r"[a-z-]{1,40}",
        "SequenceNumber": r"[0-9]{1,6}",
        "RecordingSid": _sid("RE"),
        "RecordingStatus": r"in-progress|completed|absent|failed",
        "RecordingDuration": r"[0-9]{1,6}",
        "RecordingUrl": r"[\x21-\x7e]{1,500}",
        "CallDuration": r"[0-9]{1,6}",
        "MessageSid": r"(SM|MM)[0-9a-f]{32}",
        "Body": r"(?s).{0,6000}",
        "NumMedia": r"[0-9]{1,2}",
        "MessageStatus": r"[a-z]{1,20}",
        "ErrorCode": r"[0-9]{1,6}",
        "ParticipantLabel": r"[A-Za-z0-9_-]{1,64}",
        "claim": r"[A-Za-z0-9_-]{20,64}",
        # Read for its ids alone, and never asked.
        **{f"MediaUrl{n}": r"[^\x00-\x1f\x7f]{1,2000}" for n in range(MOST_MEDIA)},
    }.items()
}


@dataclass(frozen=True)
class Door:
    """What one address of ours must be told. `optional` may be missing, never misshapen."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


CALL = ("AccountSid", "CallSid", "From", "To", "Direction", "CallStatus")
VOICE = Door(CALL)
SPOKEN = Door(CALL, ("RecordingUrl", "RecordingDuration"))
KEYS = Door((*CALL, "Digits"))
WAIT = Door((*CALL, "QueueSid"))
QUEUE = Door((*CALL, "QueueResult"))
STATUS = Door(CALL, ("SequenceNumber", "CallDuration"))
ROOM = Door(("AccountSid", "ConferenceSid", "FriendlyName", "StatusCallbackEvent"),
            ("CallSid", "SequenceNumber", "ParticipantLabel"))  # fmt: skip
RECORDED = Door(
    ("AccountSid", "CallSid", "RecordingSid", "RecordingStatus"), ("RecordingDuration",)
)
TEXT = Door(("AccountSid", "MessageSid", "From", "To", "Body", "NumMedia"),
            tuple(f"MediaUrl{n}" for n in range(MOST_MEDIA)))  # fmt: skip
TEXT_STATUS = Door(("AccountSid", "MessageSid", "MessageStatus"), ("ErrorCode",))
APPLICATION = Door((*CALL, "claim"))


@dataclass(frozen=True)
class Said:
    """The fields a door reads, each of its shape; what was left out is empty."""

    fields: dict[str, str]
    at: datetime
    """When it happened, as far as that was told; never after it was received."""
    is_timed: bool
    """Twilio told the time itself."""
    received_at: datetime

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def sequence(self) -> int | None:
        return int(self["SequenceNumber"]) if self["SequenceNumber"] else None


def pairs(body: bytes, kind: str) -> list[tuple[str, str]]:
    """Every field in its order, as it is signed. Raises Unread."""
    if kind != FORM:
        raise Unread("form")
    if len(body) > LONGEST:
        raise Unread("too-long")
    try:
        found = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST, errors="strict"
        )
    except ValueError:
        raise Unread("unreadable") from None
    if len(dict(found)) != len(found):
        raise Unread("twice")
    if not all(NAME.fullmatch(name) for name, _value in found):
        raise Unread("name")
    return found


def read(sent: Sequence[tuple[str, str]], door: Door, *, account: str, at: datetime) -> Said:
    """What a door must be told, of our own account. Raises Unread."""
    told = dict(sent)
    found = {name: _fitting(told, name) for name in door.required}
    found |= {name: _fitting(told, name) for name in door.optional if told.get(name)}
    if found["AccountSid"] != account:
        raise Unread("other-account")
    happened = _moment(told.get("Timestamp", ""), at=at)
    return Said(found, min(happened or at, at), happened is not None, at)


def number(said: Said, name: str = "From") -> Number | None:
    """Whoever is on that side; None = withheld, or nothing that can be called."""
    text = said[name]
    text = re.sub(r"^sips?:([^@;]*).*$", r"\1", text.removeprefix("whatsapp:"))
    if text in WITHHELD or not 4 <= len(text) <= 40:
        return None
    try:
        return Number.parse(text)
    except BadNumber:
        return None


def _fitting(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    fits: Callable[[str], Any] = SHAPES[name].fullmatch
    if value is None or not fits(value) or (name not in WORDS and CONTROLS.search(value)):
        raise Unread(name)
    return str(value)


def _moment(text: str, *, at: datetime) -> datetime | None:
    """`Tue, 24 Nov 2026 10:00:00 +0000`. Raises Unread when it is none, or of another day."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text[:60])
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        raise Unread("Timestamp") from None
    if not at - OLDEST <= moment <= at + AHEAD:
        raise Unread("stale")
    return moment
