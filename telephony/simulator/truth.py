"""What really happened, told from the exchange's own history: who waited, who spoke with whom, how it ended.

Told from the moments alone, never from what the server says; to be compared with its rows at the
end. Two speak while both are in a room that has started and neither is only listening (joined muted,
or coaching); a caller on hold is held, not spoken with. Seconds, as floats; rows may be whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telephony.simulator.world import Moment

TALKED, MESSAGE, LEFT, ABANDONED, EARLY = "talked", "message", "left", "abandoned", "early"
"""Spoke with somebody; left a message; left the queue by a key and no message; hung up in the queue;
ended without ever standing in it. The first that is true."""


@dataclass(frozen=True)
class Conversation:
    identity: str
    began: datetime
    seconds: float
    """Without the time on hold."""
    held: float = 0


@dataclass(frozen=True)
class Wait:
    began: datetime
    seconds: float
    result: str
    """redirected, leave, hangup; empty: still there when the telling ends."""


@dataclass
class Told:
    """One telephone's call."""

    sid: str
    number: str
    arrived: datetime
    kind: str = "telephone"
    ended: datetime | None = None
    by: str = ""
    status: str = ""
    waits: list[Wait] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    message: float = 0

    @property
    def outcome(self) -> str:
        if self.conversations:
            return TALKED
        if self.message:
            return MESSAGE
        results = {wait.result for wait in self.waits}
        if "leave" in results:
            return LEFT
        return ABANDONED if self.waits else EARLY

    @property
    def waited(self) -> float:
        return sum(wait.seconds for wait in self.waits)


@dataclass
class Truth:
    calls: dict[str, Told] = field(default_factory=dict)
    """Telephones only: inbound, and those called."""
    browsers: dict[str, str] = field(default_factory=dict)
    """Browser legs: CallSid to identity."""
    lost: list[str] = field(default_factory=list)
    """Calls that ended because no document came."""

    def outcomes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for told in self.calls.values():
            found[told.outcome] = found.get(told.outcome, 0) + 1
        return found


@dataclass
class _Room:
    started: bool = False
    inside: set[str] = field(default_factory=set)
    listening: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    coaching: set[str] = field(default_factory=set)
    muted: set[str] = field(default_factory=set)


@dataclass
class _Open:
    began: datetime
    held: float = 0
    since: datetime | None = None
    """On hold since."""


def tell(history: "Iterable[Moment]", until: datetime, *, whole: bool = False) -> Truth:
    """`until`: what is still going on is told as far as then. `whole`: by the whole seconds that
    Twilio's stamps show, which is all a server can know."""
    teller = _Teller()
    for moment in history:
        teller.hear(replace(moment, at=moment.at.replace(microsecond=0)) if whole else moment)
    for sid in list(teller.rooms):
        teller.rooms[sid].inside.clear()
        teller.settle(sid, until)
    for sid, began in teller.waiting.items():
        wait = Wait(began, (until - began).total_seconds(), "")
        teller.truth.calls[sid].waits.append(wait)
    return teller.truth


class _Teller:
    def __init__(self) -> None:
        self.truth = Truth()
        self.rooms: dict[str, _Room] = {}
        self.waiting: dict[str, datetime] = {}
        self._open: dict[tuple[str, str, str], _Open] = {}

    def hear(self, moment: "Moment") -> None:
        what, sid, detail = moment.what, moment.call, moment.detail
        if what == "arrived":
            if detail["kind"] == "browser":
                self.truth.browsers[sid] = detail["number"].removeprefix("client:")
            else:
                told = Told(sid, detail["number"], moment.at, detail["kind"])
                self.truth.calls[sid] = told
        elif what == "queued":
            self.waiting[sid] = moment.at
        elif what == "dequeued":
            began = self.waiting.pop(sid)
            wait = Wait(began, (moment.at - began).total_seconds(), detail["result"])
            self.truth.calls[sid].waits.append(wait)
        elif what == "recorded":
            self.truth.calls[sid].message += detail["seconds"]
        elif what == "ended":
            self._ended(moment)
        elif "room" in detail:
            self._in_room(moment)

    def _ended(self, moment: "Moment") -> None:
        if told := self.truth.calls.get(moment.call):
            told.ended, told.by = moment.at, moment.detail["by"]
            told.status = moment.detail["status"]
            if told.by == "error":
                self.truth.lost.append(moment.call)

    def _in_room(self, moment: "Moment") -> None:
        what, sid, detail = moment.what, moment.call, moment.detail
        room = self.rooms.setdefault(detail["room"], _Room())
        if what == "joined":
            room.inside.add(sid)
            _mark(room.muted, sid, detail["muted"])
            _mark(room.coaching, sid, bool(detail["coach"]))
        elif what == "left":
            for group in (room.inside, room.held, room.muted, room.coaching):
                group.discard(sid)
        elif what == "started":
            room.started = True
        elif what in ("held", "resumed"):
            _mark(room.held, sid, what == "held")
        elif what == "coaching":
            _mark(room.coaching, sid, bool(detail["coach"]))
        elif what == "unmuted":
            room.muted.discard(sid)
        self.settle(detail["room"], moment.at)

    def settle(self, sid: str, at: datetime) -> None:
        """Begin, hold and end what is spoken in this room, as it is now."""
        room = self.rooms[sid]
        speakers = room.inside - room.coaching - room.muted if room.started else set()
        pairs = {
            (sid, phone, browser)
            for phone in speakers & self.truth.calls.keys()
            for browser in speakers & self.truth.browsers.keys()
        }
        for pair in [one for one in self._open if one[0] == sid and one not in pairs]:
            self._close(pair, at)
        for pair in sorted(pairs):
            spoken = self._open.setdefault(pair, _Open(at))
            if pair[1] in room.held and spoken.since is None:
                spoken.since = at
            elif pair[1] not in room.held and spoken.since is not None:
                spoken.held += (at - spoken.since).total_seconds()
                spoken.since = None

    def _close(self, pair: tuple[str, str, str], at: datetime) -> None:
        spoken = self._open.pop(pair)
        held = spoken.held + ((at - spoken.since).total_seconds() if spoken.since else 0)
        seconds = (at - spoken.began).total_seconds() - held
        identity = self.truth.browsers[pair[2]]
        talked = Conversation(identity, spoken.began, seconds, held)
        self.truth.calls[pair[1]].conversations.append(talked)


def _mark(group: set[str], sid: str, inside: bool) -> None:
    (group.add if inside else group.discard)(sid)


@dataclass(frozen=True)
class Row:
    """What the server's rows say of one call."""

    outcome: str
    waited: float
    conversations: tuple[tuple[str, float, float], ...] = ()
    """Identity, seconds spoken, seconds held."""


def compare(truth: Truth, rows: Mapping[str, Row], *, within: float = 1.0) -> list[str]:
    """Every difference in a line; empty when they agree. `within`: seconds."""
    wrong = [f"{sid}: not in the rows" for sid in truth.calls.keys() - rows.keys()]
    wrong += [f"{sid}: never happened" for sid in rows.keys() - truth.calls.keys()]
    for sid in truth.calls.keys() & rows.keys():
        told, row = truth.calls[sid], rows[sid]
        if told.outcome != row.outcome:
            wrong.append(f"{sid}: {told.outcome}, the rows say {row.outcome}")
        if abs(told.waited - row.waited) > within:
            wrong.append(f"{sid}: waited {told.waited:.1f}, the rows say {row.waited:.1f}")
        wrong += [f"{sid}: {line}" for line in _spoken(told, row, within)]
    return sorted(wrong)


def _spoken(told: Told, row: Row, within: float) -> Iterable[str]:
    spoken = sorted((one.identity, one.seconds, one.held) for one in told.conversations)
    rows = sorted(row.conversations)
    if [one[0] for one in spoken] != [one[0] for one in rows]:
        yield f"spoke with {[one[0] for one in spoken]}, the rows say {[one[0] for one in rows]}"
        return
    for true, said in zip(spoken, rows, strict=True):
        if abs(true[1] - said[1]) > within or abs(true[2] - said[2]) > within:
            yield f"{true[0]} {true[1]:.1f} s, held {true[2]:.1f}; the rows say {said[1:]}"
