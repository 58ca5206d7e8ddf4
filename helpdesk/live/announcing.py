"""Telling pages that something moved: after the commit, never in its way.

What is announced may be lost (a process that dies, Redis that is down); nothing is lost by it, since
pages ask for what is newer than what they have, by themselves too.
"""

import asyncio
import logging
import os
import threading
from concurrent.futures import Future
from functools import partial
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

from helpdesk.live.hub import GROUP, hub

log = logging.getLogger("wasl.live")
_publisher: tuple[int, asyncio.AbstractEventLoop] | None = None
_lock = threading.Lock()


def announce(stream: str, **fact: Any) -> None:
    """`fact`: number, kind and id of what moved, never its content."""
    transaction.on_commit(partial(poke, stream, fact), robust=True)


def poke(stream: str, fact: dict[str, Any]) -> None:
    """At once: to the sockets of this process, or through Redis to those of every process."""
    if not settings.REDIS_URL:
        if hub.loop is not None:
            hub.loop.call_soon_threadsafe(hub.deliver, stream, fact)
        return
    message = {"type": "poke", "stream": stream, "fact": fact}
    loop = hub.loop or _publisher_loop()
    asyncio.run_coroutine_threadsafe(_send(message), loop).add_done_callback(_note_lost)


async def _send(message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(GROUP, message)


def _note_lost(done: "Future[None]") -> None:
    if error := done.exception():
        log.warning("a poke was lost", extra={"reason": repr(error)[:200]})


def _publisher_loop() -> asyncio.AbstractEventLoop:
    """A loop in a thread of its own, for processes that serve no sockets; made anew after a fork."""
    global _publisher
    with _lock:
        if _publisher is None or _publisher[0] != os.getpid():
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="publisher", daemon=True).start()
            _publisher = (os.getpid(), loop)
        return _publisher[1]
