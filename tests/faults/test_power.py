"""Power loss: SQLite writes every commit through to the disk, on every connection (trust.md, F02)."""

import re
import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.faults.clients import KINDS, Advisor, History
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
def test_the_disk_is_told_of_every_acknowledged_write(tmp_path: Path) -> None:
    """Counted in the kernel: at least one flush for each acknowledged write."""
    strace = shutil.which("strace")
    assert strace, "this test needs strace (Debian: apt install strace)"
    data = tmp_path / "centre"
    data.mkdir()
    scene = stage(data, 1)
    server = uvicorn(data).start()
    assert server.process is not None
    trace = tmp_path / "flushes"
    watcher = subprocess.Popen(
        [strace, "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(trace),
         "-p", str(server.process.pid)]
    )  # fmt: skip
    while not trace.exists() or not _is_watched(server.process.pid):
        assert watcher.poll() is None, "strace may not watch here"
        time.sleep(0.1)
    history, stop = History(100, kinds=set(KINDS)), threading.Event()
    client = Advisor(
        server.url, history, stop, session=scene["sessions"][0], tickets=scene["tickets"]
    )
    client.start()
    client.join(120)
    server.stop()
    watcher.wait(30)
    assert history.is_full, history.odd[:3]
    flushes = len(re.findall(r"f(?:data)?sync\(", trace.read_text()))
    assert flushes >= history.count


def _is_watched(pid: int) -> bool:
    """Every thread of the process has a tracer."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return all("TracerPid:\t0" not in (task / "status").read_text() for task in tasks)
