"""Callers, advisors and supervisors as far as they show at Twilio's side, each with a plan by lot.

What an advisor does at the desk (taking a call, holding it) is the server's affair: a `Desk` stands
for it. It is asked without the world's lock, as the server is.
"""

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from telephony.simulator.documents import Verb
from telephony.simulator.load import Advisors, Callers
from telephony.simulator.people import Keys, Person
from telephony.simulator.state import Call

if TYPE_CHECKING:
    from telephony.simulator.simulator import Simulator

GIVES_UP_ALONE = 20.0
"""Seconds an advisor sits in a room to which nobody comes."""
ASKED = 8.0
"""Seconds between asking a colleague and handing the call over."""


@dataclass(frozen=True)
class Taken:
    """What the desk hands to the browser: the parameters of `connect`, and whose call it is."""

    custom: dict[str, str]
    call: str = ""
    token: str = ""
    """The access token the page was given; empty: it dials in under its name."""


class Desk:
    """The server's pages, for those who work there. Without a server nothing is ever taken."""

    def come(self, identity: str) -> None:
        """On shift."""

    def take(self, identity: str) -> Taken | None:
        """The next call for this advisor, claimed; None when nobody waits."""
        return None

    def idle(self, identity: str) -> float:
        """Nobody waits: seconds of other work that is begun now; 0, none."""
        return 0.0

    def idled(self, identity: str) -> None:
        """That other work is done."""

    def listen(self, identity: str) -> Taken | None:
        """A conversation a supervisor may join."""
        return None

    def hold(self, identity: str, on: bool) -> None:
        """The advisor's hold key."""

    def pass_on(self, identity: str) -> None:
        """To whoever is next, without asking."""

    def ask(self, identity: str) -> bool:
        """A colleague is asked, the caller on hold; False: there is none to ask."""
        return False

    def hand_over(self, identity: str) -> None:
        """To the colleague who was asked, if they came."""

    def rest(self, identity: str, on: bool) -> None:
        """A break begins, or is over."""

    def hang_up(self, identity: str) -> None:
        """The advisor's own wish to end it, told before the line goes."""

    def free(self, identity: str) -> None:
        """Wrap-up is done."""


class Caller(Person):
    def __init__(self, random: Random, plan: Callers) -> None:
        short = random.random() < plan.short
        self.patience = random.uniform(1, 5) if short else 6 + random.expovariate(1 / plan.patience)
        self.talk = 5 + random.expovariate(1 / plan.talk)
        self.ends = random.random() < plan.ends
        self.menu = [] if random.random() < plan.silent else [lot(random, one) for one in plan.menu]
        leaves = random.random() < plan.leaves
        self.leaves_after = random.expovariate(1 / plan.leaves_after) if leaves else None
        self.key, self.spoken = lot(random, plan.leave_key), random.uniform(0.5, 1.5) * plan.message
        self.spoils = random.uniform(0, 1) if random.random() < plan.spoils else None
        self.hesitates = random.uniform(0.5, 3)
        self._waits = False

    def keys(self, call: Call, gather: Verb) -> Keys | None:
        if call.member is None:
            return Keys(self.menu.pop(0), self.hesitates) if self.menu else None
        waited = (self.world.clock.now - call.member.since).total_seconds()
        if self.leaves_after is not None and waited >= self.leaves_after:
            return Keys(self.key, self.hesitates)
        return None

    def message(self, call: Call, record: Verb) -> float:
        return self.spoken

    def notice(self, call: Call, what: str) -> None:
        if what == "queued" and not self._waits:
            self._waits = True
            self.world.clock.after(self.patience, lambda: self._loses_patience(call))
        if what == "talking" and self.ends:
            self._hang_up_after(call, self.talk)

    def spoil(self, call: Call) -> None:
        """An advisor dials in for this call right now."""
        if self.spoils is not None:
            self._hang_up_after(call, self.spoils)

    def _loses_patience(self, call: Call) -> None:
        if call.member is not None:
            self.world.hang_up(call)

    def _hang_up_after(self, call: Call, seconds: float) -> None:
        self.world.clock.after(seconds, lambda: self.world.hang_up(call))


def lot(random: Random, keys: str) -> str:
    """One of several keys, `1|2|2`; a single one costs no lot."""
    return random.choice(keys.split("|")) if "|" in keys else keys


class Advisor(Person):
    """Free, takes a call, dials in, talks, wraps up, is free again."""

    def __init__(
        self, world: "Simulator", identity: str, application: str, desk: Desk, plan: Advisors,
        talk: float,
    ) -> None:  # fmt: skip
        self.world, self.identity, self.application = world, identity, application
        self.desk, self.plan, self.talk = desk, plan, talk
        self.random = Random(f"{world.seed}/{identity}")
        self.busy, self._held, self._talked = False, False, False

    def start(self) -> None:
        self.world.later(self.random.uniform(0, self.plan.react), self._begin)

    def _begin(self) -> None:
        self.desk.come(self.identity)
        self._ask()

    def _ask(self) -> None:
        if self.busy:
            return
        taken = self.desk.take(self.identity)
        if taken is None:
            self._do_other_work()
            return
        self.busy, self._talked = True, False
        if self.random.random() < self.plan.absent:
            self.world.later(15, self._free)
            return
        call = dials(self.world, self.identity, self.application, self, taken)
        waiting = self.world.calls.get(taken.call)
        if waiting and isinstance(waiting.person, Caller):
            waiting.person.spoil(waiting)
        self.world.clock.after(GIVES_UP_ALONE, lambda: self._alone(call))

    def _do_other_work(self) -> None:
        seconds = self.desk.idle(self.identity)
        if seconds:
            self.world.later(seconds, self._other_work_done)
        else:
            self._ask_again()

    def _other_work_done(self) -> None:
        self.desk.idled(self.identity)
        self._ask_again()

    def _ask_again(self) -> None:
        self.world.later(self.random.uniform(0.5, 1.5) * self.plan.react, self._ask)

    def notice(self, call: Call, what: str) -> None:
        if what == "talking" and not self._talked:
            self._talked = True
            length = 5 + self.random.expovariate(1 / self.talk)
            if self.random.random() < self.plan.drops:
                self.world.clock.after(length / 2, lambda: self.world.hang_up(call))
            else:
                self.world.later(length, lambda: self._hang_up(call))
            if self._falls(self.plan.passes):
                self.world.later(length / 2, lambda: self._pass_on(call))
            elif self._falls(self.plan.asks):
                self.world.later(length / 2, lambda: self._ask_colleague(call))
            elif self.random.random() < self.plan.holds:
                self.world.later(length / 4, lambda: self._hold(call, True))
                self.world.later(length / 2, lambda: self._hold(call, False))
        if what == "ended":
            wrap = self.random.uniform(0.5, 1.5) * self.plan.wrap if self._talked else 1
            self.world.later(wrap, self._free)

    def _hold(self, call: Call, on: bool) -> None:
        if not call.over:
            self.desk.hold(self.identity, on)

    def _pass_on(self, call: Call) -> None:
        if not call.over:
            self.desk.pass_on(self.identity)

    def _ask_colleague(self, call: Call) -> None:
        if not call.over and self.desk.ask(self.identity):
            self.world.later(ASKED, lambda: self._hand_over(call))

    def _hand_over(self, call: Call) -> None:
        if not call.over:
            self.desk.hand_over(self.identity)

    def _hang_up(self, call: Call) -> None:
        if not call.over:
            self.desk.hang_up(self.identity)
            self.world.hang_up(call)

    def _alone(self, call: Call) -> None:
        if not self._talked and not call.over:
            self.world.hang_up(call)

    def _free(self) -> None:
        self.busy = False
        self.desk.free(self.identity)
        if self._falls(self.plan.rests):
            self.desk.rest(self.identity, True)
            self.world.later(self.random.uniform(0.5, 1.5) * self.plan.rest, self._is_back)
        else:
            self._ask_again()

    def _is_back(self) -> None:
        self.desk.rest(self.identity, False)
        self._ask()

    def _falls(self, share: float) -> bool:
        """No lot is drawn for what never happens: older seeds stay what they were."""
        return share > 0 and self.random.random() < share


def dials(
    world: "Simulator", identity: str, application: str, person: Person, taken: Taken
) -> Call:
    """The browser's leg: by the token its page was given, else by name."""
    if taken.token:
        return world.dial_in(taken.token, person, **taken.custom)
    return world.connect(identity, application, person, **taken.custom)


class Supervisor(Person):
    """Now and then listens to somebody's conversation for a while."""

    def __init__(
        self, world: "Simulator", identity: str, application: str, desk: Desk, plan: Advisors
    ) -> None:
        self.world, self.identity, self.application = world, identity, application
        self.desk, self.plan = desk, plan
        self.random = Random(f"{world.seed}/{identity}")

    def start(self) -> None:
        self.world.later(self.random.expovariate(1 / 120), self._ask)

    def _ask(self) -> None:
        taken = self.desk.listen(self.identity)
        if taken is None:
            self.world.later(30, self._ask)
            return
        call = dials(self.world, self.identity, self.application, self, taken)
        stays = 2 + self.random.expovariate(1 / self.plan.listens)
        self.world.clock.after(stays, lambda: self.world.hang_up(call))

    def notice(self, call: Call, what: str) -> None:
        if what == "ended":
            self.world.later(self.random.expovariate(1 / 120), self._ask)
