"""Recordings beside the nightly files: each sealed once, by its checksum, and gone soon after it was deleted here.

Retention keeps sound for a shorter time than backups are kept. In each night's file it would live on, and
be copied again each night; here it is taken away where it lies.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.db import connection

from config.installation.backups import sealed
from config.installation.backups.manifest import Kept
from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile
from telephony.actions import recording as recordings
from telephony.recordings import Recording

FOLDER = "sounds"
LEDGER = "deleted"
"""One line for each that was taken away: SHA-256 and day. A restore knows by it what may be missing."""


class Missing(Exception):
    """So many are not beside the backup though nobody deleted them."""


def store(folder: Path, recipient: Any) -> dict[str, Kept]:
    """Seal what is not there yet and prove it; all that is there, by path inside the backup.

    One whose bytes are not those of its row is left to the nightly file as it is.
    Raises OSError; sealed.Damaged when what was written reads otherwise.
    """
    kept = {}
    for name, sound in _held():
        source, target = path_of(name), _place(folder, sound.sha256, recipient)
        try:
            if not target.exists() and not _seal(source, target, sound, recipient):
                continue
        except FileNotFoundError:
            if source.exists():
                raise
            continue  # deleted meanwhile
        kept[f"data/{source.relative_to(settings.DATA_DIR).as_posix()}"] = sound
    return kept


def forget(folder: Path, *, at: datetime) -> int:
    """Take away what was deleted here, and what no row names for as long as backups are kept; how many."""
    place = folder / FOLDER
    if not place.is_dir():
        return 0
    held = {sound.sha256 for _name, sound in _held()}
    proofs = Recording.objects.exclude(deleted_at=None).values_list("proof", flat=True)
    deleted = {proof.get("sha256") for proof in proofs.iterator(chunk_size=500)} - held
    oldest = (at - timedelta(days=settings.BACKUP_DAYS)).timestamp()
    gone = 0
    for file in sorted(place.glob("*.age")):
        sha256 = file.name.partition("-")[0]
        if sha256 in deleted or (sha256 not in held and file.stat().st_mtime < oldest):
            with (place / LEDGER).open("a", encoding="utf-8") as ledger:
                ledger.write(f"{sha256} {at.date().isoformat()}\n")
                ledger.flush()
                os.fsync(ledger.fileno())
            file.unlink()
            gone += 1
    return gone


def lay(
    folder: Path, said: Mapping[str, Kept], identity: Any, into: Path, *, without: bool
) -> list[str]:
    """Open those of a backup; the names of those that were deleted since. `without`: so are all that are missing.

    Raises Missing, sealed.WrongKey, sealed.Damaged.
    """
    gone, missing = [], 0
    deleted = _ledger(folder)
    for name, sound in said.items():
        source = _place(folder, sound.sha256, identity.to_public())
        if not source.is_file():
            is_known = without or sound.sha256 in deleted
            missing += not is_known
            gone.append(name)
            continue
        with sealed.opening(source, identity) as stream:
            if not sealed.is_ours(name) or sealed.lay(stream, into / name) != sound:
                raise sealed.Damaged
    if missing:
        raise Missing(missing)
    return gone


def note_gone(*, at: datetime) -> int:
    """After a restore: recordings whose sound is not here are told to be deleted; how many."""
    rows = Recording.objects.exclude(file=None).select_related("file")
    gone = [row for row in rows if row.file and not path_of(row.file.name).is_file()]
    return sum(recordings.delete(row, why="retention", at=at) for row in gone)


def _held() -> Iterator[tuple[str, Kept]]:
    """Name on disk, size and checksum of each; none where a database has no such table yet."""
    if StoredFile._meta.db_table not in connection.introspection.table_names():
        return
    rows = StoredFile.objects.filter(content_type__startswith="audio/").order_by("pk")
    for name, size, sha256 in rows.values_list("name", "size", "sha256"):
        yield name, Kept(size, sha256)


def _place(folder: Path, sha256: str, recipient: Any) -> Path:
    """Another key has files of its own: older backups still open with the former one."""
    if not sha256.isalnum():
        raise sealed.Damaged
    return folder / FOLDER / f"{sha256}-{str(recipient)[-8:]}.age"


def _seal(source: Path, target: Path, sound: Kept, recipient: Any) -> bool:
    """False when the file is not what its row says."""
    with source.open("rb") as stream:
        if sealed.measure(stream) != sound:
            return False
    target.parent.mkdir(mode=0o700, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    witness = pyrage.x25519.Identity.generate()
    try:
        with (
            source.open("rb") as stream,
            open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
        ):
            with sealed.stream_into(out, [recipient, witness.to_public()]) as pipe:
                shutil.copyfileobj(stream, pipe, sealed.CHUNK)
            out.flush()
            os.fsync(out.fileno())
        with sealed.opening(part, witness) as written:
            if sealed.measure(written) != sound:
                raise sealed.Damaged
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return True


def _ledger(folder: Path) -> set[str]:
    place = folder / FOLDER / LEDGER
    if not place.is_file():
        return set()
    return {line.partition(" ")[0] for line in place.read_text("utf-8").splitlines()}
