"""The state of a call does not depend on the order, the repetition or the delay of what is told."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from telephony.facts import Fact, Facts, Known, Reckoned, State, Why, reckon

T0 = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def told(*rows: tuple[str, float] | tuple[str, float, int] | tuple[str, float, int, int]) -> list[Known]:  # fmt: skip
    """Facts from (kind, second, turn, step)."""
    return [Known(row[0], at(row[1]), *row[2:]) for row in rows]


IN = told((Fact.ARRIVED, 0), (Fact.QUEUED, 0))
ONE = [Known(Fact.CLAIMED, at(20), 1, user=7), *told((Fact.ADVISOR_JOINED, 21, 1), (Fact.CALLER_JOINED, 22, 1))]  # fmt: skip
END = [Known(Fact.ENDED, at(100), why=Why.CALLER)]
SECOND = [Known(Fact.RELEASED, at(60), 1, why=Why.TRANSFER), Known(Fact.CLAIMED, at(70), 2, user=8),
          *told((Fact.ADVISOR_JOINED, 71, 2), (Fact.CALLER_JOINED, 72, 2))]  # fmt: skip
HOLDS = told((Fact.HELD, 30, 1, 1), (Fact.RESUMED, 40, 1, 1), (Fact.HELD, 50, 1, 2))

CALLS: dict[str, tuple[Sequence[Known], State, tuple[int, int, int]]] = {
    "waiting": (IN, State.WAITING, (0, 0, 0)),
    "taken": ([*IN, ONE[0]], State.CLAIMED, (0, 0, 0)),
    "talking": ([*IN, *ONE], State.TALKING, (22, 0, 0)),
    "held": ([*IN, *ONE, *HOLDS], State.HELD, (22, 0, 0)),
    "ended": ([*IN, *ONE, *END], State.WRAP_UP, (22, 78, 0)),
    "ended on hold": ([*IN, *ONE, *HOLDS, *END], State.WRAP_UP, (22, 18, 60)),
    "done": ([*IN, *ONE, *END, *told((Fact.WRAPPED, 130))], State.DONE, (22, 78, 0)),
    "passed on": ([*IN, *ONE, *SECOND, *END], State.WRAP_UP, (22, 38 + 28, 0)),
    "given back": ([*IN, *ONE, SECOND[0]], State.WAITING, (22, 38, 0)),
    "lost after it": ([*IN, *ONE, SECOND[0], *END], State.ABANDONED, (22, 38, 0)),
    "no voice": ([*IN, ONE[0], Known(Fact.RELEASED, at(32), 1, why=Why.NO_JOIN)], State.WAITING, (0, 0, 0)),
    "given up": ([*IN, *END], State.ABANDONED, (100, 0, 0)),
    "given up at once": ([*IN, Known(Fact.ENDED, at(4), why=Why.MISSED)], State.SHORT, (4, 0, 0)),
    "message": ([*IN, *told((Fact.VOICEMAIL, 90)), *END], State.VOICEMAIL, (100, 0, 0)),
    "a machine": (
        [IN[0], *ONE, *told((Fact.MACHINE, 30)), *END], State.FAILED, (100, 0, 0)
    ),
    "call-back": ([*IN, *told((Fact.CALL_BACK, 90)), *END], State.CALL_BACK, (100, 0, 0)),
    "closed": ([IN[0], Known(Fact.ENDED, at(9), why=Why.CLOSED)], State.CLOSED, (9, 0, 0)),
    "talked after all": ([*IN, *told((Fact.CALL_BACK, 19)), *ONE, *END], State.WRAP_UP, (22, 78, 0)),
}  # fmt: skip


def outcome(found: Reckoned) -> tuple[State, tuple[int, int, int]]:
    return found.state, (found.waited, found.talk, found.hold)


@pytest.mark.parametrize("name", CALLS)
def test_what_follows_from_the_facts(name: str) -> None:
    known, state, seconds = CALLS[name]
    assert outcome(reckon(Facts(known))) == (state, seconds)


@pytest.mark.parametrize(
    "name", [name for name, (known, _s, _n) in CALLS.items() if len(known) <= 6]
)
def test_every_order_gives_the_same(name: str) -> None:
    known, state, seconds = CALLS[name]
    for order in permutations(known):
        assert outcome(reckon(Facts(order))) == (state, seconds)


def deliveries(known: Sequence[Known], chance: random.Random) -> Iterator[Known]:
    """Each fact one to three times, told again later than it was, in any order."""
    sent = [one for one in known for _ in range(chance.choice((1, 1, 2, 3)))]
    again = [
        Known(one.kind, one.at + timedelta(seconds=chance.randint(1, 60)), one.turn, one.step,
              one.why, one.user)
        for one in known if chance.random() < 0.2
    ]  # fmt: skip
    sent += again
    chance.shuffle(sent)
    yield from sent


def shuffled(seed: int) -> None:
    """One call told by an unreliable line: part of it lost, found later; the end is the right one."""
    chance = random.Random(seed)
    known, state, seconds = CALLS[chance.choice(list(CALLS))]
    facts, lost = Facts(), chance.randrange(len(known))
    for one in deliveries([k for n, k in enumerate(known) if n != lost], chance):
        facts.add(one)
    reckon(facts)
    facts.add(known[lost])
    for one in deliveries(known, chance):
        facts.add(one)
    assert outcome(reckon(facts)) == (state, seconds), f"seed {seed}"


def test_shuffled_repeated_delayed_and_lossy() -> None:
    for seed in range(4_000):
        shuffled(seed)


@pytest.mark.full
def test_a_hundred_thousand_shuffled() -> None:
    for seed in range(4_000, 104_000):
        shuffled(seed)
