"""Who stores an event goes before who applies one, within a process.

SQLite lets one writer in at a time, and whoever waits for it naps for up to 100 ms between two looks:
an applier at work for a while would keep the exchange waiting. So they queue here, and are woken at once.
Everybody else who saves something does not queue: for them the applier rests now and then, for longer
than their naps are by then. PostgreSQL lets all of them in.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

SLICE, SHARE, NAP = 0.1, 0.4, 0.11
"""Seconds of applying, after which the database is left to others for such a share of them; longer than
the longest nap is not needed."""
_changed = threading.Condition()
_storing = 0
"""Who stores, or waits to."""
_is_taken = False


@contextmanager
def storing() -> Iterator[None]:
    global _storing
    with _changed:
        _storing += 1
    try:
        with _taken(lambda: not _is_taken):
            yield
    finally:
        with _changed:
            _storing -= 1
            _changed.notify_all()


@contextmanager
def applying() -> Iterator[None]:
    with _taken(lambda: not _is_taken and not _storing):
        yield


def rest(since: float) -> float:
    """To be called between two events: rests when they have taken a slice; since when the next counts."""
    spent = time.monotonic() - since
    if connection.vendor != "sqlite" or spent < SLICE:
        return since
    time.sleep(min(spent * SHARE, NAP))
    return time.monotonic()


@contextmanager
def _taken(is_free: Callable[[], bool]) -> Iterator[None]:
    global _is_taken
    if connection.vendor != "sqlite":
        yield
        return
    with _changed:
        _changed.wait_for(is_free)
        _is_taken = True
    try:
        yield
    finally:
        with _changed:
            _is_taken = False
            _changed.notify_all()
