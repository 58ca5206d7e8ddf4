"""kill -9 in mid-request: what was acknowledged is there, and there once.

Twenty clients write notes, questions and messages over HTTP and send each again with the same key
until it is answered, while the server is killed and started again (trust.md, F01).
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.clients import Advisor, Asker, History, Writer
from tests.server import ROOT, Server, environment

ADVISORS, ASKERS = 14, 6
UP = (0.5, 1.5)
"""Seconds the server lives after it answers."""


def stage(data: Path, users: int, *, group: str = "advisor", **extra: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.stage", str(users), group],
        cwd=ROOT, env=environment(data, **extra), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def uvicorn(data: Path, *before: str, of: str = "config.asgi", **extra: str) -> Server:
    """The server as `serve` runs it, without the set-up before; `of`: the module of the application."""
    server = Server(data, PROFILE="centre", LOG_LEVEL="ERROR", **extra)
    server.command = (
        *before, sys.executable, "-m", "uvicorn", f"{of}:application", "--host", "127.0.0.1",
        "--port", str(server.port), "--lifespan", "on", "--log-level", "warning",
        "--timeout-graceful-shutdown", "5", "--no-access-log",
    )  # fmt: skip
    return server


def forking(data: Path) -> Server:
    """The same, up again as soon as it is killed."""
    server = Server(data, PROFILE="centre", LOG_LEVEL="ERROR")
    server.command = (
        sys.executable, "-m", "tests.faults.forker", str(server.port), str(data / "pid")
    )  # fmt: skip
    return server


def kill(data: Path) -> None:
    """The serving process, in the middle of whatever it does, and wait for its successor."""
    dead = (data / "pid").read_text()
    os.kill(int(dead), signal.SIGKILL)
    while (data / "pid").read_text() == dead:
        time.sleep(0.005)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "centre"


@pytest.mark.full
def test_two_thousand_acknowledged_none_lost_none_doubled(data: Path) -> None:
    assert under_fire(data, writes=2000, patience=500) >= 8


def under_fire(data: Path, *, writes: int, patience: float) -> int:
    """Write so much under kills and compare; how often the server was killed."""
    data.mkdir()
    scene = stage(data, ADVISORS)
    server = forking(data)
    history, stop = History(writes), threading.Event()
    clients: list[Writer] = [
        Advisor(server.url, history, stop, session=session, tickets=scene["tickets"])
        for session in scene["sessions"]
    ]
    clients += [Asker(server.url, history, stop) for _ in range(ASKERS)]
    dice, kills, until = random.Random(), 0, time.monotonic() + patience
    server.start()
    for client in clients:
        client.start()
    while not history.is_full and time.monotonic() < until:
        had = history.count
        time.sleep(dice.uniform(*UP))
        # A busy machine may need longer to say yes to anything at all.
        while history.count == had and time.monotonic() < until:
            time.sleep(0.05)
        kill(data)
        kills += 1
        server.wait()
    stop.set()
    for client in clients:
        client.join(40)
    server.stop()
    assert history.is_full, f"only {history.count} of {writes} in {patience} s; {history.odd[:5]}"
    print(f"{history.count} acknowledged, {history.resent} sent again, {kills} kills")
    compare(data, history)
    return kills


def compare(data: Path, history: History) -> None:
    """Everything acknowledged is there once; nothing at all is there twice; nothing is half there."""
    with closing(sqlite3.connect(data / "wasl.sqlite3")) as database:
        ask = lambda query: database.execute(query).fetchall()  # noqa: E731
        assert ask("PRAGMA integrity_check") == [("ok",)]
        assert ask("PRAGMA foreign_key_check") == []
        assert differences(ask, history) == []


def differences(ask: Callable[[str], list[Any]], history: History) -> list[str]:
    """What is lost, doubled or half there, of the database asked so; also answers that should not have come."""
    there: dict[str, int] = dict(ask("SELECT text, COUNT(*) FROM tickets_entry GROUP BY text"))
    there.pop("سؤال")
    lost = [text for text in history.written if text not in there]
    doubled = [text for text, count in there.items() if text and count > 1]
    gaps = ask(
        "SELECT t.id FROM tickets_ticket t LEFT JOIN tickets_entry e ON e.ticket_id = t.id "
        "GROUP BY t.id HAVING COUNT(e.id) != t.last OR MAX(e.number) != t.last"
    )
    unqueued = ask(
        "SELECT t.id FROM tickets_ticket t WHERE t.state = 'new' AND NOT EXISTS "
        "(SELECT 1 FROM queues_waiting w WHERE w.ticket_id = t.id)"
    )
    found = {"lost": lost, "doubled": doubled, "with gaps": gaps, "unqueued": unqueued, "odd": history.odd}  # fmt: skip
    return [f"{len(rows)} {name}: {rows[:3]}" for name, rows in found.items() if rows]
