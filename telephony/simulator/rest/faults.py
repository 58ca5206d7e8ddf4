"""How the REST surface fails: 429, 5xx, slow, refused, cut after processing; scripted or by lot."""

from dataclasses import dataclass, field
from random import Random

REFUSED, LIMITED, BROKEN, SLOW, CUT = "refused", "429", "5xx", "slow", "cut"
KINDS = (REFUSED, LIMITED, BROKEN, SLOW, CUT)
"""429, refused and 5xx happen before anything is done; slow and cut after it was."""


@dataclass
class Faults:
    """`rates`: shares of 1 by kind. `slowness`: seconds of a slow answer."""

    rates: dict[str, float] = field(default_factory=dict)
    seed: int = 0
    slowness: float = 30.0
    broken: int = 503

    def __post_init__(self) -> None:
        self._random = Random(f"{self.seed}/faults")
        self._next: list[tuple[str, str]] = []
        self.done: list[tuple[str, str]] = []

    def then(self, kind: str, name: str = "", times: int = 1) -> None:
        """The next requests (of that name, `call_update` for one) fail so."""
        if kind not in KINDS:
            raise ValueError(kind)
        self._next += [(kind, name)] * times

    def of(self, name: str) -> str:
        """How the request of that name fails; empty when it does not."""
        for planned in self._next:
            if planned[1] in ("", name):
                self._next.remove(planned)
                self.done.append((planned[0], name))
                return planned[0]
        for kind in KINDS:
            rate = self.rates.get(kind, 0)
            if rate and self._random.random() < rate:
                self.done.append((kind, name))
                return kind
        return ""
