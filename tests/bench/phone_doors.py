"""The doors of the public network beside a bare view that writes the same rows, and how soon they answer at fifty
a second, with 100 000 calls stored. `python -m tests.bench.phone_doors [STORED [SECONDS]]`: with 60 seconds about
three minutes on two quiet cores, with 300 about seven.

The ratio is of the first question of a call, asked in turn in one process (A B A B). What fifty a second are is
a call's whole way, five new calls each second: it rings, language, theme, five times what is heard in line, the
caller hangs up. No door may ask Twilio anything: that is counted, and the address it would be asked at is nobody's.
"""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from knowledge.search.evaluation import percentile
from tests.server import ROOT as HERE
from tests.server import Server, environment
from tests.telephony.twilio import carrier as c

STORED, ROUNDS, AT_ONCE = 100_000, 5, 60
RATIO = 0.7
"""At least so many of the bare view's answers a second."""
RATE, SECONDS = 50, 60
P99 = 1000.0
"""Milliseconds at that rate."""
PATIENCE = 15
"""Seconds after which Twilio gives a door up."""
ROOT, NOBODY = "/hooks/twilio/", "http://127.0.0.1:9"
HEARD, LINE = {"CallStatus": "in-progress"}, {"QueueSid": c.sid("QU"), "QueueTime": "9"}
WAY: tuple[tuple[str, dict[str, str]], ...] = (
    ("voice/", {}),
    ("language/1/", {"Digits": "2", **HEARD}),
    ("theme/1/", {"Digits": "0", **HEARD}),
    *[("wait/", {"QueuePosition": "1", **LINE, **HEARD})] * 5,
    ("left/", {"QueueResult": "hangup", **LINE, "CallStatus": "completed"}),
    ("status/", {"CallStatus": "completed", "CallDuration": "9"}),
)
"""A second apart; each after the answer before it."""


def main(stored: int = STORED, seconds: int = SECONDS) -> int:
    """Print the figures; 1 when a target is missed."""
    missed = run(stored=stored, seconds=seconds)
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept")
    return int(bool(missed))


def run(*, stored: int = STORED, seconds: int = SECONDS) -> list[str]:
    """Measure all; the targets that were missed."""
    from tests.faults.test_kill import (
        stage,
        uvicorn,
    )  # brings pytest, which the worker must not have

    with TemporaryDirectory(prefix="wasl-doors-") as folder:
        data = Path(folder) / "centre"
        data.mkdir()
        stage(data, 2)
        missed = _ratio(data, stored)
        server = uvicorn(data)
        server.extra |= _ours(server.url)
        try:
            server.start(patience=300)
            return [*missed, *_rate(server, seconds)]
        finally:
            server.kill()


def sent(number: int, more: dict[str, str]) -> dict[str, str]:
    """What Twilio tells of a call, each from another number."""
    caller = f"+2126{number:08d}"
    return c.of_call(number, **{"From": caller, "Caller": caller, **more})


def _ours(public: str) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": c.ACCOUNT, "TWILIO_AUTH_TOKEN": c.TOKEN, "PUBLIC_URL": public,
        "TWILIO_API_URL": NOBODY, "LOG_LEVEL": "CRITICAL",
    }  # fmt: skip


def _ratio(data: Path, stored: int) -> list[str]:
    command = (sys.executable, "-m", "tests.bench.phone_doors_worker")
    done = subprocess.run(
        [*command, str(stored), str(ROUNDS), str(AT_ONCE)],
        cwd=HERE, env=environment(data, **_ours(c.PUBLIC)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    ratio = median(one / bare for one, bare in zip(found["ours"], found["bare"], strict=True))
    print(f"first questions a second, {found['calls']} calls stored (median of {ROUNDS} turns)")
    print(f"{'bare view, same rows':<24} {median(found['bare']):>8.1f}")
    print(f"{'the door':<24} {median(found['ours']):>8.1f}  {ratio:.2f} of it")
    print(f"asked of Twilio inside an answer: {found['asked']}", flush=True)
    missed = [f"{found['asked']} requests to Twilio"] if found["asked"] else []
    low = f"the door answers {ratio:.2f} of the bare view, at least {RATIO}"
    return [*missed, low] if ratio < RATIO else missed


# --- fifty a second -----------------------------------------------------------------------------------


def _rate(server: Server, seconds: int) -> list[str]:
    """So many seconds at the full rate; before and after it calls come and go, which is not counted."""
    before = server.cpu_seconds()
    times, refused, calls = asyncio.run(_whole_ways(server, seconds))
    spent = (server.cpu_seconds() - before) / (calls * len(WAY)) * 1000
    every = sorted(one for of_door in times.values() for one in of_door)
    p50, p99 = percentile(every, 0.5), percentile(every, 0.99)
    print(
        f"{len(every) / seconds:.0f} requests a second for {seconds} s, ms: p50 {p50:.0f}, p99 {p99:.0f}"
    )
    for door, some in times.items():
        some.sort()
        print(f"  {door:<12} p50 {percentile(some, 0.5):>5.0f}, p99 {percentile(some, 0.99):>5.0f}")
    ended = _ended(server.data)
    print(f"{calls} calls, {ended} of them ended in our rows;"
          f" {spent:.1f} ms of one processor an answer, sweeps included", flush=True)  # fmt: skip
    missed = [f"{len(refused)} not answered: {refused[0]}"] if refused else []
    missed += [f"{calls - ended} calls not as they ended"] if calls != ended else []
    missed += (
        [f"only {len(every) / seconds:.0f} a second"] if len(every) < 0.9 * RATE * seconds else []
    )
    return [*missed, f"p99 {p99:.0f} ms, at most {P99:.0f}"] if p99 > P99 else missed


async def _whole_ways(
    server: Server, seconds: int
) -> tuple[dict[str, list[float]], list[str], int]:
    """Milliseconds of each door, what was not answered, and how many calls there were."""
    times: dict[str, list[float]] = {door: [] for door, _more in WAY}
    refused: list[str] = []
    began, ramp, apart = time.monotonic() + 0.5, len(WAY), len(WAY) / RATE
    many = httpx.Limits(max_connections=None, max_keepalive_connections=64)

    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE, limits=many) as client:

        async def call(number: int) -> None:
            for place, (door, more) in enumerate(WAY):
                due = began + number * apart + place
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                told = sent(10**7 + number, more)
                path = f"{ROOT}{door}"
                signed = {"X-Twilio-Signature": c.signature(server.url + path, told.items())}
                start = time.monotonic()
                try:
                    status = (await client.post(path, data=told, headers=signed)).status_code
                except httpx.HTTPError as error:
                    status = type(error).__name__
                if status not in (200, 204):
                    refused.append(f"{door} {status}")
                if ramp <= start - began < ramp + seconds:
                    times[door].append((time.monotonic() - start) * 1000)

        calls = int((seconds + ramp) / apart)
        await asyncio.gather(*[call(number) for number in range(calls)])
    return times, refused, calls


def _ended(data: Path) -> int:
    """Calls of the run that are over as the caller ended them: given up in line, and owed."""
    asked = (
        "SELECT COUNT(DISTINCT c.id) FROM telephony_call c JOIN twilio_voice v ON v.leg_id IN"
        " (SELECT id FROM telephony_leg WHERE call_id = c.id)"
        " JOIN tickets_promise p ON p.ticket_id = c.ticket_id"
        " WHERE v.sid >= ? AND v.sid < ? AND v.ended_at IS NOT NULL AND c.ended_at IS NOT NULL"
    )
    with closing(sqlite3.connect(data / "wasl.sqlite3")) as database:
        span = (c.sid("CA", 10**7), c.sid("CA", 5 * 10**7))
        return int(database.execute(asked, span).fetchone()[0])


if __name__ == "__main__":
    os.chdir(HERE)
    raise SystemExit(main(*map(int, sys.argv[1:3])))
