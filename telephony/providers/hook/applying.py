"""What was told becomes facts of a call: after the answer, in order of arrival, one after the other.

One thread of the process that took the request does it at once; a sweep does what a killed process
left behind. Which process takes an event is decided by a lock on its row, and an event is marked in the
transaction that applies it: so it is applied once, whoever dies when.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from telephony.providers.hook import lane
from telephony.providers.hook.models import Told
from telephony.providers.hook.telling import tell

PAUSES = [timedelta(seconds=seconds) for seconds in (1, 10, 60, 600, 3600)]
"""After each failure; after one more the event is set aside."""
LEFT_BEHIND = timedelta(seconds=2)
"""An event due for so long has nobody who applies it at once."""
SWEEP = 1.0
"""Seconds a sweep may take: others wait for it."""
log = logging.getLogger("wasl.line")
_one_at_a_time = threading.Lock()


def drain(*, go_on: Callable[[], bool] = lambda: True) -> int:
    """Apply what is due until there is nothing, or `go_on` says no; how many were tried."""
    with _one_at_a_time:
        return _drain(go_on, timedelta())


def apply_left(*, at: datetime) -> int:
    """The net: what nobody applied, and what is to be tried again."""
    if not _one_at_a_time.acquire(blocking=False):
        return 0
    try:
        until = time.monotonic() + SWEEP
        since = LEFT_BEHIND if settings.LINE_HOOK_APPLIES else timedelta()
        return _drain(lambda: time.monotonic() < until, since, at=at)
    finally:
        _one_at_a_time.release()


def events_set_aside() -> int:
    return Told.objects.set_aside().count()


def try_again(*, at: datetime) -> int:
    """What was set aside is due, as if told just now: whatever stood in its way is mended. How many."""
    return Told.objects.set_aside().update(due_at=at, tries=0)


def _drain(go_on: Callable[[], bool], since: timedelta, *, at: datetime | None = None) -> int:
    tried = 0
    if not Told.objects.due(at=(at or timezone.now()) - since).exists():
        return tried
    began = time.monotonic()
    while go_on() and apply_next(at=at or timezone.now(), since=since):
        tried += 1
        began = lane.rest(began)
    return tried


def apply_next(*, at: datetime, since: timedelta = timedelta()) -> bool:
    """Apply the first event due for `since`; False when there is none. A failure is written down."""
    with lane.applying(), transaction.atomic():
        told = Told.objects.claim(at=at - since)
        if told is None:
            return False
        try:
            with transaction.atomic():
                tell(told.said, at=told.received_at, signed=told.key)
        except Exception as error:
            _failed(told, error, at=at)
        else:
            # The number lives with the call now: here it has no use any more.
            Told.objects.filter(pk=told.pk).update(
                applied_at=timezone.now(), due_at=None, error="", call="", number="", recording=""
            )
        return True


def _failed(told: Told, error: Exception, *, at: datetime) -> None:
    tries = told.tries + 1
    again = at + PAUSES[told.tries] if told.tries < len(PAUSES) else None
    Told.objects.filter(pk=told.pk).update(tries=tries, due_at=again, error=_place(error))
    words = "an event of a line was not applied" if again else "an event of a line was set aside"
    log.error(words, exc_info=error, extra={"event": told.event, "rows": tries})


def _place(error: Exception) -> str:
    """Kind and place, never the message: a number may stand in it."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"[:120]
