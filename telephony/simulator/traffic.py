"""Brings a load to a simulator: who calls when, who sits at the desk. The same seed, the same traffic."""

from collections.abc import Sequence
from random import Random

from telephony.simulator.actors import Advisor, Caller, Desk, Supervisor
from telephony.simulator.load import Load, moments
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Call


class Traffic:
    def __init__(
        self, simulator: Simulator, load: Load, desk: Desk, *, number: str, application: str = "",
        identities: list[str] | None = None, supervisors: list[str] | None = None,
        known: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """`known`: numbers of people whom the centre knows."""
        self.simulator, self.load, self.number = simulator, load, number
        self.random = Random(f"{simulator.seed}/traffic")
        self.callers: list[Call] = []
        self._numbers: list[str] = []
        self._known = known
        people = load.advisors
        names = identities or [f"advisor_{place}" for place in range(people.number)]
        self.advisors = [
            Advisor(simulator, name, application, desk, people, load.callers.talk)
            for name in names
        ]  # fmt: skip
        seated = supervisors or [f"supervisor_{place}" for place in range(people.supervisors)]
        self.supervisors = [
            Supervisor(simulator, name, application, desk, people) for name in seated
        ]

    def begin(self) -> None:
        """Everybody is at their place; calls come over the minutes of the load."""
        for advisor in self.advisors:
            advisor.start()
        for supervisor in self.supervisors:
            supervisor.start()
        for second in moments(self.load, self.random):
            self.simulator.clock.after(second, self._call)

    def _call(self) -> None:
        caller = Caller(Random(f"{self.simulator.seed}/{self.random.random()}"), self.load.callers)
        call = self.simulator.ring(self._whose(), self.number, caller)
        self.callers.append(call)

    def _whose(self) -> str:
        """A number of somebody who is not on the line already; empty: withheld."""
        if self.random.random() < self.load.callers.withheld:
            return ""
        if self._numbers and self.random.random() < self.load.callers.again:
            number = self.random.choice(self._numbers)
            if not self._is_on_the_line(number):
                return number
        if self._known and self.random.random() < self.load.callers.known:
            number = self.random.choice(self._known)
            if not self._is_on_the_line(number):
                return number
        number = f"+2126{self.random.randrange(10**8):08d}"
        self._numbers.append(number)
        return number

    def _is_on_the_line(self, number: str) -> bool:
        return any(one.from_ == number and not one.over for one in self.callers)
