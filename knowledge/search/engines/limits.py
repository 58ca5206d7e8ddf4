"""What keeps a part that does not answer from holding up those who ask it: a limit, and a breaker."""

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

from knowledge.search.engines.port import EngineBroken

MOST_WAITING = 16
"""Calls at once, those nobody waits for any more among them."""
_places = threading.BoundedSemaphore(MOST_WAITING)
T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` gives, or EngineBroken after so long; its own exceptions pass.

    A limit on the socket counts from the last byte: a server that sends one a second would hold its
    asker for ever. So the call runs in a thread, which is left behind.
    """
    if not _places.acquire(blocking=False):
        raise EngineBroken("too many questions wait for an answer")
    told: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            told.put((call(), None))
        except BaseException as error:
            told.put((None, error))
        finally:
            _places.release()

    threading.Thread(target=run, name="within", daemon=True).start()
    try:
        answer, error = told.get(timeout=seconds)
    except Empty:
        raise EngineBroken(f"no answer within {seconds} s") from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]


class Breaker:
    """Leaves a part alone after it failed: for a second, then twice as long, at most `longest` seconds.

    When the time is over one caller tries it; the others go round it until that one has an answer.
    """

    def __init__(self, *, longest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._longest, self._clock = longest, clock
        self._lock = threading.Lock()
        self._pause, self._until, self._failed_at, self.reason = 0.0, 0.0, 0.0, ""

    @property
    def is_open(self) -> bool:
        """Whether it failed last."""
        return bool(self.reason)

    def failed_within(self, seconds: float) -> bool:
        """Whether it failed last, and not longer ago: later nobody knows."""
        return self.is_open and self._clock() - self._failed_at < seconds

    def lets_through(self) -> bool:
        with self._lock:
            if not self.reason:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + max(self._pause, 1.0)
            return True

    def failed(self, reason: str) -> None:
        """`reason` is kept for the log: never what was asked."""
        with self._lock:
            self._pause = min(self._longest, 2 * self._pause or 1.0)
            self._failed_at = self._clock()
            self._until = self._failed_at + self._pause
            self.reason = reason or "failed"

    def answered(self) -> None:
        with self._lock:
            self._pause, self._until, self.reason = 0.0, 0.0, ""
