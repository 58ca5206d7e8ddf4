"""When a figure of the board is near its threshold and when past it. No query here."""

from datetime import datetime, timedelta

OK, SOON, LATE = "ok", "soon", "late"
CALLS_MOST = 4
"""Callers who may wait at once."""
CHATS_MOST = 3
FREE_LEAST = 1
"""Advisors who should be free."""
IN_TARGET_LEAST = 80
"""Per cent of the day's first answers that should be in time."""
GIVEN_UP_MOST = 5
"""Per cent of the day's callers who may give up."""
NEAR = timedelta(hours=2)
"""Before a written target passes."""


def at_most(number: int, most: int) -> str:
    """Past above the threshold, near on it."""
    return LATE if number > most else SOON if number == most else OK


def at_least(share: int, least: int, *, margin: int = 5) -> str:
    """Past under the threshold, near when less than `margin` above it."""
    return LATE if share < least else SOON if share < least + margin else OK


def live_wait(since: datetime, due: datetime, *, at: datetime) -> str:
    """Near after half of the target."""
    return LATE if due < at else SOON if at - since > (due - since) / 2 else OK


def written_wait(due: datetime | None, *, at: datetime) -> str:
    if due is None:
        return OK
    return LATE if due < at else SOON if due - at < NEAR else OK


def free_advisors(free: int, posted: int, *, callers: int) -> str:
    """Past when somebody waits on the line and nobody is free."""
    if free >= FREE_LEAST or not posted:
        return OK
    return LATE if callers else SOON


def share(part: int, whole: int) -> int | None:
    """Whole per cent, rounded down: a target is not reached by rounding. None of nothing."""
    return part * 100 // whole if whole else None
