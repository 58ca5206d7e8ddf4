"""The state of a call as a pure function of what is known of it. No query here.

What is known is a set of facts that only grows. Each fact has a kind, the *turn* it belongs to (the
n-th time somebody took the call) and a *step* within it (the n-th hold); a fact that arrives twice,
late or out of order leaves the same set, hence the same state.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

SHORT = timedelta(seconds=5)
"""A ring given up within so long is counted apart."""
MISSED = -1
"""The step under which "nobody answered" is kept."""


class Fact(models.TextChoices):
    """What can be known of a call."""

    ARRIVED = "arrived", _("arrived")
    QUEUED = "queued", _("stands in line")
    CLAIMED = "claimed", _("taken")
    ADVISOR_JOINED = "advisor-joined", _("the advisor's voice is there")
    CALLER_JOINED = "caller-joined", _("the caller's voice is there")
    HELD = "held", _("put on hold")
    RESUMED = "resumed", _("hold ended")
    RELEASED = "released", _("given back to the line")
    CALL_BACK = "call-back", _("asked to be called back")
    VOICEMAIL = "voicemail", _("left a message")
    MACHINE = "machine", _("an answering machine answered")
    ENDED = "ended", _("ended")
    WRAPPED = "wrapped", _("written down")


class State(models.TextChoices):
    """Where a call stands."""

    ARRIVING = "arriving", _("arriving")
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being connected")
    TALKING = "talking", _("in conversation")
    HELD = "held", _("on hold")
    WRAP_UP = "wrap-up", _("to be written down")
    DONE = "done", _("done")
    ABANDONED = "abandoned", _("given up")
    SHORT = "short", _("given up at once")
    VOICEMAIL = "voicemail", _("left a message")
    CALL_BACK = "call-back", _("asked to be called back")
    CLOSED = "closed", _("outside opening hours")
    FAILED = "failed", _("failed")


LIVE = (State.ARRIVING, State.WAITING, State.CLAIMED, State.TALKING, State.HELD)
"""The caller is there."""
VOICE = (State.CLAIMED, State.TALKING, State.HELD)
"""An advisor has the call."""
LEFT = (State.ABANDONED, State.SHORT, State.VOICEMAIL, State.CALL_BACK, State.CLOSED, State.FAILED)
"""Ended without a conversation: something is owed."""


class Why(models.TextChoices):
    """Why a call or a turn of it ended."""

    CALLER = "caller", _("the caller hung up")
    ADVISOR = "advisor", _("the advisor hung up")
    LOST = "lost", _("the connection was lost")
    NO_JOIN = "no-join", _("the advisor's voice did not come")
    TRANSFER = "transfer", _("passed on")
    CLOSED = "closed", _("outside opening hours")
    MISSED = "missed", _("nobody answered")
    FAILED = "failed", _("failed")
    BUSY = "busy", _("busy")
    NO_ANSWER = "no-answer", _("no answer")
    UNSENT = "unsent", _("could not be dialled")
    CLOCK = "clock", _("no sign of an end for hours")


@dataclass(frozen=True)
class Known:
    """One fact. `user` is the number of the person it names."""

    kind: str
    at: datetime
    turn: int = 0
    step: int = 0
    why: str = ""
    user: int | None = None


class Facts:
    """The set. Of one kind, turn and step the earliest is kept; of the end also the latest time."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._first: dict[tuple[str, int, int], Known] = {}
        self.last_end: datetime | None = None
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        # That nobody answered is kept apart from an end: it is none for who was answered after all.
        step = MISSED if one.kind == Fact.ENDED and one.why == Why.MISSED else one.step
        place = (one.kind, one.turn, step)
        before = self._first.get(place)
        if before is None or _order(one) < _order(before):
            self._first[place] = one
        if one.kind == Fact.ENDED and (self.last_end is None or one.at > self.last_end):
            self.last_end = one.at

    def get(self, kind: str, turn: int = 0, step: int = 0) -> Known | None:
        return self._first.get((kind, turn, step))

    def at(self, kind: str, turn: int = 0) -> datetime | None:
        found = self.get(kind, turn)
        return found.at if found else None

    @property
    def turns(self) -> list[int]:
        """Turns of which anything is known, in order."""
        return sorted({turn for _kind, turn, _step in self._first if turn})

    @property
    def end(self) -> Known | None:
        """How it ended: the first end told. Of a call that was answered the exchange may also have told
        that one of its telephones was not: that counts only when it is the later, and all that is known."""
        told, missed = self.get(Fact.ENDED), self.get(Fact.ENDED, 0, MISSED)
        spoken = [at for turn in self.turns if (at := self.spoke(turn))]
        if not spoken:
            return min((one for one in (told, missed) if one), key=_order, default=None)
        return told or (missed if missed and missed.at >= min(spoken) else None)

    def spoke(self, turn: int) -> datetime | None:
        """When both voices were there in this turn; a machine is nobody."""
        if self.get(Fact.MACHINE) is not None:
            return None
        both = (self.at(Fact.ADVISOR_JOINED, turn), self.at(Fact.CALLER_JOINED, turn))
        return max(both) if both[0] and both[1] else None  # type: ignore[type-var]

    def over(self, turn: int) -> datetime | None:
        """When this turn ended: given back or passed on, or with the call."""
        ends = [at for at in (self.at(Fact.RELEASED, turn), self.end and self.end.at) if at]
        return min(ends) if ends else None

    def seconds(self, turn: int, until: datetime | None = None) -> tuple[int, int]:
        """Talk and hold of one turn, until its end or, while it goes on, until an instant."""
        began, stop = self.spoke(turn), self.over(turn) or until
        if began is None or stop is None:
            return 0, 0
        held = sum(
            _between(max(since, began), min(end or stop, stop)) for since, end in self.holds(turn)
        )
        return max(0, _between(began, stop) - held), held

    def holds(self, turn: int) -> list[tuple[datetime, datetime | None]]:
        """Each hold of a turn: from, until (None while it goes on)."""
        steps = sorted(s for kind, t, s in self._first if kind == Fact.HELD and t == turn)
        found = []
        for step in steps:
            held, resumed = self.get(Fact.HELD, turn, step), self.get(Fact.RESUMED, turn, step)
            assert held is not None
            found.append((held.at, resumed.at if resumed else None))
        return found


def _order(one: Known) -> Any:
    return (one.at, one.why, one.user or 0)


@dataclass(frozen=True)
class Reckoned:
    """What follows from the facts. Seconds are whole; instants are None where they did not happen."""

    state: State
    turn: int
    """The newest turn; 0 when nobody has taken it."""
    user: int | None
    """Who has, or had, the newest turn."""
    answered_at: datetime | None
    """When two voices first met."""
    ended_at: datetime | None
    wrapped_at: datetime | None
    waited: int
    talk: int
    """Both voices there, holds not counted, over all turns."""
    hold: int


def reckon(facts: Facts) -> Reckoned:
    """State, times and seconds of a call."""
    turns = facts.turns
    turn = turns[-1] if turns else 0
    claimed = facts.get(Fact.CLAIMED, turn) if turn else None
    spoken = [at for one in turns if (at := facts.spoke(one))]
    arrived = facts.at(Fact.ARRIVED)
    end = facts.end
    ended = end.at if end else None
    answered = min(spoken) if spoken else None
    told = [facts.seconds(one) for one in turns]
    until = answered or ended
    return Reckoned(
        state=_state(facts, turn, end), turn=turn, user=claimed.user if claimed else None,
        answered_at=answered, ended_at=ended, wrapped_at=facts.at(Fact.WRAPPED),
        waited=_between(arrived, until),
        talk=sum(talk for talk, _hold in told), hold=sum(hold for _talk, hold in told),
    )  # fmt: skip


def _state(facts: Facts, turn: int, end: Known | None) -> State:
    is_back = bool(turn) and facts.get(Fact.RELEASED, turn) is not None
    in_talk = bool(turn) and facts.spoke(turn) is not None and not is_back
    if end is None:
        return _live_state(facts, turn, in_talk=in_talk, is_back=is_back)
    if in_talk:
        return State.DONE if facts.get(Fact.WRAPPED) else State.WRAP_UP
    if facts.get(Fact.VOICEMAIL):
        return State.VOICEMAIL
    if facts.get(Fact.CALL_BACK):
        return State.CALL_BACK
    if facts.get(Fact.QUEUED):
        arrived = facts.at(Fact.ARRIVED)
        short = arrived is not None and not turn and end.at - arrived <= SHORT
        return State.SHORT if short else State.ABANDONED
    return State.CLOSED if end.why == Why.CLOSED else State.FAILED


def _live_state(facts: Facts, turn: int, *, in_talk: bool, is_back: bool) -> State:
    if in_talk:
        on_hold = any(until is None for _since, until in facts.holds(turn))
        return State.HELD if on_hold else State.TALKING
    if turn and not is_back:
        return State.CLAIMED
    return State.WAITING if facts.get(Fact.QUEUED) else State.ARRIVING


def _between(start: datetime | None, end: datetime | None) -> int:
    return max(0, int((end - start).total_seconds())) if start and end else 0
