"""One made-up day of calls, second by second: callers with their patience, advisors with their breaks.

It drives the very actions that pages drive, and keeps its own truth beside: who waited how long and how
it ended, who spoke and held and wrote for how long, who was available when. The same seed is the same day.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from helpdesk.queues import actions as queues
from helpdesk.queues.models import Presence, Queue
from telephony import actions, jobs
from telephony.actions import calling, timing
from telephony.facts import Why
from telephony.models import Call, Leg
from tests import make

BROWSER = actions.Source.BROWSER
HOURS = 8
TALK, PATIENCE = 170, 240
NO_VOICE = int(timing.JOIN_WITHIN.total_seconds())


@dataclass
class Spoken:
    """One advisor's part of a call, in whole seconds of the day."""

    user: Any
    began: int
    hold: int = 0
    stopped: int = 0
    wrapped: int = 0
    passed: bool = False

    @property
    def talk(self) -> int:
        return self.stopped - self.began - self.hold


@dataclass
class Caller:
    number: str
    came: int
    how: str = ""
    """claimed, abandoned, short, call-back or voicemail, of the first stand in line."""
    waited: int = 0
    state: str = "waiting"
    turn: int = 0
    call: Any = None
    again: bool = False


@dataclass
class Truth:
    callers: list[Caller] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    free: dict[Any, list[tuple[int, int]]] = field(default_factory=dict)

    def ended(self, *how: str) -> list[Caller]:
        return [one for one in self.callers if one.how in how]


class Day:
    def __init__(self, seed: int, *, calls: int, advisors: list[Any], start: datetime) -> None:
        self.random, self.start, self.truth = Random(seed), start, Truth()
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._order, self.now = count(), 0
        self._idle: list[Any] = []
        self._line: list[Caller] = []
        self._calling: set[str] = set()
        self._since: dict[Any, int] = {}
        Queue.objects.update(push_live=False, wait_seconds=20)
        people = [make.person(f"متصل {n}", number=f"06617000{n:02d}") for n in range(20)]
        assert people
        for user in advisors:
            self._at(0, lambda user=user: self._say(user, "free"))
            for hour in (2, 4, 6):
                second = hour * 3600 + self.random.randrange(1800)
                self._at(second, lambda user=user: self._break(user))
            self._at(HOURS * 3600 + 3600, lambda user=user: self._say(user, "away"))
        for second in sorted(self.random.randrange(HOURS * 3600) for _ in range(calls)):
            self._at(second, self._ring)

    def run(self) -> Truth:
        while self._due:
            self.now, _order, act = heapq.heappop(self._due)
            act()
        return self.truth

    def at(self, second: int) -> datetime:
        return self.start + timedelta(seconds=second)

    @property
    def clock(self) -> datetime:
        return self.at(self.now)

    def _at(self, second: int, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, (second, next(self._order), act))

    def _in(self, seconds: int, act: Callable[[], None]) -> None:
        self._at(self.now + seconds, act)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    # --- advisors -----------------------------------------------------------------------------

    def _say(self, user: Any, state: str) -> None:
        queues.be(user, Presence.State(state), at=self.clock)
        if user in self._since:
            self.truth.free.setdefault(user, []).append((self._since.pop(user), self.now))
        if user in self._idle:
            self._idle.remove(user)
        if state == "free":
            self._since[user] = self.now
            self._ready(user)

    def _break(self, user: Any) -> None:
        if user in self._idle:
            self._say(user, "break")
            self._in(900, lambda: self._say(user, "free"))

    def _ready(self, user: Any) -> None:
        self._idle.append(user)
        self._match()

    def _match(self) -> None:
        if self._idle and self._line:
            user, caller = self._idle.pop(0), self._line.pop(0)
            self._in(self.random.randint(1, 6), lambda: self._take(user, caller, caller.turn))

    # --- callers ------------------------------------------------------------------------------

    def _ring(self) -> None:
        known = f"06617000{self.random.randrange(20):02d}"
        number = known if self._chance(0.3) else f"06{self.random.randrange(10**8):08d}"
        if number in self._calling:
            return
        self._calling.add(number)
        caller = Caller("" if self._chance(0.2) and number != known else number, self.now)
        given = {"number": caller.number} if caller.number else {}
        caller.call = make.ringing("سؤال", line=Call.Line.WEB, at=self.clock, **given)
        self.truth.callers.append(caller)
        self._stand(caller)

    def _stand(self, caller: Caller) -> None:
        caller.state = "waiting"
        self._line.append(caller)
        short = self._chance(0.05)
        patience = self.random.randint(1, 5) if short else 6 + int(
            self.random.expovariate(1 / PATIENCE)
        )  # fmt: skip
        self._in(patience, lambda turn=caller.turn: self._lose_patience(caller, turn))
        self._match()

    def _lose_patience(self, caller: Caller, turn: int) -> None:
        if caller.state not in ("waiting", "claimed") or caller.turn not in (turn, turn + 1):
            return
        call, was_claimed, at = caller.call, caller.state == "claimed", self.clock
        way = self.random.random() if not was_claimed and self.now - caller.came > 5 else 1.0
        if way < 0.15:
            calling.ask_call_back(call, at=at)
            how = "call-back"
        elif way < 0.3:
            calling.left_message(call, at=at, source=BROWSER)
            how = "voicemail"
        else:
            calling.hang_up(call, why=Why.CALLER, at=at, source=BROWSER)
            is_short = self.now - caller.came <= 5 and not caller.turn
            how = "short" if is_short else "abandoned"
        self._settle(caller, how)
        self._gone(caller)

    def _settle(self, caller: Caller, how: str) -> None:
        """Of the first stand in line only: what comes after somebody spoke is no new contact."""
        if not caller.again:
            caller.how, caller.waited = how, self.now - caller.came

    def _gone(self, caller: Caller) -> None:
        caller.state = "gone"
        self._calling.discard(caller.number)
        if caller in self._line:
            self._line.remove(caller)

    # --- a conversation -----------------------------------------------------------------------

    def _take(self, user: Any, caller: Caller, turn: int) -> None:
        if caller.state != "waiting" or caller.turn != turn:
            self._ready(user)
            return
        leg = actions.answer(caller.call, by=user, at=self.clock)
        caller.state, caller.turn = "claimed", caller.turn + 1
        turn, claimed = caller.turn, self.now
        if self._chance(0.05):
            self._in(NO_VOICE, lambda: self._no_voice(user, caller, turn))
        else:
            self._in(1, lambda: self._join(user, caller, leg, turn, claimed))

    def _no_voice(self, user: Any, caller: Caller, turn: int) -> None:
        if caller.state == "claimed" and caller.turn == turn:
            Leg.objects.here().update(seen_at=self.clock)
            jobs.timers_due(at=self.clock)
            self._stand(caller)
        self._ready(user)

    def _join(self, user: Any, caller: Caller, leg: Leg, turn: int, claimed: int) -> None:
        if caller.state != "claimed":
            self._ready(user)
            return
        self._voices(caller, leg)
        caller.state = "talking"
        if not caller.again:
            caller.how, caller.waited = "claimed", claimed - caller.came
        part = Spoken(user, self.now, passed=caller.again)
        caller.again = True
        talk = 20 + int(self.random.expovariate(1 / TALK))
        if self._chance(0.25):
            held = self.random.randint(5, talk // 2)
            self._in(5, lambda: self._hold(leg, part, held))
            talk += held + 10
        self._in(talk, lambda: self._finish(user, caller, leg, part))

    def _voices(self, caller: Caller, leg: Leg) -> None:
        leg.refresh_from_db()
        actions.joined(leg, at=self.clock)
        actions.joined(leg.call.legs.get(role="caller"), at=self.clock)

    def _hold(self, leg: Leg, part: Spoken, seconds: int) -> None:
        actions.set_hold(leg, True, at=self.clock)
        part.hold += seconds
        self._in(seconds, lambda: actions.set_hold(leg, False, at=self.clock))

    def _finish(self, user: Any, caller: Caller, leg: Leg, part: Spoken) -> None:
        way = self.random.random()
        leg.refresh_from_db()
        if way < 0.06:
            self._stop(part)
            part.wrapped = self.now
            actions.give_back(leg.call, why=Why.TRANSFER, at=self.clock, by=user)
            self._stand(caller)
            self._ready(user)
        elif way < 0.12 and self._idle:
            other = self._idle.pop(0)
            asked = actions.consult(leg, to=other, at=self.clock)
            self._in(10, lambda: self._hand_over(user, other, caller, leg, asked, part))
        else:
            self._hang_up(user, caller, leg, part)

    def _hand_over(
        self, user: Any, other: Any, caller: Caller, leg: Leg, asked: Leg, part: Spoken
    ) -> None:
        actions.accept(asked, at=self.at(self.now - 4))
        leg.refresh_from_db()
        actions.hand_over(leg, at=self.clock)
        part.hold += 10
        self._stop(part)
        part.wrapped = self.now
        asked.refresh_from_db()
        self._voices(caller, asked)
        following = Spoken(other, self.now, passed=True)
        self._in(30, lambda: self._hang_up(other, caller, asked, following))
        self._ready(user)

    def _hang_up(self, user: Any, caller: Caller, leg: Leg, part: Spoken) -> None:
        leg.refresh_from_db()
        side = leg if self._chance(0.5) else leg.call.legs.get(role="caller", left_at=None)
        actions.end(side, at=self.clock)
        self._stop(part)
        caller.state = "wrapping"
        self._in(self.random.randint(10, 90), lambda: self._wrap_up(user, caller, part))

    def _wrap_up(self, user: Any, caller: Caller, part: Spoken) -> None:
        call = Call.objects.for_card().get(pk=caller.call.pk)
        said = actions.Wrapup(
            words="سؤال", help="info", outcome="solved-first-contact", language="ar"
        )
        actions.wrap_up(call, said, by=user, at=self.clock)
        part.wrapped = self.now
        self._gone(caller)
        self._ready(user)

    def _stop(self, part: Spoken) -> None:
        part.stopped = self.now
        self.truth.spoken.append(part)
