"""The line hook beside a bare view that writes the same rows, how soon it answers at fifty a second, how
soon what was told is in the call, and how soon a ring is at a desk.

The first is asked in turn in one run (A B A B), in one process, over a database that holds 100 000 calls
already; only the ratio counts. The rest is asked of the real server, with its applier and its sweeps.
`python -m tests.bench.phone_hook`.
"""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from knowledge.search.evaluation import percentile
from tests.bench.phone_hook_worker import PATH, bodies, headers
from tests.faults.test_kill import stage, uvicorn
from tests.server import ROOT, Server, environment

STORED = 100_000
ROUNDS, AT_ONCE = 5, 100
RATIO = 0.7
"""At least so many of the bare view's answers a second."""
RATE, SECONDS = 50, 30
P99 = 1000.0
"""Milliseconds at that rate."""
RINGS, RING = 20, 300.0
"""From the request to the band at the desk, milliseconds, while nothing else happens."""
SECRET = "a secret of the bench"


def main() -> int:
    """Print the figures; 1 when a target is missed."""
    missed = run()
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept")
    return int(bool(missed))


def run(*, stored: int = STORED, seconds: int = SECONDS) -> list[str]:
    """Measure all; the targets that were missed."""
    with TemporaryDirectory(prefix="wasl-hook-") as folder:
        data = Path(folder) / "centre"
        data.mkdir()
        staged = stage(data, 2)
        missed = _ratio(data, stored)
        server = uvicorn(data)
        server.extra |= {"LINE_HOOK_SECRET": f"pbx:{SECRET}"}
        server.start()
        try:
            missed += asyncio.run(_rings(server, staged["sessions"][0]))
            return [*missed, *_rate(server, seconds)]
        finally:
            server.stop()


def _ratio(data: Path, stored: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.phone_hook_worker", str(stored), str(ROUNDS), str(AT_ONCE)],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=environment(
            data, LINE_HOOK_SECRET=f"pbx:{SECRET}", LOG_LEVEL="ERROR", LINE_HOOK_APPLIES="0"
        ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    ratio = median(ours / bare for ours, bare in zip(found["ours"], found["bare"], strict=True))
    pace = median(one / bare for one, bare in zip(found["applied"], found["bare"], strict=True))
    print(f"events a second, {found['calls']} calls stored (median of {ROUNDS} turns)")
    print(f"{'bare view, same rows':<24} {median(found['bare']):>8.1f}")
    print(f"{'line hook':<24} {median(found['ours']):>8.1f}  {ratio:.2f} of it")
    print(f"{'applied to their calls':<24} {median(found['applied']):>8.1f}  {pace:.2f} of it", flush=True)  # fmt: skip
    return [f"hook answers {ratio:.2f} of the bare view, at least {RATIO}"] if ratio < RATIO else []


# --- a ring, while nothing else happens ---------------------------------------------------------------


async def _rings(server: Server, session: str) -> list[str]:
    """The desk's page listens, is told that a call moved, and fetches what rings."""
    from tests.bench.live import signed_in, sockets

    cookie, times, told = signed_in(session), [], []
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:

        async def band() -> str:
            return (await client.get("/desk/calls/ringing/", headers={"Cookie": cookie})).text

        shown = (await band()).split('data-pass="')[1].split('"')[0]
        async with sockets(server, 1, shown, cookie=cookie) as (socket,):
            for turn in range(RINGS):
                ring, end = bodies(f"ring{turn}", 5), f"ring{turn}-0-a"
                body = _at_desk(next(ring))
                began = time.monotonic()
                await client.post(PATH, content=body, headers=headers(SECRET, body))
                shows = False
                while not shows:
                    await _told(socket)
                    poked = time.monotonic()
                    shows = 'id="ring-answer"' in await band()
                told.append((poked - began) * 1000)
                times.append((time.monotonic() - began) * 1000)
                body = json.dumps({"event": "ended", "call": end}).encode()
                await client.post(PATH, content=body, headers=headers(SECRET, body))
                while 'id="ring-answer"' in await band():
                    await _told(socket)
                await asyncio.sleep(0.5)
    p50, p95 = percentile(sorted(times), 0.5), percentile(sorted(times), 0.95)
    print(f"from a ring to its band at the desk, ms: p50 {p50:.0f}, p95 {p95:.0f};"
          f" until the page is told: p50 {percentile(sorted(told), 0.5):.0f}", flush=True)  # fmt: skip
    return [f"ring at the desk {p50:.0f} ms, at most {RING:.0f}"] if p50 > RING else []


def _at_desk(body: bytes) -> bytes:
    return json.dumps({**json.loads(body), "extension": "101"}).encode()


async def _told(socket: Any) -> None:
    """Until the page is told that a call moved."""
    while json.loads(await asyncio.wait_for(socket.recv(), 10)).get("kind") != "call":
        pass


# --- fifty a second -----------------------------------------------------------------------------------


def _rate(server: Server, seconds: int) -> list[str]:
    """Answers, and when each event was applied; then how long what was left over took."""
    times = sorted(_fifty_a_second(server.url, seconds))
    middle, slowest = percentile(times, 0.5), percentile(times, 0.99)
    print(
        f"{RATE} events a second for {seconds} s, ms: p50 {middle:.0f}, p99 {slowest:.0f}",
        flush=True,
    )
    lags, pace, within = _applied(server.data, RATE * seconds)
    p50, p99 = percentile(lags, 0.5), percentile(lags, 0.99)
    print(f"until applied, s: p50 {p50:.1f}, p99 {p99:.1f}; {pace:.1f} applied a second,"
          f" {within:.2f} of all before the last came", flush=True)  # fmt: skip
    return [f"p99 {slowest:.0f} ms, at most {P99:.0f}"] if slowest > P99 else []


def _applied(data: Path, count: int) -> tuple[list[float], float, float]:
    """Seconds from request to call, how many a second, and the share that was applied before the last came."""
    asked = "SELECT received_at, applied_at FROM linehook_told ORDER BY id DESC LIMIT ?"
    with closing(sqlite3.connect(data / "wasl.sqlite3")) as database:
        while database.execute(
            "SELECT COUNT(*) FROM linehook_told WHERE applied_at IS NULL"
        ).fetchone()[0]:
            time.sleep(0.5)
        rows = database.execute(asked, (count,)).fetchall()
    spans = [(datetime.fromisoformat(one), datetime.fromisoformat(other)) for one, other in rows]
    first, last = min(one for one, _ in spans), max(one for one, _ in spans)
    ended = max(other for _, other in spans)
    lags = sorted((other - one).total_seconds() for one, other in spans)
    within = sum(other <= last for _, other in spans) / len(spans)
    return lags, len(spans) / (ended - first).total_seconds(), within


def _fifty_a_second(url: str, seconds: int) -> list[float]:
    times: list[float] = []
    lock = threading.Lock()
    with httpx.Client(timeout=30, limits=httpx.Limits(max_connections=64)) as client:

        def send(body: bytes, due: float) -> None:
            time.sleep(max(0.0, due - time.monotonic()))
            answer = client.post(f"{url}{PATH}", content=body, headers=headers(SECRET, body))
            assert answer.status_code == 200, answer.text
            with lock:
                times.append((time.monotonic() - due) * 1000)

        began = time.monotonic() + 0.5
        with ThreadPoolExecutor(64) as pool:
            sent = [
                pool.submit(send, body, began + place / RATE)
                for place, body in enumerate(bodies("rate", RATE * seconds))
            ]
            for one in sent:
                one.result()
    return times


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main())
