"""Acts at one moment: for races on the file database, and on PostgreSQL where the suite runs there."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def together(*acts: Callable[[], Any], losing: type[Exception] | tuple[()] = ()) -> list[Any]:
    """The acts in threads of their own, started at one moment; results in their order.

    An exception of the kind `losing` is a result: what the loser of the race is told.
    """
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[place] = act()
        except losing as lost:
            found[place] = lost  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return found
