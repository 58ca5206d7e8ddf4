"""What a backup says it holds, so that a restore can prove that it is the same."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
NAME = "manifest.json"


class Unreadable(ValueError):
    """The manifest is not one of ours, or of a format that this version does not know."""


@dataclass(frozen=True)
class Table:
    """Rows of one table, and the sum of the digests of its rows: their order says nothing."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Kept:
    """One file: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    made_at: str
    """UTC, ISO 8601."""
    version: str
    """Of the program, as its tree tells it; empty when it does not."""
    engine: str
    """`sqlite` or `postgresql`: a backup is restored into the same."""
    migrations: list[str]
    """`app.name` of every migration applied."""
    tables: Mapping[str, Table]
    files: Mapping[str, Kept]
    """By path inside the backup."""
    apart: Mapping[str, Kept] = field(default_factory=dict)
    """Recordings, which lie sealed beside it; by path as if they were inside."""

    def to_json(self) -> bytes:
        whole = {"format": FORMAT, **asdict(self)}
        return json.dumps(whole, ensure_ascii=False, indent=1).encode()

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def read(text: bytes) -> Manifest:
    """Raises Unreadable."""
    try:
        told: dict[str, Any] = json.loads(text)
        if told.pop("format") != FORMAT:
            raise Unreadable
        tables = {name: Table(**table) for name, table in told.pop("tables").items()}
        files = {name: Kept(**kept) for name, kept in told.pop("files").items()}
        apart = {name: Kept(**kept) for name, kept in told.pop("apart", {}).items()}
        return Manifest(**told, tables=tables, files=files, apart=apart)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable from error


def differences(said: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Names of what is missing, too much or not the same."""
    return sorted(name for name in said.keys() | found.keys() if said.get(name) != found.get(name))
