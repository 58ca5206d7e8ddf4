"""Secrets that the installation makes for itself when the environment gives none."""

import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The secret stored at `path`, made on first use and readable by the owner only.

    Written beside and linked into place, so that two processes starting at once agree.
    """
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
            f.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text().strip()
