"""The public network with a provider that is far away: from the click that takes a call until both are in
the room, and from a caller's last key until every advisor's screen shows that somebody waits.

A served installation, fifty advisors' pages open at it, and the simulated network beside it in real time:
every request it sends and every answer of its REST surface is 150 ms late. Twenty calls, one after the
other. `python -m tests.bench.phone_meeting [CALLS]`; some four minutes.

A screen is told by its socket that something moved; then it fetches what rings. Fifty of them do so at
once, of one process: how long that takes is said beside it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.search.evaluation import percentile
from tests.faults.test_kill import stage
from tests.server import ROOT, Server, environment, free_port

CALLS, SCREENS = 20, 50
LATENCY = 0.15
"""Seconds."""
MEET, SHOWN = 1.5, 0.5
"""Seconds, 95th percentile."""


@dataclass
class Found:
    """Seconds, sorted."""

    meet: list[float]
    told: list[float]
    """From the request that tells of the key until a screen's socket says that something moved."""
    shown: list[float]
    """And until the screen has fetched what rings."""
    wrong: list[str]


def main(calls: int = CALLS) -> int:
    """Print the figures; 1 when a target is missed."""
    found = measure(calls)
    print(
        f"the public network {LATENCY * 1000:.0f} ms away, {calls} calls, {SCREENS} advisors' pages"
    )
    missed = [*found.wrong]
    for name, seconds, aim in (
        ("accept to both in the room", found.meet, MEET),
        ("a caller in line, told to every screen", found.told, SHOWN),
        ("and shown by every screen", found.shown, None),
    ):
        p95 = percentile(seconds, 0.95)
        said = f" (at most {aim} s)" if aim else ""
        print(
            f"{name:<40} median {percentile(seconds, 0.5):.2f} s, p95 {p95:.2f} s, "
            f"longest {seconds[-1]:.2f} s{said}"
        )
        if aim and p95 > aim:
            missed.append(f"{name}: p95 {p95:.2f} s, at most {aim} s")
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept", flush=True)
    return int(bool(missed))


def measure(calls: int, screens: int = SCREENS) -> Found:
    """In an installation of its own, the network in a process of its own."""
    with TemporaryDirectory(prefix="wasl-meeting-") as folder:
        data = Path(folder) / "centre"
        given = {
            "PROFILE": "centre", "SIMULATED": "1", "LOG_LEVEL": "ERROR", "PORT": str(free_port()),
            "TWILIO_API_URL": f"http://127.0.0.1:{free_port()}",
        }  # fmt: skip
        staged = stage(data, screens + 1, **given)
        server = Server(data, **given)
        server.command = (
            sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1",
            "--port", str(server.port), "--lifespan", "on", "--log-level", "warning",
            "--no-access-log",
        )  # fmt: skip
        told = Path(folder) / "found.json"
        asked = {
            "url": server.url,
            "calls": calls,
            "sessions": staged["sessions"],
            "told": str(told),
        }
        server.start(patience=300)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.phone_meeting_play", json.dumps(asked)],
                cwd=ROOT, env=environment(data, **given), check=False, timeout=120 + 30 * calls,
            )  # fmt: skip
        finally:
            server.kill()
        assert done.returncode == 0, "the network came to no end"
        return Found(**json.loads(told.read_text()))


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
