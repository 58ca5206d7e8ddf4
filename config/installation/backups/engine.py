"""Which of the two ways the database is kept by."""

from pathlib import Path

from django.db import connection

from config.installation.backups import postgres, sqlite
from config.installation.backups.manifest import Table


def name() -> str:
    return sqlite.ENGINE if connection.vendor == "sqlite" else postgres.ENGINE


def member() -> str:
    return sqlite.MEMBER if name() == sqlite.ENGINE else postgres.MEMBER


def size() -> int:
    return sqlite.size() if name() == sqlite.ENGINE else postgres.size()


def snapshot(target: Path) -> dict[str, Table]:
    return sqlite.snapshot(target) if name() == sqlite.ENGINE else postgres.snapshot(target)


def is_empty() -> bool:
    return sqlite.is_empty() if name() == sqlite.ENGINE else postgres.is_empty()
