"""What of the data folder is kept and what is made anew.

Everything that is not derived is kept, so that what a later version adds is kept without a line
here. Derived: the search indexes (`manage.py index --rebuild`, `manage.py index_tickets --rebuild`),
gathered static files (`manage.py setup`), vectors, zipped copies of the library, certificates of the
local network. The database goes by its own way (`sqlite.py`, `postgres.py`).
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

DERIVED = frozenset({"index", "static", "vectors", "copies"})
ASIDE = "before-restore-"
"""Beginning of the folders into which a restore puts what was there."""


def secrets() -> dict[str, bytes]:
    """The installation's secrets as the running program has them, by the file that keeps them.

    Those given by the environment lie in no file: without them the copy could not be used.
    """
    return {
        "secret_key": settings.SECRET_KEY.encode(),
        "pepper": settings.PEPPER.encode(),
        "bundle_key": settings.BUNDLE_KEY.encode(),
    }


def paths() -> Iterator[Path]:
    """Every file of the data folder to be kept, the secrets apart; in a fixed order."""
    root = Path(settings.DATA_DIR)
    for top in sorted(root.iterdir()):
        if is_kept(top):
            found = [top] if top.is_file() else sorted(top.rglob("*"))
            yield from (one for one in found if one.is_file() and not one.is_symlink())


def is_kept(top: Path) -> bool:
    """Whether a name at the top of the data folder belongs into a backup."""
    name = top.name
    return not (
        name in DERIVED
        or name in secrets()
        or name.startswith((".", ASIDE, "lan-"))
        or name.endswith(".log")
        or _is_database(top)
        or top.is_symlink()
        or (bool(settings.BACKUP_DIR) and top.resolve() == Path(settings.BACKUP_DIR).resolve())
    )


def _is_database(top: Path) -> bool:
    """Of any SQLite database: the file, its log and its index of the log."""
    return ".sqlite3" in top.name
