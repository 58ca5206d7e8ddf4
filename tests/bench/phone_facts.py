"""A million calls told by an unreliable line: each event one to three times, in any order, one of them lost
and found later. Each has one right end. The suite plays a hundred thousand. `python -m tests.bench.phone_facts`.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from tests.telephony.test_facts import shuffled

SEEDS, PIECE = 1_000_000, 10_000


def main() -> int:
    """Print how many ended right and in what time; 1 when one did not."""
    began = time.perf_counter()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        wrong = [
            seed
            for found in pool.map(_piece, range(0, SEEDS, PIECE), repeat(PIECE))
            for seed in found
        ]
    taken = time.perf_counter() - began
    print(f"{SEEDS} calls told in disorder: {SEEDS - len(wrong)} ended right, {taken:.0f} s")
    if wrong:
        print(f"MISSED seeds {wrong[:10]}")
    return int(bool(wrong))


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
