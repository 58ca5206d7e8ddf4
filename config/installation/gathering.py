"""Static files gathered under STATIC_ROOT, hashed and compressed: only when one of them changed.

Gathering costs more than everything else a second start does.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".gathered"


def gather() -> bool:
    """Gather when needed; whether it was."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    now = _digest()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
    return True


def _digest() -> str:
    """Over names, sizes and times of all files, and how they are stored."""
    found = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            told = Path(storage.path(path)).stat()
            found.update(f"{path} {told.st_size} {told.st_mtime_ns}\n".encode())
    return found.hexdigest()
