"""What is due and when. On a made-up clock an hour passes in the seconds its work takes."""

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

Act = Callable[[], None]


@dataclass(order=True)
class Due:
    at: datetime
    order: int
    act: Act = field(compare=False)
    dropped: bool = field(default=False, compare=False)

    def drop(self) -> None:
        """It will not happen any more."""
        self.dropped = True


class Clock:
    """A heap of acts. Of two due at the same moment the one asked for first comes first."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._due: list[Due] = []
        self._order = count()
        self._lock = threading.Lock()

    @property
    def now(self) -> datetime:
        return self._now

    def after(self, seconds: float, act: Act) -> Due:
        with self._lock:
            due = Due(self.now + timedelta(seconds=seconds), next(self._order), act)
            heapq.heappush(self._due, due)
        return due

    def next(self) -> datetime | None:
        """When the next act is due; None when nothing is."""
        with self._lock:
            return self._next()

    def _next(self) -> datetime | None:
        while self._due and self._due[0].dropped:
            heapq.heappop(self._due)
        return self._due[0].at if self._due else None

    def take(self, until: datetime) -> Due | None:
        """The next act due by then, and the clock stands at its moment."""
        with self._lock:
            at = self._next()
            if at is None or at > until:
                return None
            due = heapq.heappop(self._due)
        self._stand(due.at)
        return due

    def move(self, to: datetime) -> None:
        """Nothing is due until then."""
        self._stand(to)

    def _stand(self, at: datetime) -> None:
        self._now = max(self._now, at)


class WallClock(Clock):
    """The same heap on the time of day: for a server that runs beside us."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def _stand(self, at: datetime) -> None:
        return
