"""The empty database of a test run, laid by the migrations once and copied afterwards.

Laying takes many seconds of each process that tests; the copy is known by what the migrations say, so
a change of any of them lays a new one. Only SQLite: PostgreSQL is laid each time.
"""

import hashlib
import os
import sqlite3
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "laid"


def key() -> str:
    """Of everything that decides what an empty database looks like."""
    found = hashlib.sha256()
    migrations = [p for app in ("helpdesk", "knowledge", "telephony", "config") for p in (ROOT / app).rglob("migrations/*.py")]  # fmt: skip
    for path in sorted([*migrations, ROOT / "requirements.txt"]):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:20]


def copy_in() -> bool:
    """Put the laid database where the run expects its own; False when there is none yet."""
    laid = FOLDER / f"{key()}.sqlite3"
    if connection.vendor != "sqlite" or not laid.exists():
        return False
    _copy(laid, Path(connection.creation._get_test_db_name()))
    return True


def keep() -> None:
    """Keep a copy of the database just laid, for the next process."""
    if connection.vendor != "sqlite":
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.sqlite3"):
        if old.stem != key():
            old.unlink(missing_ok=True)
    beside = FOLDER / f"{os.getpid()}.part"
    _copy(Path(connection.settings_dict["NAME"]), beside)
    beside.rename(FOLDER / f"{key()}.sqlite3")


def _copy(source: Path, target: Path) -> None:
    """By SQLite itself, so that what lies in the write-ahead log comes along."""
    one, other = sqlite3.connect(source), sqlite3.connect(target)
    with other:
        one.backup(other)
    one.close()
    other.close()
