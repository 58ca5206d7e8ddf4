"""Power loss: SQLite writes every commit through to the disk, on every connection (trust.md, F02)."""

import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.faults.clients import Advisor, History
from tests.faults.test_kill import stage, uvicorn

FULL, WAL = 2, "wal"


@pytest.mark.django_db(transaction=True)
def test_every_connection_writes_through() -> None:
    """Of whichever thread: WAL, FULL, and transactions that take the lock at their start."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        return
    found: list[tuple[Any, ...]] = []

    def look() -> None:
        with connection.cursor() as cursor:
            names = ("synchronous", "journal_mode", "foreign_keys")
            found.append(tuple(cursor.execute(f"PRAGMA {n}").fetchone()[0] for n in names))
        connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    look()
    assert found == [(FULL, WAL, 1)] * 5
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.full
@pytest.mark.walk
def test_the_disk_is_told_of_every_acknowledged_write(tmp_path: Path) -> None:
    """Counted in the kernel: at least one flush for each acknowledged write."""
    strace = shutil.which("strace")
    assert strace, "this test needs strace (Debian: apt install strace)"
    data = tmp_path / "centre"
    data.mkdir()
    scene = stage(data, 1)
    trace = tmp_path / "flushes"
    server = uvicorn(data, strace, "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(trace))
    server.start(patience=180)
    before = _flushes(trace)
    history, stop = History(100), threading.Event()
    client = Advisor(
        server.url, history, stop, session=scene["sessions"][0], tickets=scene["tickets"]
    )
    client.start()
    client.join(120)
    flushes = _flushes(trace) - before
    server.stop()
    assert history.is_full, history.odd[:3]
    assert flushes >= history.count


def _flushes(trace: Path) -> int:
    return len(re.findall(r"f(?:data)?sync\(", trace.read_text()))
