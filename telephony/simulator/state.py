"""What Twilio holds of an account: calls, queues and members, rooms and participants, recordings, messages.

Words here are Twilio's, because its state is what is played. Times are UTC, lengths are seconds.
"""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""Of a call: no status follows these."""


class Ids:
    """Names as Twilio gives them: two letters for the kind, 32 hex digits. The same seed, the same names."""

    def __init__(self, seed: object) -> None:
        self._random = Random(f"{seed}/ids")

    def new(self, kind: str) -> str:
        return f"{kind}{self._random.getrandbits(128):032x}"

    def token(self) -> str:
        """The shape of the header that marks a repetition: a UUID."""
        digits = f"{self._random.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@dataclass(frozen=True)
class Hooks:
    """Where a number or an application asks what to do. Addresses may carry `#rt=…&rc=…`."""

    voice: str
    fallback: str = ""
    status: str = ""
    message: str = ""
    fallback_method: str = "POST"


@dataclass(eq=False)
class Account:
    sid: str
    token: str
    keys: dict[str, str] = field(default_factory=dict)
    """API keys: name (SK…) to secret; they open the REST surface and sign access tokens."""
    numbers: dict[str, Hooks] = field(default_factory=dict)
    applications: dict[str, Hooks] = field(default_factory=dict)
    """By their AP name: what a browser leg asks."""
    countries: frozenset[str] = frozenset({"MA"})
    """Where dialling is permitted."""
    dear: frozenset[str] = frozenset()
    """Where dialling of dear numbers is permitted too."""


@dataclass(eq=False)
class Asked:
    """One request of ours and the server's answer, as `Calls/{CA}/Events` shows them."""

    at: datetime
    url: str
    form: dict[str, str]
    status: int
    body: str


@dataclass(eq=False)
class Call:
    sid: str
    from_: str
    to: str
    direction: str
    """inbound, outbound-api."""
    created: datetime
    status: str
    hooks: Hooks
    started: datetime | None = None
    ended: datetime | None = None
    timeout: int = 60
    """Seconds it rings at whom we call."""
    limit: int = 0
    document: Any = None
    """What a call made over REST begins with, where it was sent along."""
    queue_time: int = 0
    """Milliseconds that a creation over REST waited for its turn."""
    custom: dict[str, str] = field(default_factory=dict)
    """What a browser leg gave to `connect({params})`."""
    events: tuple[str, ...] = ("completed",)
    """Changes told to `hooks.status`."""
    method: str = "POST"
    sequence: int = 0
    person: Any = None
    """Who holds the telephone: see `people.Person`."""
    main: Any = None
    """What is carried out (`flow.Flow`)."""
    inner: Any = None
    """What is heard while the first stands still: in a queue, on hold, before a room starts."""
    member: "Member | None" = None
    participant: "Participant | None" = None
    taking: Any = None
    """A `<Record>` under way (`recording.Taking`)."""
    requests: list[Asked] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def identity(self) -> str:
        """Whose browser it is; empty for a telephone."""
        return self.from_.removeprefix("client:") if self.from_.startswith("client:") else ""


@dataclass(eq=False)
class Member:
    call: Call
    queue: "Queue"
    since: datetime
    verb: Any
    """The `<Enqueue>` by which it came."""


@dataclass(eq=False)
class Queue:
    sid: str
    name: str
    created: datetime
    most: int = 1000
    members: list[Member] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def average(self) -> int:
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0


@dataclass(eq=False)
class Participant:
    call: Call
    room: "Conference"
    joined: datetime
    label: str = ""
    muted: bool = False
    hold: bool = False
    coach: str = ""
    """The CallSid that alone hears this one; empty: everybody does."""
    starts: bool = True
    ends: bool = False
    wait_url: str = ""
    verb: Any = None
    """The `<Dial>` by which it came; None when the REST surface put it there."""
    here: bool = True
    status: str = "connected"


@dataclass(eq=False)
class Conference:
    sid: str
    name: str
    created: datetime
    status: str = "init"
    participants: list[Participant] = field(default_factory=list)
    callback: str = ""
    events: frozenset[str] = frozenset()
    heard: bool = False
    """The first participant has settled callback and events; later ones are ignored."""
    sequence: int = 0
    most: int = 250
    why: str = ""
    by: str = ""
    recording: "Recording | None" = None

    def of(self, name: str) -> Participant | None:
        """By CallSid or by label, as Twilio accepts either."""
        for one in self.participants:
            if one.status not in ("complete", "failed") and name in (one.call.sid, one.label):
                return one if name else None
        return None


@dataclass(eq=False)
class Recording:
    sid: str
    call: str
    created: datetime
    source: str
    room: str = ""
    status: str = "in-progress"
    channels: int = 1
    length: float = 0
    callback: str = ""
    events: tuple[str, ...] = ("completed",)
    running: datetime | None = None
    """Since when sound is taken; None while paused or after the end."""
    deleted: bool = False
    """The sound is gone; that it was lives on for 40 days."""


@dataclass(eq=False)
class File:
    """What hangs on a message."""

    sid: str
    kind: str
    """Its type, as whoever sent it said."""
    content: bytes
    token: str
    """By which the store gives it out, without asking who."""


@dataclass(eq=False)
class Message:
    sid: str
    from_: str
    to: str
    body: str
    direction: str
    created: datetime
    status: str
    callback: str = ""
    error: int = 0
    media: list[str] = field(default_factory=list)
    """Addresses of what hangs on it."""
    files: dict[str, File] = field(default_factory=dict)
    """Of those that came in, by their ME name, until they are deleted."""
    kinds: list[str] = field(default_factory=list)
    sent: datetime | None = None
