"""The telephone. Its parts, each a module that runs alone, with minutes on two quiet cores:

    facts     1    every order of short calls, a million calls told in disorder
    orders    2    what the public network tells of a call, in many orders (all of them with SIZE=full: 5)
    fifty    10    fifty advisors take one call at one moment, a thousand times, on PostgreSQL
    sound     2    from the click that takes a call to sound both ways
    hook      4    what the line hook bears
    doors     3    what the doors of the public network bear (7 with SIZE=full: five minutes)
    meeting   4    a caller and an advisor meet on the public network, fifty pages open
    outage    5    the database stopped for twenty seconds behind nginx

    world    60    a thousand callers who hang up at the move; a day of 3 000 calls (a run of its own:
                   `make bench PART=phone_world`, in steps that go on where they stopped)

With SIZE=small fewer rounds, and fewer calls stored: whether it all works, in a few minutes.

*Accept to sound*: 20 calls on a served installation; each time the advisor's page posts the answer,
opens its microphone and is linked, until the far tone is at both ears. `python -m tests.bench phone`.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.phone_doors import main as doors
from tests.bench.phone_facts import main as facts
from tests.bench.phone_fifty import main as fifty
from tests.bench.phone_hook import main as hook
from tests.bench.phone_meeting import main as meeting
from tests.bench.phone_orders import MOST
from tests.bench.phone_orders import main as orders
from tests.bench.phone_outage import main as outage
from tests.server import ROOT, Server, environment


@dataclass(frozen=True)
class Size:
    orders: int
    """In which each plot is told; 0 = all."""
    rounds: int
    """Of fifty advisors."""
    stored: int
    """Calls."""
    seconds: int
    """At fifty requests a second."""
    meetings: int = 20
    """Calls."""


SIZES = {
    "small": Size(orders=10, rounds=20, stored=5_000, seconds=20, meetings=5),
    "": Size(orders=MOST, rounds=1_000, stored=100_000, seconds=60),
    "full": Size(orders=0, rounds=1_000, stored=100_000, seconds=300),
}
AIM = 1.5
"""Seconds, 95th percentile."""


def main() -> int:
    """Print the tables; 1 when a target is missed."""
    size = SIZES[os.environ.get("SIZE", "")]
    return max(
        facts(), orders(size.orders), fifty(size.rounds), sound(), hook(),
        doors(size.stored, size.seconds), meeting(size.meetings), outage(),
    )  # fmt: skip


def sound() -> int:
    """In a process of its own, over the served installation's database."""
    with TemporaryDirectory(prefix="wasl-phone-") as folder:
        server = Server(Path(folder), PROFILE="centre", LOG_LEVEL="ERROR").start(patience=300)
        try:
            given = {"WASL_BENCH_URL": server.url, "WASL_BENCH_AIM": str(AIM)}
            made = environment(Path(folder), DJANGO_ALLOW_ASYNC_UNSAFE="1", **given)
            command = [sys.executable, "-m", "tests.bench.phone_talk"]
            return subprocess.run(command, cwd=ROOT, env=made, check=False).returncode
        finally:
            server.kill()


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main())
