"""The door to the follow page: guessing is slowed, its holder always gets in.

At most two codes are hashed at once and few requests wait, so a flood of guesses costs neither
memory nor the threads of everybody else. Browsers that came before, asked for the page and have not
failed since have a waiting room of their own, so the holder does not queue behind the flood. Many
wrong codes for one number make each further check of that number wait a little, known or not.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import cache

HASHES_AT_ONCE = 2
ROOM = 3
"""How many may wait in each of the two waiting rooms."""
PATIENCE = 4.0
"""Seconds one waits for a hash at most."""
REMEMBERED = 15 * 60
"""Seconds for which wrong codes count."""
FREE_TRIES = 5
SLOWEST = 0.25
"""Seconds of delay at most; with three in a room that is about twelve tries a second and number."""


class Busy(Exception):
    """Too many are at the door this moment; the person tries again in some seconds."""


@dataclass(frozen=True)
class Caller:
    """`visitor` is the browser's token, `trusted` that it came back with a cookie we gave it."""

    visitor: str
    trusted: bool


_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)
_rooms = {True: threading.BoundedSemaphore(ROOM), False: threading.BoundedSemaphore(ROOM)}


@contextmanager
def passing(caller: Caller, number: str) -> Iterator[None]:
    """Inside, one code may be checked. Raises Busy."""
    room = _rooms[caller.trusted and _wrong(f"v{caller.visitor}") < FREE_TRIES]
    if not room.acquire(blocking=False):
        raise Busy
    try:
        time.sleep(delay(number))
        if not _hashing.acquire(timeout=PATIENCE):
            raise Busy
        try:
            yield
        finally:
            _hashing.release()
    finally:
        room.release()


def delay(number: str) -> float:
    """Seconds that a check of this number waits, whether such a request exists or not."""
    wrong = _wrong(f"n{number}")
    return min(SLOWEST, 0.01 * (wrong - FREE_TRIES)) if wrong > FREE_TRIES else 0.0


def was_wrong(caller: Caller, number: str) -> None:
    for key in (f"v{caller.visitor}", f"n{number}"):
        cache.set(f"door:{key}", _wrong(key) + 1, REMEMBERED)


def was_right(caller: Caller) -> None:
    cache.delete(f"door:v{caller.visitor}")


def _wrong(key: str) -> int:
    return int(cache.get(f"door:{key}") or 0)
