"""What is written after `#` in an address: how long Twilio waits for its answer, how often it asks again.

Bounds and defaults as documented for connection overrides; a value out of them is a mistake of ours.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

CONNECT, READ, STATUS_4XX, STATUS_5XX = "ct", "rt", "4xx", "5xx"
POLICIES = frozenset({CONNECT, READ, STATUS_4XX, STATUS_5XX, "all"})
BOUNDS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


class BadOverride(ValueError):
    """Not a word or a value that Twilio knows."""


@dataclass(frozen=True)
class Overrides:
    """Milliseconds; `policy` names the failures after which it asks again."""

    connect: int = 5_000
    read: int = 15_000
    total: int = 15_000
    retries: int = 1
    policy: frozenset[str] = frozenset({CONNECT})

    def repeats(self, failure: str) -> bool:
        return "all" in self.policy or failure in self.policy


def read(url: str) -> tuple[str, Overrides]:
    """The address as it is requested, and its overrides. BadOverride when they are wrong."""
    address, _mark, fragment = url.partition("#")
    given: dict[str, int] = {}
    policy: frozenset[str] = frozenset({CONNECT})
    for name, value in parse_qsl(fragment, keep_blank_values=True):
        if name == "rp":
            policy = frozenset(value.split(","))
            if not policy <= POLICIES:
                raise BadOverride(f"rp={value}")
        elif name in ("e", "sni"):
            continue
        else:
            given[name] = _number(name, value)
    return address, Overrides(
        given.get("ct", 5_000), given.get("rt", 15_000), given.get("tt", 15_000),
        given.get("rc", 1), policy,
    )  # fmt: skip


def _number(name: str, value: str) -> int:
    low, high = BOUNDS.get(name, (1, 0))
    if not value.isdigit() or not low <= int(value) <= high:
        raise BadOverride(f"{name}={value}")
    return int(value)
