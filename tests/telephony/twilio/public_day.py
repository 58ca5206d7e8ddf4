"""A day of the public network: many callers, twenty advisors; what the network knows against what we count.

Nothing here reads a call of ours to say what is right: counts and seconds are told by the network's own moments,
by when the desk said that a call was taken, and by when it was written down.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any

from helpdesk.supervision import measures
from helpdesk.supervision.measure_figures import ROWS
from helpdesk.supervision.measure_rows import Rows
from telephony.simulator import load, truth
from telephony.simulator.actors import Taken
from telephony.simulator.traffic import Traffic
from telephony.simulator.world import LATENCY
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.world import OurDesk

SHORT = timedelta(seconds=5)
NEAR = 1 + 2 * LATENCY
"""Seconds: the network's stamps are whole, and what has none is told when it arrives."""
MENU = 2
"""Keys until a caller stands in line."""


class Noting(OurDesk):
    """The desk, and what it said when."""

    def __init__(self, users: list[Any]) -> None:
        super().__init__(users)
        self.taken: dict[str, datetime] = {}
        """By the network's name of a call: when it was first taken."""

    def take(self, identity: str) -> Taken | None:
        found = super().take(identity) if self._anybody() else None
        if found:
            self.taken.setdefault(found.call, self.now)
        return found

    def _anybody(self) -> bool:
        """Nobody in the network's line, nothing to ask for: pages are told too."""
        return any(queue.members for queue in self.world.queues.values())


@dataclass
class Count:
    """The figures by the network. Lists are seconds, sorted."""

    offered: int = 0
    short: int = 0
    left: int = 0
    waited: list[float] = field(default_factory=list)
    """From the last key of the menu until taken."""
    gave_up: list[float] = field(default_factory=list)
    talks: list[int] = field(default_factory=list)


def count(world: Any, told: truth.Truth, taken: dict[str, datetime]) -> Count:
    """By the moments of the network and of the desk."""
    pressed: dict[str, list[datetime]] = {}
    for one in world.history:
        if one.what == "pressed":
            pressed.setdefault(one.call, []).append(one.at + timedelta(seconds=LATENCY))
    found = Count()
    for sid, call in told.calls.items():
        if len(pressed.get(sid, [])) < MENU or call.ended is None:
            continue
        stood = pressed[sid][MENU - 1]
        found.offered += 1
        if sid in taken:
            found.waited.append((taken[sid] - stood).total_seconds())
        elif call.outcome in (truth.LEFT, truth.MESSAGE):
            found.left += 1
        elif call.ended - call.arrived <= SHORT:
            found.short += 1
        else:
            found.gave_up.append((call.ended - stood).total_seconds())
        if call.conversations:
            found.talks.append(int(sum(one.seconds for one in call.conversations)))
    for rows in (found.waited, found.gave_up, found.talks):
        rows.sort()
    return found


def differences(world: Any, told: truth.Truth, desk: Noting, rows: Rows) -> list[str]:
    """In words, where our figures are not the network's; seconds may differ by `NEAR`."""
    true = count(world, told, desk.taken)
    ours = {
        key: len(ROWS[key](rows)) for key in ("offered", "answered", "abandoned", "short", "left")
    }
    theirs = {
        "offered": true.offered, "answered": len(true.waited), "abandoned": len(true.gave_up),
        "short": true.short, "left": true.left,
    }  # fmt: skip
    wrong = [f"{key}: {ours[key]}, the network {n}" for key, n in theirs.items() if ours[key] != n]
    waited = sorted(one.seconds for one in measures.answered(rows.waits))
    gave_up = sorted(one.seconds for one in measures.abandoned(rows.waits))
    talks = sorted(work.talk for work in rows.works if work.talk)
    for name, mine, other in (
        ("waited", waited, true.waited), ("gave up", gave_up, true.gave_up), ("talked", talks, true.talks),
    ):  # fmt: skip
        far = [pair for pair in zip(mine, other, strict=False) if abs(pair[0] - pair[1]) > NEAR]
        wrong += [f"{name}: {a:.1f} s, the network {b:.1f}" for a, b in far]
        if len(mine) != len(other):
            wrong.append(f"{name}: {len(mine)} times, the network {len(other)}")
    return wrong + _shares(rows, true)


def _shares(rows: Rows, true: Count) -> list[str]:
    target = rows.waits[0].due_at - rows.waits[0].since
    timely = sum(seconds <= target.total_seconds() for seconds in true.waited)
    late = sum(seconds > target.total_seconds() for seconds in true.gave_up)
    speed = measures.speed(rows.waits)
    pairs = {
        "service level": (measures.service_level(rows.waits), _share(timely, len(true.waited) + late)),
        "abandonment": (
            measures.abandonment(rows.waits), _share(len(true.gave_up), true.offered - true.short)
        ),
        "speed": (speed and round(speed.mean), true.waited and round(fmean(true.waited))),
        "half within": (speed and round(speed.median), true.waited and round(median(true.waited))),
    }  # fmt: skip
    return [f"{name}: {mine}, the network {other}" for name, (mine, other) in pairs.items()
            if mine != other]  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def play(world: Any, desk: Noting, *, calls: int, minutes: float, advisors: int) -> truth.Truth:
    """Everybody calls within so many minutes, and the last are served after it."""
    plan = load.read("day")
    callers = replace(plan.callers, menu=("2", "0"), leave_key="1", silent=0)
    staff = replace(plan.advisors, number=advisors, supervisors=0, holds=0)
    plan = replace(plan, calls=calls, minutes=minutes, callers=callers, advisors=staff)
    Traffic(
        world, plan, desk, number=c.OUR_NUMBER, application=c.APP, identities=list(desk.users)
    ).begin()
    world.run(minutes * 60)
    while not all(call.over for call in world.calls.values()):
        world.run(60)
    world.run(60)
    return truth.tell(world.history, world.clock.now, whole=True)
