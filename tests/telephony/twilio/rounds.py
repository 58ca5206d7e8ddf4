"""The caller hangs up just when they are moved to the advisor: over and over, each time a little earlier or later."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from helpdesk.tickets.models import Promise
from telephony import actions
from telephony.facts import Fact, State, Why
from telephony.models import Call
from telephony.simulator.people import Scripted
from telephony.simulator.world import LATENCY
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.world import at

SPREAD = 0.5
"""Seconds before and after the move."""
FREE = 2.0
"""Seconds after which the advisor is free."""
STANDS = 4.0
"""Seconds from the ringing until the caller stands in line, and more."""


@dataclass
class Tally:
    before: int = 0
    """Hung up before both were in the room."""
    after: int = 0
    wrong: list[str] = field(default_factory=list)


def play(
    world: Any, desk: Any, advisor: Any, rounds: int, *, seed: int = 1, first: int = 0
) -> Tally:
    """So many rounds with one advisor; what was wrong in any is told with its offset. `first`: the number of
    the first, where others were before: each calls from a number of its own."""
    tally, random = Tally(), Random(f"{seed}/rounds")
    for number in range(first, first + rounds):
        _round(world, desk, advisor, number, random.uniform(-SPREAD, SPREAD), tally)
    return tally


def _round(world: Any, desk: Any, advisor: Any, number: int, offset: float, tally: Tally) -> None:
    call = world.ring(f"+2126{number:08d}", c.OUR_NUMBER, Scripted(["2", "0"]))
    world.run(until=_stands(world, call))
    name = next(iter(desk.users))
    taken = desk.take(name)
    assert taken is not None, "the caller does not stand in line"
    page: list[Any] = []
    world.clock.after(
        SPREAD, lambda: page.append(world.connect(name, c.APP, Scripted([]), **taken.custom))
    )
    # The page's document and the room's word that it is there come before the move.
    world.clock.after(SPREAD + 2 * LATENCY + offset, lambda: world.hang_up(call))
    world.run(SPREAD + 2 * LATENCY + offset + FREE)
    row = Call.objects.select_related("ticket").get(key=f"public:{call.sid}")
    _judge(world, row, advisor, f"{number}: {offset:+.3f} s", tally)
    world.hang_up(page[0])
    desk.free(name)
    world.run(1)


def _stands(world: Any, call: Any) -> Any:
    """When the caller has been in line for a moment."""
    until = world.clock.now + timedelta(seconds=60)
    while call.member is None and world.clock.now < until and world.step(until):
        pass
    return world.clock.now + timedelta(seconds=1)


def _judge(world: Any, row: Call, advisor: Any, said: str, tally: Tally) -> None:
    spoke = row.state == State.WRAP_UP
    tally.after += spoke
    tally.before += not spoke
    ended = row.events.filter(kind=Fact.ENDED).order_by("at").first()
    owed = Promise.objects.filter(ticket=row.ticket, kind=Promise.Kind.MISSED).count()
    with at(world):
        busy = actions.in_call(advisor, at=world.clock.now, but=row if spoke else None)
    checks = {
        "not over": row.ended_at is not None,
        "state": row.state in (State.WRAP_UP, State.ABANDONED, State.SHORT),
        "not told that the caller hung up": ended is not None and ended.why == Why.CALLER,
        "still in it": not row.legs.here().exists(),
        "not free": not busy,
        f"{owed} missed": owed == (0 if spoke else 1),
    }
    tally.wrong += [f"{said}: {name} ({row.state})" for name, good in checks.items() if not good]
