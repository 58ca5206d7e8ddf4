"""The door to the follow page: guessing is slowed, its holder always gets in.

At most two codes are hashed at once and few requests wait, so a flood of guesses costs neither
memory nor the threads of everybody else. Browsers that came before, asked for the page and have not
failed since have a waiting room of their own, so the holder does not queue behind the flood; who failed
a few times has another, who brings nothing of ours a third. Many
wrong codes for one number make each further check of that number wait seconds, known or not. Many from
one browser or one address make the next one from there come too early: it is not looked at, right or
wrong, does not count, and is told when it may come again. A browser without a wrong code of its own
pays for its own only, since many telephones share one address.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import cache

HASHES_AT_ONCE = 2
ROOM, ROOM_OF_OTHERS = 3, 1
"""How many may wait in the room of good browsers, and in each of the other two. Who waits holds a thread: of the
eight of a process three stay free."""
PATIENCE = 4.0
"""Seconds one waits for a hash at most."""
REMEMBERED = 15 * 60
"""Seconds for which wrong codes count."""
FREE_TRIES = 5
"""Wrong codes of one browser before it must wait, and of one number before its checks are slow."""
FREE_OF_ADDRESS = 30
STEP_OF_ADDRESS = 10
"""Wrong codes of one address before it must wait; after as many again it waits twice as long."""
LONGEST = 60
"""Seconds a browser or an address must wait at most."""
SLOWEST = 3.0
"""Seconds a check of one number is delayed at most: with three in a room, one try a second."""


class Busy(Exception):
    """Too many are at the door this moment; the person tries again in some seconds."""


class TooEarly(Exception):
    """Many wrong codes came from here; the next is looked at after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Caller:
    """`visitor` is the browser's token, `trusted` that it came back with a cookie we gave it."""

    visitor: str
    trusted: bool
    address: str = ""

    @property
    def is_good(self) -> bool:
        """Came before and never typed a wrong code lately."""
        return self.trusted and not _wrong(f"v{self.visitor}")


_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)
_rooms = {
    "good": threading.BoundedSemaphore(ROOM),
    "known": threading.BoundedSemaphore(ROOM_OF_OTHERS),
    "strange": threading.BoundedSemaphore(ROOM_OF_OTHERS),
}


@contextmanager
def passing(caller: Caller, number: str) -> Iterator[None]:
    """Inside, one code may be checked. Raises TooEarly, Busy."""
    if seconds := seconds_to_wait(caller):
        raise TooEarly(seconds)
    room = _rooms[_room_of(caller)]
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


def _room_of(caller: Caller) -> str:
    if caller.is_good:
        return "good"
    known = caller.trusted and _wrong(f"v{caller.visitor}") < FREE_TRIES
    return "known" if known else "strange"


def delay(number: str) -> float:
    """Seconds that a check of this number waits, whether such a request exists or not."""
    wrong = _wrong(f"n{number}")
    return min(SLOWEST, 0.1 * (wrong - FREE_TRIES)) if wrong > FREE_TRIES else 0.0


def seconds_to_wait(caller: Caller) -> int:
    """How long until a code from there is looked at; 0 = now."""
    ready = _ready(f"v{caller.visitor}", FREE_TRIES, 1)
    if not caller.is_good:
        ready = max(ready, _ready(f"a{caller.address}", FREE_OF_ADDRESS, STEP_OF_ADDRESS))
    return max(0, math.ceil(ready - time.time()))


def was_wrong(caller: Caller, number: str) -> None:
    for key in (f"v{caller.visitor}", f"a{caller.address}", f"n{number}"):
        if not cache.add(f"door:{key}", 1, REMEMBERED):
            cache.set(f"door:{key}", _wrong(key) + 1, REMEMBERED)
        cache.set(f"door:last:{key}", time.time(), REMEMBERED)


def was_right(caller: Caller) -> None:
    cache.delete(f"door:v{caller.visitor}")


def _ready(key: str, free: int, step: int) -> float:
    """When the next code from there is looked at: 1, 2, 4 … seconds after the last wrong one."""
    wrong = _wrong(key)
    if wrong < free:
        return 0.0
    last = float(cache.get(f"door:last:{key}") or 0)
    return last + min(LONGEST, 2 ** min(10, (wrong - free) // step))


def _wrong(key: str) -> int:
    return int(cache.get(f"door:{key}") or 0)
