"""Telling organisations' programs that something moved: rows for the sweep, which signs and sends them.

A message says what moved and where to read it, never what was said: for a restricted or sealed request
not even its stage.
"""

import json
import logging
import random
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from django.db import close_old_connections, connection

from helpdesk.notices.actions import settle
from helpdesk.notices.dialling import Dialler, NotAllowed
from helpdesk.notices.models import Notice
from helpdesk.notices.subscriptions import Event, Subscription, signature

log = logging.getLogger("wasl.notices")
LEASE = timedelta(minutes=5)
TRIES = 8
WAITS = (60, 300, 1800, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Seconds before the second to the eighth attempt: given up after some two days."""
LINES = 4
"""Receivers that are spoken to at once: a slow one holds up the sweeps of nothing else."""
_busy = threading.BoundedSemaphore(LINES)
_pool: list[ThreadPoolExecutor] = []


def tell(
    organisation: Any, event: Event, *, key: str, at: datetime, facts: Mapping[str, Any],
    subject_kind: str, subject_id: int,
) -> int:  # fmt: skip
    """Write the message for each subscription to the event; harmless when repeated with its key."""
    rows = [row for row in Subscription.objects.of(organisation) if event in row.events]
    for row in rows:
        write(row, event, key=key, at=at, facts=facts, about=(subject_kind, subject_id))
    return len(rows)


def write(
    row: Subscription, event: Event, *, key: str, at: datetime, facts: Mapping[str, Any],
    about: tuple[str, int],
) -> Notice:  # fmt: skip
    """One message to one subscription."""
    name = f"hook:{row.pk}:{key}"
    said = {"id": name, "event": event.value, "at": at.isoformat(), **facts}
    made: Notice = Notice.objects.get_or_create(
        key=name,
        defaults={
            "channel": Notice.Channel.WEBHOOK, "kind": event.value, "address": row.url,
            "subscription": row, "text": json.dumps(said, ensure_ascii=False),
            "subject_kind": about[0], "subject_id": about[1], "due_at": at, "written_at": at,
        },
    )[0]  # fmt: skip
    return made


def send_due(*, at: datetime) -> int:
    """Sweep: hand due messages to threads, as many as are free; how many were handed over."""
    handed = 0
    while _busy.acquire(blocking=False):
        batch = Notice.objects.filter(channel=Notice.Channel.WEBHOOK).take(
            at=at, lease=LEASE, count=1
        )
        if not batch:
            _busy.release()
            break
        _threads().submit(_in_thread, batch[0], at)
        handed += 1
    return handed


def send(notice: Notice, *, at: datetime, dialler: Dialler | None = None) -> bool:
    """Send one message that is held; what became of it is written down. True when it was taken."""
    row = notice.subscription
    if row is None or row.ended_at or row.organisation.ended_at:
        settle(notice, state=Notice.State.FAILED, failed_why="ended")
        return False
    body = notice.text.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Wasl",
        "Wasl-Event": notice.kind,
        "Wasl-Signature": signature(row.secret, body, at=at),
    }
    try:
        status = (dialler or Dialler()).post(row.url, body, headers)
    except NotAllowed as no:
        _put_off(notice, f"not allowed: {no}", at=at)
    except (OSError, HTTPException, ValueError) as error:
        _put_off(notice, type(error).__name__, at=at)
    else:
        if 200 <= status < 300:
            return settle(notice, state=Notice.State.DELIVERED, sent_at=at, failed_why="")
        _put_off(notice, f"HTTP {status}", at=at)
    return False


def _put_off(notice: Notice, why: str, *, at: datetime) -> None:
    """Try again later, each time later; after the last try it has failed."""
    log.warning("web hook not taken", extra={"notice": notice.pk, "tries": notice.tries})
    if notice.tries >= TRIES:
        settle(notice, state=Notice.State.FAILED, failed_why=why)
        return
    wait = WAITS[min(notice.tries, len(WAITS)) - 1] * random.uniform(0.8, 1.2)
    later = at + timedelta(seconds=wait)
    settle(notice, due_at=later, failed_why=why)
    # Whoever does not take this one takes the next one no better: its receiver is left alone a while.
    soon = at + timedelta(seconds=min(wait, WAITS[1]))
    others = Notice.objects.filter(subscription=notice.subscription, state=Notice.State.QUEUED)
    others.filter(due_at__lt=soon, lease_until=None).update(due_at=soon)


def _threads() -> ThreadPoolExecutor:
    if not _pool:
        _pool.append(ThreadPoolExecutor(LINES, thread_name_prefix="web hooks"))
    return _pool[0]


def _in_thread(notice: Notice, at: datetime) -> None:
    close_old_connections()
    try:
        send(notice, at=at)
    except Exception:
        log.exception("web hook")
    finally:
        connection.close()
        _busy.release()
