"""The embedded database: copied while it is written to, put in place, and compared."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from config.installation.backups.manifest import Table

ENGINE = "sqlite"
MEMBER = "database/wasl.sqlite3"


class Broken(Exception):
    """SQLite says that the database is not sound."""


class InUse(Exception):
    """Some process has the database open."""


def place() -> Path:
    return Path(connection.settings_dict["NAME"])


def size() -> int:
    """Bytes that a copy will need."""
    return place().stat().st_size if place().exists() else 0


def snapshot(target: Path) -> dict[str, Table]:
    """A copy of one moment, by SQLite's online backup. Raises Broken.

    All pages in one step: with several, each write of another process would begin it anew. Under
    a write-ahead log nobody waits for it.
    """
    with closing(_opened(place())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=-1)
        # One file that needs no log beside it, wherever it is laid.
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Broken
    return tables(target)


def tables(path: Path) -> dict[str, Table]:
    """Rows and digest of every table."""
    with closing(_opened(path)) as opened:
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {name: _table(opened, name) for (name,) in names.fetchall()}


def is_empty() -> bool:
    """Whether nothing was ever laid into it."""
    return not place().exists() or not tables(place())


def put(laid: Path, aside: Path) -> dict[str, Table]:
    """Put the laid file in the database's place, what was there into `aside`. Raises InUse.

    The log and its index go with the old file: beside the new one they would be applied to it.
    """
    connection.close()
    target = place()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        _alone(target)
        aside.mkdir(mode=0o700, exist_ok=True)
        for name in (target.name, f"{target.name}-wal", f"{target.name}-shm"):
            if (found := target.with_name(name)).exists():
                found.rename(aside / name)
    laid.rename(target)
    return tables(target)


def take_back(aside: Path) -> None:
    """The former database in its place again."""
    target = place()
    for name in (target.name, f"{target.name}-wal", f"{target.name}-shm"):
        if (former := aside / name).exists():
            former.replace(target.with_name(name))


def _alone(path: Path) -> None:
    """Raises InUse while any other process has it open: its writes would go into the old file."""
    with closing(sqlite3.connect(path, timeout=0)) as opened:
        try:
            opened.execute("PRAGMA locking_mode=EXCLUSIVE")
            opened.execute("BEGIN EXCLUSIVE")
            opened.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise InUse from error


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=20)


def _table(opened: sqlite3.Connection, name: str) -> Table:
    rows, total = 0, 0
    for row in opened.execute(f'SELECT * FROM "{name}"'):
        rows += 1
        total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest())
    return Table(rows, f"{total % (1 << 128):032x}")
