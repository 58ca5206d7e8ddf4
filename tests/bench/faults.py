"""`make bench faults`: fifty thousand acknowledged writes while parts of the centre are killed (trust.md, F01).

What the suite asks of two thousand (`tests/faults/test_kill.py`), in rounds that each keep their database until it
was compared. FORM=embedded kills one server on SQLite; FORM=one or several (the default) are the production forms
behind their proxy, whose parts fall in turn. WRITES=5000 asks fewer.
"""

import os
import tempfile
import time
from pathlib import Path

from tests.bench import faults_production
from tests.faults.test_kill import under_fire

FORM = os.environ.get("FORM", "several")
WRITES, ROUND = int(os.environ.get("WRITES", "50000")), 5_000
PATIENCE = 2400.0
"""Seconds a round may take before it counts as stuck."""


def main() -> int:
    """Each round's figures; 1 at the first write that was lost or is there twice."""
    done = kills = 0
    while done < WRITES:
        many, began = min(ROUND, WRITES - done), time.monotonic()
        try:
            kills += _round(many)
        except AssertionError as wrong:
            print(f"after {done} writes: {wrong}")
            return 1
        done += many
        speed = many / (time.monotonic() - began)
        print(f"{done} of {WRITES}, {kills} kills, {speed:.0f}/s", flush=True)
    print(f"form {FORM}: {done} acknowledged, {kills} kills: 0 lost, 0 doubled")
    return 0


def _round(writes: int) -> int:
    if FORM != "embedded":
        return sum(faults_production.under_fire(FORM, writes=writes, patience=PATIENCE).values())
    with tempfile.TemporaryDirectory() as folder:
        return under_fire(Path(folder) / "centre", writes=writes, patience=PATIENCE)
