"""Does to the server what networks do: repeats, delays, overtakes, loses; ends its process.

Seeded, with a stream of its own, so that the same seed does the same to the same traffic whoever
else draws lots. Without rates it does nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from telephony.simulator.posting import Fate


@dataclass(frozen=True)
class Rates:
    """Shares of 1. `lose` is of what only tells: a lost question for a document is `Down`'s affair."""

    repeat: float = 0
    """Sent twice, with the same token."""
    together: float = 0
    """Sent twice at the same moment."""
    delay: float = 0
    longest: float = 60
    """Seconds; a delayed one is overtaken by what comes after it."""
    lose: float = 0
    unreachable: float = 0
    """The first try finds nobody: asked again, as is done by default."""
    slow: float = 0
    """Taken by the server, but the answer comes too late: asked again where the address says so."""
    kill: float = 0
    """Of named points."""
    away: float = 5
    """Seconds until a killed server is back."""


@dataclass
class Adversary:
    rates: Rates = field(default_factory=Rates)
    seed: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    """Point to the time it is passed (1 = the first) at which the server ends."""
    move_first: bool | None = None
    """After a REST move: the new document is asked before the queue's `action`; None: by lot."""

    def __post_init__(self) -> None:
        self._random = Random(f"{self.seed}/adversary")
        self._passed: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def fate(self, kind: str, wants: bool) -> Fate:
        fate, rates = Fate(), self.rates
        if self._falls(rates.repeat, "repeated"):
            fate.copies = 2
        elif self._falls(rates.together, "together"):
            fate.copies, fate.together = 2, True
        if self._falls(rates.slow, "slow"):
            fate.slow = 1
        if self._falls(rates.unreachable, "unreachable"):
            fate.unreachable = 1
        if not wants:
            fate.lost = self._falls(rates.lose, "lost")
            if self._falls(rates.delay, "delayed"):
                fate.delay = self._random.uniform(0, rates.longest)
        return fate

    def moves_first(self) -> bool:
        if self.move_first is not None:
            return self.move_first
        return self._random.random() < 0.5

    def kill(self, point: str, number: int) -> float:
        """Seconds the server is away from here on; 0: it lives on."""
        self._passed[point] += 1
        if self.kills.get(point) == self._passed[point] or self._falls(self.rates.kill, "killed"):
            return self.rates.away
        return 0

    def _falls(self, rate: float, name: str) -> bool:
        if rate <= 0 or self._random.random() >= rate:
            return False
        self.done[name] += 1
        return True
