"""A day or an hour of traffic as data: how many, how patient, how rough the network. TOML files.

Those in `seeds/` are for everybody; a failing seed is kept as one more. An unknown key is an error:
a misspelt rate would test nothing.
"""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from random import Random
from typing import Any

from telephony.simulator.adversary import Rates

SEEDS = Path(__file__).parent / "seeds"


@dataclass(frozen=True)
class Callers:
    """Means in seconds (exponential); shares of 1."""

    patience: float = 180
    short: float = 0.05
    """Gives up within five seconds."""
    talk: float = 170
    ends: float = 0.5
    """Of talks, ended by the caller; else by the advisor."""
    menu: tuple[str, ...] = ("1",)
    """Keys pressed at the questions before the queue, one for each; `1|2` is either, by lot."""
    silent: float = 0.05
    """Presses nothing at all."""
    leaves: float = 0.1
    """Presses `leave_key` while waiting, after `leaves_after` seconds on average."""
    leave_key: str = "1"
    leaves_after: float = 60
    message: float = 0
    """Seconds spoken where a message is asked for."""
    withheld: float = 0.05
    known: float = 0
    """Of numbers, those of people the centre knows, where they are given."""
    again: float = 0.2
    """Calls a second time from a number that called before."""
    spoils: float = 0
    """Hangs up within a second of the advisor's dialling in."""


@dataclass(frozen=True)
class Advisors:
    number: int = 12
    react: float = 3
    """Seconds from free to asking the desk again, on average."""
    absent: float = 0
    """Takes a call, and the browser never dials in."""
    drops: float = 0
    """Loses the network while talking."""
    holds: float = 0.2
    passes: float = 0
    """Of talks, given back to the line half-way."""
    asks: float = 0
    """Of talks, those in which a colleague is asked and has the call afterwards."""
    rests: float = 0
    """Of calls, those after which there is a break of `rest` seconds."""
    rest: float = 60
    wrap: float = 20
    supervisors: int = 0
    listens: float = 60
    """Seconds a supervisor listens, on average."""


@dataclass(frozen=True)
class Load:
    calls: int = 300
    minutes: float = 60
    shape: tuple[float, ...] = ()
    """How busy each of so many equal parts of the time is, beside the others; empty: all alike."""
    callers: Callers = field(default_factory=Callers)
    advisors: Advisors = field(default_factory=Advisors)
    adversary: Rates = field(default_factory=Rates)
    faults: dict[str, float] = field(default_factory=dict)


def moments(load: Load, random: Random) -> list[float]:
    """Seconds at which the calls come, in their order."""
    whole = load.minutes * 60
    if not load.shape:
        return sorted(random.uniform(0, whole) for _ in range(load.calls))
    part = whole / len(load.shape)
    places = random.choices(range(len(load.shape)), load.shape, k=load.calls)
    return sorted((place + random.random()) * part for place in places)


class BadSeed(ValueError):
    """A file that says something no load can hold."""


def read(name: str) -> Load:
    """Of a file in `seeds/` without its ending, or of any path."""
    path = Path(name) if name.endswith(".toml") else SEEDS / f"{name}.toml"
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    return Load(
        callers=_part(Callers, given.pop("callers", {})),
        advisors=_part(Advisors, given.pop("advisors", {})),
        adversary=_part(Rates, given.pop("adversary", {})),
        **_known(Load, given),
    )


def _part(kind: Any, given: dict[str, Any]) -> Any:
    return kind(**_known(kind, given))


def _known(kind: Any, given: dict[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    if unknown := set(given) - names:
        raise BadSeed(f"{kind.__name__}: {', '.join(sorted(unknown))}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
