"""What the pages say, beside what really happened. Pages count other people's calls of the day too, so they
are read before and after: the difference is the run.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from config.demonstration.crew.browser import Browser
from telephony.simulator.simulator import Simulator
from telephony.simulator.truth import ABANDONED, EARLY, LEFT, MESSAGE, TALKED, Truth

COUNT = re.compile(r'<h1>.*?<bdi class="num"[^>]*>(\d+)</bdi>', re.DOTALL)
TILE = r'id="tile-{}".*?<bdi class="num"[^>]*>(\d+)</bdi>'
UNDER_WAY = re.compile(r'id="b-calls".*?<bdi class="num"[^>]*>(\d+)</bdi>', re.DOTALL)
FIGURES = ("offered", "answered", "given up", "left")


@dataclass(frozen=True)
class Now:
    waiting: int
    talking: int


def pages_now(browser: Browser) -> Now:
    """The board, as it stands."""
    board = browser.page("/desk/board/")
    found = re.search(TILE.format("calls"), board, re.DOTALL)
    talks = UNDER_WAY.search(browser.page("/desk/calls/under-way/"))
    return Now(_number(found), _number(talks))


def truth_now(world: Simulator) -> Now:
    """The network, as it is: who stands in a queue, and who is in a room with an advisor."""
    with world.lock:
        waiting = sum(1 for call in world.calls.values() if call.member is not None)
        rooms = [one for one in world.rooms.values() if one.status == "in-progress"]
    return Now(waiting, len(rooms))


def pages_today(browser: Browser) -> dict[str, int]:
    """Calls of the day so far."""

    def of(figure: str) -> int:
        path = f"/desk/figures/service/rows/?period=day&channel=phone&figure={figure}"
        return _number(COUNT.search(browser.page(path)))

    return {
        "offered": of("offered"), "answered": of("answered"),
        "given up": of("abandoned") + of("short"), "left": of("left"),
    }  # fmt: skip


def truth_of(truth: Truth) -> dict[str, int]:
    """The same figures of what really happened: a contact is who came further than the questions, also
    where somebody took the call before the music began."""
    ends = [call.outcome for call in truth.calls.values() if call.kind == "telephone"]
    return {
        "offered": len(ends) - ends.count(EARLY), "answered": ends.count(TALKED),
        "given up": ends.count(ABANDONED), "left": ends.count(LEFT) + ends.count(MESSAGE),
    }  # fmt: skip


def compared(
    before: Mapping[str, int], after: Mapping[str, int], truth: Mapping[str, int]
) -> list[tuple[str, int, int]]:
    """Each figure with what really happened and what the pages say of it."""
    return [(name, truth[name], after[name] - before[name]) for name in FIGURES]


def _number(found: re.Match[str] | None) -> int:
    return int(found[1]) if found else 0
