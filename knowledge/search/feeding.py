"""What the cluster holds follows the library: filled beside and swapped in, then version by version.

Nothing of this is waited for by who publishes: a sweep does it, in steps of a second and a half, and
leaves a cluster that does not answer alone for some seconds. What is due is the difference between
library and index, so a lost request, a killed process or a node that forgot something loses nothing.
"""

import math
import time
from dataclasses import dataclass
from pathlib import Path

from knowledge.search import library
from knowledge.search.engines.elastic import CHUNK, ElasticEngine, State
from knowledge.search.engines.lease import Lease
from knowledge.search.engines.limits import Breaker
from knowledge.search.engines.port import EngineBroken

STEP_SECONDS = 1.5
LOOK_SECONDS = 20.0
"""An index that was found equal to the library is looked at again after so long."""
LONGEST_PAUSE = 15.0


@dataclass
class _Plan:
    """What is to be written so that this index shows this state of the library."""

    index: str
    wanted: State
    due: list[str]
    gone: list[str]

    @property
    def is_done(self) -> bool:
        return not self.due and not self.gone


class Feeder:
    """One process of a host feeds; hosts that feed at the same time write the same."""

    def __init__(self, engine: ElasticEngine, lock: Path) -> None:
        self._engine, self._lease = engine, Lease(lock)
        self.breaker = Breaker(longest=LONGEST_PAUSE)
        self._plan: _Plan | None = None
        self._equal: tuple[State, float] = ((0, 0, 0), -math.inf)

    def step(self) -> int:
        """Documents touched. Raises EngineBroken, and EngineBusy while another process feeds."""
        if not self.breaker.lets_through():
            return 0
        self._lease.take()
        try:
            touched = self._follow(time.monotonic() + STEP_SECONDS)
        except EngineBroken as error:
            self.breaker.failed(str(error))
            self._plan, self._equal = None, ((0, 0, 0), -math.inf)
            raise
        self.breaker.answered()
        return touched

    def rebuild(self) -> int:
        """Fill an index anew and swap it in, however long it takes; documents. Raises EngineBroken."""
        index = self._engine.next(anew=True)
        touched, is_equal = self._fill(index, math.inf)
        if not is_equal:
            raise EngineBroken("the new index has not become like the library: try again")
        self._engine.swap_to(index)
        return touched

    def catch_up(self) -> int:
        """All that is due, however long it takes; documents touched. Raises EngineBroken."""
        return self._follow(math.inf)

    def _follow(self, until: float) -> int:
        state, seen = self._equal
        if time.monotonic() - seen < LOOK_SECONDS and state == library.fingerprint():
            return 0
        live = self._engine.live()
        index = live or self._engine.next()
        touched, is_equal = self._fill(index, until)
        if is_equal and not live:
            self._engine.swap_to(index)
        return touched

    def _fill(self, index: str, until: float) -> tuple[int, bool]:
        """(documents touched, whether count, largest and sum of the versions are the library's)."""
        touched = 0
        while time.monotonic() < until:
            wanted = library.fingerprint()
            plan = self._plan
            if plan is None or (plan.index, plan.wanted) != (index, wanted) or plan.is_done:
                if self._engine.state(index) == wanted:
                    self._plan, self._equal = None, (wanted, time.monotonic())
                    return touched, True
                plan = self._plan = self._planned(index, wanted)
                if plan.is_done:  # the library changed between two looks
                    return touched, False
            some, gone = plan.due[:CHUNK], plan.gone[:CHUNK]
            del plan.due[:CHUNK], plan.gone[:CHUNK]
            self._engine.write(
                index, list(library.documents(some)), gone=gone, more=not plan.is_done
            )
            touched += len(some) + len(gone)
        return touched, False

    def _planned(self, index: str, wanted: State) -> _Plan:
        indexed, published = self._engine.stamps(index), library.stamps()
        due = [key for key, stamp in published.items() if indexed.get(key) != stamp]
        return _Plan(index, wanted, due, list(indexed.keys() - published.keys()))
