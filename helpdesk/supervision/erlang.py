"""How many advisors a stream of calls needs: Erlang C. No query here.

The formula takes callers to wait however long it lasts. Real ones give up, so it asks for somewhat too
many; the page says so. Source: A. K. Erlang, 1917; P(wait ≤ T) = 1 - C·e^(-(n-A)·T/AHT).
"""

from dataclasses import dataclass
from math import exp

MOST = 500


@dataclass(frozen=True)
class Staff:
    """So many advisors, and the share (0 to 1) of calls they take within the target."""

    advisors: int
    level: float


def level(advisors: int, *, calls: float, per: float, handling: float, target: float) -> float:
    """The share taken within `target` seconds: `calls` in `per` seconds, `handling` seconds each."""
    load = calls * handling / per
    if not load:
        return 1.0
    if advisors <= load:
        return 0.0
    return 1 - _must_wait(load, advisors) * exp(-(advisors - load) * target / handling)


def needed(
    *, calls: float, per: float, handling: float, target: float, least: float = 0.8
) -> Staff:
    """The fewest advisors by whom the share `least` is taken within the target."""
    for advisors in range(MOST + 1):
        share = level(advisors, calls=calls, per=per, handling=handling, target=target)
        if share >= least:
            return Staff(advisors, share)
    return Staff(MOST, 0.0)


def _must_wait(load: float, advisors: int) -> float:
    """Erlang C by way of Erlang B, which needs no factorials."""
    busy = 1.0
    for n in range(1, advisors + 1):
        busy = load * busy / (n + load * busy)
    return busy / (1 - load / advisors * (1 - busy))
