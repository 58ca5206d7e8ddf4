"""Secrets that the installation makes for itself when the environment gives none."""

import os
import re
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


def keyed_secrets(text: str, *, longest: int = 20) -> dict[str, str]:
    """Secrets by the name of their key: `pbx:SECRET,gsm:SECRET`; one without a name is `main`.
    A name has `longest` characters at most.

    Several at once let a key be changed without a gap. Raises ValueError for a short or unreadable one.
    """
    found = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, secret = part.rpartition(":")
        name = name.strip() or "main"
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{longest}}}", name) or len(secret.strip()) < 16:
            raise ValueError("a key is NAME:SECRET, the secret of at least 16 characters")
        found[name] = secret.strip()
    return found
