"""A backup taken: database of one moment, files, secrets; sealed, written, read again and proved."""

import hashlib
import logging
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.installation.backups import (
    engine,
    keys,
    manifest,
    postgres,
    recipe,
    sealed,
    sounds,
    sqlite,
)
from config.installation.backups.manifest import Manifest
from helpdesk.centre import backing
from helpdesk.centre.models import Backup

log = logging.getLogger("wasl.backup")
PATTERN = "wasl-*.age"


class NotTaken(Exception):
    """The code of the reason (`Backup.Failure`) and, for whoever reads the console, its words."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(words or code)
        self.code = code


@dataclass(frozen=True)
class Taken:
    file: Path
    size: int
    manifest: Manifest


def take(into: Path, *, at: datetime, row: Backup | None = None) -> Taken:
    """Take a backup into a folder and prove it. Its row says how it ended, however it ended.

    Raises NotTaken.
    """
    row = row or backing.begin(at=at)
    try:
        taken = write(into, at=at)
    except NotTaken as error:
        backing.fail(row, error.code, at=timezone.now())
        log.error("backup failed", extra={"error": error.code})
        raise
    except BaseException:
        backing.fail(row, Backup.Failure.BROKEN, at=timezone.now())
        raise
    note(row, taken)
    return taken


def note(row: Backup, taken: Taken) -> None:
    """Store that it was taken."""
    sha256 = _sha256(taken.file)
    backing.finish(row, file=taken.file.name, size=taken.size, sha256=sha256, at=timezone.now())


def write(into: Path, *, at: datetime) -> Taken:
    """Write and prove it without a row: before an upgrade the table may not be there. Raises NotTaken."""
    try:
        recipient = keys.recipient()
    except keys.NoKey as error:
        raise NotTaken(
            Backup.Failure.NO_KEY, "There is no key to seal it: run manage.py backup_key."
        ) from error
    if not into.is_dir() or not os.access(into, os.W_OK):
        raise NotTaken(Backup.Failure.NO_FOLDER, f"The folder {into} is not there or not writable.")
    name = f"wasl-{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}.age"
    part = into / f".{name}.part"
    # Opens what was written once, to prove it, and is forgotten with this call.
    witness = pyrage.x25519.Identity.generate()
    try:
        with _told_apart():
            said = _write(part, [recipient, witness.to_public()], at=at)
            read = sealed.unseal(part, witness)
        if read != said:
            raise NotTaken(Backup.Failure.NOT_PROVED, "What was written reads otherwise.")
        part.rename(into / name)
        _settle(into)
    finally:
        part.unlink(missing_ok=True)
    return Taken(into / name, (into / name).stat().st_size, said)


def forget_old(folder: Path, *, at: datetime) -> int:
    """Delete files older than `BACKUP_DAYS`; how many. The three newest stay whatever their age."""
    oldest = at - timedelta(days=settings.BACKUP_DAYS)
    files = sorted(folder.glob(PATTERN), key=lambda p: p.stat().st_mtime, reverse=True)
    old = [p for p in files[3:] if p.stat().st_mtime < oldest.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
        backing.forget(file.name)
    return len(old)


@contextmanager
def _told_apart() -> Iterator[None]:
    """Every reason by its code."""
    try:
        yield
    except sealed.Damaged as error:
        raise NotTaken(
            Backup.Failure.NOT_PROVED, "What was written could not be read again."
        ) from error
    except sqlite.Broken as error:
        raise NotTaken(Backup.Failure.DATABASE, "SQLite says the database is not sound.") from error
    except postgres.Failed as error:
        raise NotTaken(Backup.Failure.DATABASE, str(error)) from error
    except OSError as error:
        raise NotTaken(Backup.Failure.NO_SPACE, f"Could not write: {error.strerror}.") from error


def _write(part: Path, recipients: list[object], *, at: datetime) -> Manifest:
    """The database first: a file that its rows name was stored before them."""
    _room(Path(settings.DATA_DIR), engine.size())
    beside = Path(tempfile.mkdtemp(prefix=".backup-", dir=settings.DATA_DIR))
    try:
        copy = beside / "database"
        tables = engine.snapshot(copy)
        paths = list(recipe.paths())
        apart = sounds.store(part.parent, recipients[0])
        with (
            open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target,
            sealed.sealing(target, recipients) as writer,
        ):
            writer.add(engine.member(), copy)
            for path in paths:
                name = f"data/{path.relative_to(settings.DATA_DIR).as_posix()}"
                if name not in apart:
                    writer.add(name, path)
            for name, content in recipe.secrets().items():
                writer.add_bytes(f"data/{name}", content)
            said = Manifest(
                made_at=at.isoformat(), version=version(), engine=engine.name(),
                migrations=applied(), tables=tables, files=dict(writer.files),
                apart=apart,
            )  # fmt: skip
            writer.add_bytes(manifest.NAME, said.to_json())
        with part.open("rb") as written:
            os.fsync(written.fileno())
        return said
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def applied() -> list[str]:
    """`app.name` of every migration of the database."""
    return sorted(
        f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
    )


def version() -> str:
    """The commit of the tree this runs from; empty where there is none."""
    command = ["git", "-C", str(settings.BASE_DIR), "rev-parse", "--short=12", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def _room(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed * 1.1:
        raise NotTaken(Backup.Failure.NO_SPACE, f"{folder} has no room for a copy of the database.")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _settle(folder: Path) -> None:
    """The new name survives a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
