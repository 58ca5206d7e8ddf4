"""A backup restored: opened, compared with its manifest, put in place, compared again."""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from config.installation.backups import engine, manifest, postgres, recipe, sealed, sounds, sqlite
from config.installation.backups.manifest import Manifest, Table


class NotRestored(Exception):
    """A sentence for whoever restores. Nothing was changed, or all of it was taken back."""


class Restored(NamedTuple):
    """`aside`: where what was here lies now. `gone`: recordings of it that were deleted since."""

    manifest: Manifest
    aside: Path | None
    gone: list[str]


def restore(
    file: Path, identity: Any, *, over: bool, at: datetime, without_sounds: bool = False
) -> Restored:
    """Put the backup in place of what is here, with the recordings beside it.

    What the manifest says is compared with what was laid: each file by its SHA-256, each table by its
    rows and their digests. Only recordings that were deleted since may be missing; `without_sounds`, any.
    Raises NotRestored.
    """
    if not over and not is_empty():
        raise NotRestored(
            "There is a centre here already (database or stored files). With --over it is put aside, not deleted."
        )
    root = Path(settings.DATA_DIR)
    stage = Path(tempfile.mkdtemp(prefix=".restore-", dir=root))
    aside = root / f"{recipe.ASIDE}{at:%Y%m%dT%H%M%SZ}"
    try:
        with _told():
            said = sealed.unseal(file, identity, into=stage)
            gone = sounds.lay(file.parent, said.apart, identity, stage, without=without_sounds)
        _fits(said)
        had_database = not engine.is_empty()
        aside.mkdir(mode=0o700)
        with _taken_back(root, aside, had_database=had_database):
            _put_data(root, stage / "data", aside)
            _put_database(stage / engine.member(), aside, said)
            _same(said, root, gone)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return Restored(said, _what_is_left(aside, over=over, had_database=had_database), gone)


def is_empty() -> bool:
    """Neither rows nor stored files. Secrets that a first command made for itself do not count."""
    media = Path(settings.MEDIA_ROOT)
    return engine.is_empty() and not (media.exists() and any(p.is_file() for p in media.rglob("*")))


def _fits(said: Manifest) -> None:
    if said.engine != engine.name():
        raise NotRestored(
            f"The backup is of a centre on {said.engine}; here DATABASE_URL names {engine.name()}."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(said.migrations) - known):
        raise NotRestored(
            f"The backup was made by a newer version: {len(unknown)} migrations are unknown here, {unknown[-1]}"
            " among them. Install the version it was made by"
            + (f" ({said.version})." if said.version else ".")
        )


def _put_data(root: Path, laid: Path, aside: Path) -> None:
    for top in sorted(root.iterdir()):
        if recipe.is_kept(top) or top.name in recipe.secrets():
            top.rename(aside / top.name)
    for top in sorted(laid.iterdir()):
        top.rename(root / top.name)


def _put_database(laid: Path, aside: Path, said: Manifest) -> None:
    try:
        if engine.name() == sqlite.ENGINE:
            found = sqlite.put(laid, aside)
        else:
            found = postgres.put(laid, _schema(aside))
    except (sqlite.InUse, postgres.InUse) as error:
        raise NotRestored(
            "A process still has the database open: stop the services first."
        ) from error
    except postgres.Failed as error:
        raise NotRestored(f"PostgreSQL refused the restore: {error}") from error
    _same_tables(said, found)


def _same_tables(said: Manifest, found: dict[str, Table]) -> None:
    if wrong := manifest.differences(said.tables, found):
        raise NotRestored(f"The restored database differs from the manifest: {', '.join(wrong)}.")


def _same(said: Manifest, root: Path, gone: Collection[str] = ()) -> None:
    """Files as they lie in their places now; the database was compared by its tables."""
    expected = {k: v for k, v in said.files.items() if k.startswith("data/")}
    expected |= {k: v for k, v in said.apart.items() if k not in gone}
    found = {}
    for name in expected:
        path = root / name.removeprefix("data/")
        with path.open("rb") as stream:
            found[name] = sealed.measure(stream)
    if wrong := manifest.differences(expected, found):
        raise NotRestored(f"Restored files differ from the manifest: {', '.join(wrong[:5])}.")


@contextmanager
def _taken_back(root: Path, aside: Path, *, had_database: bool) -> Iterator[None]:
    """When the restore fails half-way, what was here is here again."""
    try:
        yield
    except BaseException:
        if engine.name() == sqlite.ENGINE:
            if (aside / sqlite.place().name).exists():
                sqlite.take_back(aside)
            elif not had_database:
                sqlite.place().unlink(missing_ok=True)
        elif postgres.has(_schema(aside)):
            postgres.take_back(_schema(aside))
        for top in list(root.iterdir()):
            if recipe.is_kept(top) or top.name in recipe.secrets():
                shutil.rmtree(top) if top.is_dir() else top.unlink()
        for top in list(aside.iterdir()):
            top.rename(root / top.name)
        aside.rmdir()
        raise


def _what_is_left(aside: Path, *, over: bool, had_database: bool) -> Path | None:
    """What a restore over a centre put aside stays; what was nothing is cleared away."""
    if over and had_database:
        return aside
    if engine.name() == postgres.ENGINE:
        postgres.forget(_schema(aside))
    shutil.rmtree(aside)
    return None


def _schema(aside: Path) -> str:
    return aside.name.replace("-", "_").lower()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sealed.WrongKey as error:
        raise NotRestored(
            "This key does not open this backup: it was sealed for another one."
        ) from error
    except sealed.Damaged as error:
        raise NotRestored(
            "The file is damaged or cut short, or is no backup: nothing was restored. Take another copy of it."
        ) from error
    except sounds.Missing as error:
        raise NotRestored(
            f"{error} recordings are not in the folder {sounds.FOLDER} beside the backup, and were not deleted:"
            " bring that folder whole, or give up what is missing by --without-sounds."
        ) from error
    except manifest.Unreadable as error:
        raise NotRestored("The backup has a form that this version does not know.") from error
    except FileNotFoundError as error:
        raise NotRestored(f"There is no file {error.filename}.") from error
    except OSError as error:
        raise NotRestored(
            f"Could not write what the backup holds: {os.strerror(error.errno or 0)}."
        ) from error
