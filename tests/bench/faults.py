"""`make bench faults`: fifty thousand acknowledged writes while the server is killed (trust.md, F01).

What the suite asks of two thousand (`tests/faults/test_kill.py`), in rounds that each keep their database
until it was compared. WRITES=5000 asks fewer.
"""

import os
import tempfile
import time
from pathlib import Path

from tests.faults.test_kill import under_fire

WRITES, ROUND = int(os.environ.get("WRITES", "50000")), 5_000
PATIENCE = 1500.0
"""Seconds a round may take before it counts as stuck."""


def main() -> int:
    """Each round's figures; 1 at the first write that was lost or is there twice."""
    done = kills = 0
    while done < WRITES:
        many, began = min(ROUND, WRITES - done), time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                kills += under_fire(Path(folder) / "centre", writes=many, patience=PATIENCE)
            except AssertionError as wrong:
                print(f"after {done} writes: {wrong}")
                return 1
        done += many
        print(f"{done} of {WRITES}, {kills} kills, {many / (time.monotonic() - began):.0f}/s")
    print(f"{done} acknowledged, {kills} kills: 0 lost, 0 doubled")
    return 0
