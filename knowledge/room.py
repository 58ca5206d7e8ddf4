"""No room on the disk: what cannot be saved is refused, and what a page writes beside itself is let go."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

_POSTGRESQL = "53100"
"""SQLSTATE `disk_full`."""


def is_lacking(error: BaseException | None) -> bool:
    """Whether this error, or one it came from, says that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        if getattr(error, "sqlstate", None) == _POSTGRESQL:
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def not_needed() -> Iterator[None]:
    """A note that a page makes beside what it shows (who looks, what was searched): without room it is left out.

    Not inside a transaction: there the failed write would take the others along.
    """
    try:
        yield
    except (DatabaseError, OSError) as error:
        if not is_lacking(error):
            raise
