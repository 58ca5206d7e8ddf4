"""The disk of PostgreSQL is full (trust.md, F15): of its tables, and of its log of writes.

Each lies on a real file system (tmpfs) of its own, in a mount namespace that only PostgreSQL sees. Without room for
tables a write fails; without room for its log PostgreSQL ends in a panic, and whoever looks after it starts it again.
"""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.clients import KINDS, Advisor, History
from tests.faults.test_disk_full import fill, until_refused
from tests.faults.test_kill import differences, stage, uvicorn
from tests.postgres import Postgres

pytestmark = pytest.mark.full
SIZE = "160m"
SEGMENT = "--wal-segsize=1"
SIZES = "-c max_wal_size=1GB -c min_wal_size=2MB"
"""None of the log is laid ready beforehand, so that it soon needs room."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not a folder of ours alone: PostgreSQL runs as another user."""
    made = Path(tempfile.mkdtemp(prefix="wasl-full-"))
    made.chmod(0o777)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def small_disk(at: Path) -> Iterator[tuple[str, ...]]:
    """The command that takes another into the namespace where a small disk lies at `at`."""
    at.mkdir()
    own = () if os.geteuid() == 0 else ("--map-current-user", "--keep-caps")
    lay = f'mount -t tmpfs -o size={SIZE},mode=1777 tmpfs "{at}" && echo laid && exec cat'
    command = ["unshare", "-m", *own, "--propagation", "private", "sh", "-c", lay]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held:
        assert held.stdout
        assert held.stdout.readline() == b"laid\n"
        users = () if os.geteuid() == 0 else ("-U", "--preserve-credentials")
        yield ("nsenter", "-t", str(held.pid), "-m", *users)
        held.kill()


@contextmanager
def served(folder: Path, *, log_on_disk: bool) -> Iterator[tuple[Postgres, Path, Advisor]]:
    """The server over a PostgreSQL whose tables, or whose log, lie on the small disk; the disk as seen from here."""
    disk = folder / "disk"
    with ExitStack() as ends:
        within = ends.enter_context(small_disk(disk))
        home = folder / "postgres" if log_on_disk else disk / "postgres"
        log = (disk if log_on_disk else folder) / "wal"
        seen = Path(f"/proc/{within[2]}/root") / disk.relative_to("/")
        if not log_on_disk:
            home.mkdir()
            (seen / "postgres").mkdir()
            (seen / "postgres").chmod(0o777)
        database = Postgres(home, within=within, laid=(f"--waldir={log}", SEGMENT), options=SIZES)
        database.start()
        ends.callback(end, database)
        scene: dict[str, Any] = stage(folder / "data", 1, DATABASE_URL=database.url)
        server = uvicorn(folder / "data", DATABASE_URL=database.url)
        server.start()
        ends.callback(server.kill)
        history = History(wanted=10**9, kinds=set(KINDS))
        yield (
            database,
            seen,
            Advisor(
                server.url, history, threading.Event(),
                session=scene["sessions"][0], tickets=scene["tickets"],
            ),
        )  # fmt: skip


def end(database: Postgres) -> None:
    with suppress(subprocess.CalledProcessError):  # it had ended by itself
        database.crash()


def goes_on(database: Postgres, writer: Advisor) -> None:
    """By the same process; all that was acknowledged is there once."""
    for _ in range(5):
        writer.write()
    with closing(psycopg.connect(database.url)) as asked:
        assert differences(lambda query: asked.execute(query).fetchall(), writer.history) == []  # type: ignore[arg-type]


PAGES = ("/", "/library/", "/follow/", "/ask/", "/fr/library/", "/desk/", "/desk/queue/")


def test_tables_without_room_refuse_and_are_read_on(folder: Path) -> None:
    with served(folder, log_on_disk=False) as (database, disk, writer):
        writer.write()
        fill(disk)
        refused = until_refused(writer.desk, writer.tickets[0], writer.history)
        assert "القرص" in refused.text
        assert "disque" in refused.text
        pages = (*PAGES, f"/desk/tickets/{writer.tickets[0]}/")
        answers = {path: writer.desk.get(path).status_code for path in pages}
        assert answers == dict.fromkeys(pages, 200)
        (disk / "ballast").unlink()
        goes_on(database, writer)
        assert writer.history.odd == []


def test_a_log_without_room_ends_postgresql_and_loses_nothing(folder: Path) -> None:
    with served(folder, log_on_disk=True) as (database, disk, writer):
        writer.write()
        fill(disk)
        away = until_refused(writer.desk, writer.tickets[0], writer.history)
        assert away.headers["Retry-After"] == "5"
        assert "القرص" in away.text
        assert "disque" in away.text
        assert "PANIC" in (database.folder / "log").read_text("utf-8", "replace")
        (disk / "ballast").unlink()
        end(database)
        database.start()
        goes_on(database, writer)
        assert writer.history.odd == []
