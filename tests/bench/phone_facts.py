"""A million calls told by an unreliable line: each event one to three times, in any order, one of them lost
and found later. Each has one right end. The suite plays a hundred thousand. Before them every order of every call of
at most seven events, each told once, and each with one of them found last. `python -m tests.bench.phone_facts`.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import permutations, repeat

from telephony.facts import Facts, reckon
from tests.telephony.test_facts import CALLS, outcome, shuffled

SEEDS, PIECE, LONGEST = 1_000_000, 10_000, 7


def main() -> int:
    """Print how many ended right and in what time; 1 when one did not."""
    began = time.perf_counter()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        short = [name for name, (known, _s, _n) in CALLS.items() if len(known) <= LONGEST]
        found = list(pool.map(_every_order, short))
        orders, disorderly = (
            sum(n for n, _ in found),
            [name for _, names in found for name in names],
        )
        print(
            f"{orders} orders of {len(short)} calls of at most {LONGEST} events: {len(disorderly)} ended wrong"
        )
        wrong: list[int | str] = list(disorderly)
        wrong += [
            seed
            for found in pool.map(_piece, range(0, SEEDS, PIECE), repeat(PIECE))
            for seed in found
        ]
    taken = time.perf_counter() - began
    print(
        f"{SEEDS} calls told in disorder: {SEEDS - len(wrong) + len(disorderly)} ended right, {taken:.0f} s"
    )
    if wrong:
        print(f"MISSED seeds {wrong[:10]}")
    return int(bool(wrong))


def _every_order(name: str) -> tuple[int, list[str]]:
    """How many orders a call was told in, and its name for each that ended wrong. The state is asked for before
    the last event too, as somebody would who looked at the call just then."""
    known, state, seconds = CALLS[name]
    told, wrong = 0, []
    for order in permutations(known):
        facts = Facts(order[:-1])
        reckon(facts)
        for one in (order[-1], *order):
            facts.add(one)
        told += 1
        if outcome(reckon(facts)) != (state, seconds):
            wrong.append(name)
    return told, wrong


def _piece(start: int, count: int) -> list[int]:
    """The seeds from `start` on whose call ended wrong."""
    wrong = []
    for seed in range(start, start + count):
        try:
            shuffled(seed)
        except AssertionError:
            wrong.append(seed)
    return wrong


if __name__ == "__main__":
    raise SystemExit(main())
