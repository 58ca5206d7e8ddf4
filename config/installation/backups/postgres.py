"""PostgreSQL: dumped by its own program from one moment, restored by it, and compared."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from config.installation.backups.manifest import Table

ENGINE = "postgresql"
MEMBER = "database/wasl.pgdump"
_GIVEN = {
    "HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE",
}  # fmt: skip


class Failed(Exception):
    """pg_dump or pg_restore: what it says, in its own words."""


class InUse(Exception):
    """Some process is connected to the database."""


def environment() -> dict[str, str]:
    """Of PostgreSQL's programs: where the database is. Never on their command line, which all may read."""
    given = connection.settings_dict
    found = {name: str(given[key]) for key, name in _GIVEN.items() if given.get(key)}
    ssl = {k: v for k, v in given.get("OPTIONS", {}).items() if k.startswith("ssl")}
    return {**os.environ, **found, **{f"PG{key.upper()}": str(v) for key, v in ssl.items()}}


def size() -> int:
    """Bytes that a dump will need at most, roughly."""
    with _connected() as opened:
        row = opened.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


def snapshot(target: Path) -> dict[str, Table]:
    """A dump, and rows and digests read from the very moment it was taken. Raises Failed."""
    with _connected() as opened:
        opened.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = opened.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        _run(
            "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
            "--schema=public", f"--snapshot={row[0]}", f"--file={target}",
        )  # fmt: skip
        return _tables(opened)


def tables() -> dict[str, Table]:
    with _connected() as opened:
        return _tables(opened)


def is_empty() -> bool:
    with _connected() as opened:
        return not _names(opened)


def put(laid: Path, aside: str) -> dict[str, Table]:
    """Restore in one transaction; what was there moves into a schema named `aside`. Raises InUse, Failed."""
    connection.close()
    with _connected() as opened:
        if _others(opened):
            raise InUse
        opened.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(aside)))
        opened.execute("CREATE SCHEMA public")
    try:
        listed = _run("pg_restore", "--list", str(laid))
        wanted = laid.with_name("list")
        wanted.write_text("".join(f"{x}\n" for x in listed.splitlines() if " SCHEMA - " not in x))
        _run(
            "pg_restore", "--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error",
            f"--use-list={wanted}", f"--dbname={environment()['PGDATABASE']}", str(laid),
        )  # fmt: skip
    except Failed:
        take_back(aside)
        raise
    return tables()


def has(schema: str) -> bool:
    with _connected() as opened:
        return bool(
            opened.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone()
        )


def take_back(aside: str) -> None:
    """The former schema in its place again."""
    with _connected() as opened:
        opened.execute("DROP SCHEMA public CASCADE")
        opened.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(sql.Identifier(aside)))


def forget(aside: str) -> None:
    """Drop what was put aside: nothing was there."""
    with _connected() as opened:
        opened.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(aside)))


@contextmanager
def temporary(name: str) -> Iterator[str]:
    """An empty database beside ours, dropped at the end; yields its name. Raises Failed without the right."""
    with _connected() as opened:
        opened.autocommit = True
        made = sql.Identifier(name)
        try:
            opened.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(made))
        except psycopg.Error as error:
            raise Failed(str(error).splitlines()[0]) from error
        try:
            yield name
        finally:
            opened.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(made))


@contextmanager
def _connected() -> Iterator[psycopg.Connection[Any]]:
    """One transaction on a connection of its own, with every setting that forms how rows are written."""
    told = environment()
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password",
             "PGDATABASE": "dbname", "PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert",
             "PGSSLCERT": "sslcert", "PGSSLKEY": "sslkey"}  # fmt: skip
    given = {names[key]: told[key] for key in names if key in told}
    shown = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c extra_float_digits=1 -c bytea_output=hex"
    with psycopg.connect(**given, options=shown, connect_timeout=10) as opened:  # type: ignore[arg-type]
        yield opened


def _others(opened: psycopg.Connection[Any]) -> int:
    row = opened.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()
    return int(row[0]) if row else 0


def _names(opened: psycopg.Connection[Any]) -> list[str]:
    found = opened.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    return [name for (name,) in found.fetchall()]


def _tables(opened: psycopg.Connection[Any]) -> dict[str, Table]:
    """The server adds up the digests of the rows: none of them travels."""
    found = {}
    for name in _names(opened):
        row = opened.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"
                " FROM public.{} AS t"
            ).format(sql.Identifier(name))
        ).fetchone()
        assert row is not None
        found[name] = Table(int(row[0]), str(row[1]))
    return found


def _run(*command: str) -> str:
    try:
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise Failed(f"{command[0]} is not installed (Debian: postgresql-client)") from error
    if done.returncode:
        raise Failed((done.stderr.strip().splitlines() or [f"{command[0]} failed"])[0])
    return done.stdout
