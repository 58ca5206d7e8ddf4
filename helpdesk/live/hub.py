"""The hub of one process: which of its sockets listen to which stream.

No socket has a mailbox in a channel layer: with one process the hub is called directly, between
processes Redis carries each poke once a process (docs/architecture.md, decision 6). The hub beats
each second; after a silence of Redis everybody is told to fetch again.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

from helpdesk.live.streams import APART

GROUP = "live"
BEAT = 1.0
SILENCE = 2.5
"""Seconds without a beat of our own through Redis: what was announced meanwhile may be lost."""
SIGN = 4.0
"""Seconds between two signs of life to each page."""
LOOK = 2.5
"""Seconds between two looks at whether the people are still signed in."""
_BEATING = "beat"
log = logging.getLogger("wasl.live")


class Mailbox:
    """What one socket has not sent yet: of each stream the newest fact, so it cannot grow."""

    def __init__(self, *, person: int = 0, session: str = "", rights: int = 0) -> None:
        self.person, self.session, self.rights = person, session, rights
        self.streams: dict[str, float] = {}
        """Stream -> the second of the epoch at which its pass ends."""
        self.closing = 0
        """Close code, once it must go."""
        self.heard = time.monotonic()
        """When the page last gave a sign of life."""
        self._facts: dict[tuple[str, str], dict[str, Any]] = {}
        self._filled = asyncio.Event()

    def put(self, stream: str, fact: dict[str, Any]) -> None:
        kind = str(fact.get("kind", ""))
        self._facts[stream, kind if kind in APART else ""] = {"stream": stream, **fact}
        self._filled.set()

    def close(self, code: int) -> None:
        self.closing = code
        self._filled.set()

    async def take(self) -> list[dict[str, Any]]:
        """Wait for facts and take them all."""
        await self._filled.wait()
        self._filled.clear()
        taken, self._facts = list(self._facts.values()), {}
        return taken


class Hub:
    """Used in its own loop only; from other threads by `loop.call_soon_threadsafe`."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.mailboxes: set[Mailbox] = set()
        self.still_there: (
            Callable[[set[tuple[int, str, int]]], set[tuple[int, str, int]]] | None
        ) = None
        """Given (person, session key, rights version) of those connected: which still hold."""
        self._listeners: dict[str, set[Mailbox]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        self._beaten = 0.0

    # --- who listens --------------------------------------------------------------------------

    def join(self, mailbox: Mailbox) -> None:
        self.mailboxes.add(mailbox)

    def subscribe(self, mailbox: Mailbox, stream: str, *, until: float) -> None:
        mailbox.streams[stream] = until
        self._listeners[stream].add(mailbox)

    def unsubscribe(self, mailbox: Mailbox, stream: str) -> None:
        mailbox.streams.pop(stream, None)
        self._listeners[stream].discard(mailbox)
        if not self._listeners[stream]:
            del self._listeners[stream]

    def leave(self, mailbox: Mailbox) -> None:
        self.mailboxes.discard(mailbox)
        for stream in list(mailbox.streams):
            self.unsubscribe(mailbox, stream)

    # --- what is told -------------------------------------------------------------------------

    def deliver(self, stream: str, fact: dict[str, Any]) -> None:
        """To each socket of this process that listens."""
        for mailbox in self._listeners.get(stream, ()):
            mailbox.put(stream, fact)

    def tell_all(self, kind: str) -> None:
        for mailbox in self.mailboxes:
            mailbox.put("", {"kind": kind})

    @property
    def is_live(self) -> bool:
        """Pokes of every process arrive here."""
        return not settings.REDIS_URL or time.monotonic() - self._beaten < SILENCE

    # --- its life -----------------------------------------------------------------------------

    async def __aenter__(self) -> "Hub":
        self.loop = asyncio.get_running_loop()
        works = [self._signs(), self._looks()]
        if settings.REDIS_URL:
            works += [self._listens(), self._beats()]
        self._tasks = [self.loop.create_task(work) for work in works]
        return self

    async def __aexit__(self, *error: object) -> None:
        for mailbox in list(self.mailboxes):
            mailbox.close(1012)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.loop = None

    async def _signs(self) -> None:
        """A sign of life to every page while pokes arrive; silence tells it that it is not live."""
        while True:
            await asyncio.sleep(SIGN)
            self._end_passes()
            if self.is_live:
                self.tell_all("sign")

    def _end_passes(self) -> None:
        now = time.time()
        for mailbox in self.mailboxes:
            for stream in [name for name, until in mailbox.streams.items() if until < now]:
                self.unsubscribe(mailbox, stream)
                mailbox.put(stream, {"kind": "ended"})

    async def _looks(self) -> None:
        """Close the sockets of who signed out, was shut out, or whose rights changed."""
        while True:
            await asyncio.sleep(LOOK)
            known = {(m.person, m.session, m.rights): m for m in self.mailboxes if m.person}
            if not known or self.still_there is None:
                continue
            try:
                there = await asyncio.to_thread(self.still_there, set(known))
            except Exception:
                log.exception("looking after sessions")
                continue
            for mailbox in self.mailboxes:
                who = (mailbox.person, mailbox.session, mailbox.rights)
                if mailbox.person and who in known and who not in there:
                    mailbox.close(4401)

    async def _listens(self) -> None:
        """Pokes of every process, this one's too. The layer connects again by itself."""
        while True:
            try:
                layer: Any = get_channel_layer()
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                while True:
                    self._hear(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("Redis", extra={"reason": repr(error)[:200]})
                await asyncio.sleep(0.5)

    def _hear(self, message: dict[str, Any]) -> None:
        if message["stream"] != _BEATING:
            self.deliver(message["stream"], message["fact"])
            return
        was_live, self._beaten = self.is_live, time.monotonic()
        if not was_live:
            self.tell_all("again")

    async def _beats(self) -> None:
        layer: Any = get_channel_layer()
        while True:
            try:
                beat = {"type": "poke", "stream": _BEATING, "fact": {}}
                await asyncio.wait_for(layer.group_send(GROUP, beat), 2)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.info("no beat", extra={"reason": repr(error)[:200]})
            await asyncio.sleep(BEAT)


hub = Hub()
"""The hub of this process."""
