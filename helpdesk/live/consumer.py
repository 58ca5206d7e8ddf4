"""The one socket: a page shows passes, and is told which of its streams moved.

Frames in: {"pass": [text, …]} and {"alive": 1}. Frames out: {"stream", "number", "kind", "id"}, never
content; {"kind": "sign"} each four seconds; {"kind": "open"} for a stream whose pass was good;
{"kind": "ended"} when it ran out; {"kind": "again"}: fetch everything; {"kind": "error", "why"}.
"""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from helpdesk.live import passes
from helpdesk.live.hub import Mailbox, hub

LONGEST = 16_000
"""Characters of a frame that are read."""
PASSES = 12
"""Passes in one frame."""
STREAMS = 40
"""Streams of one socket."""
FAULTS = 20
"""Bad frames after which a socket is closed."""
PACE = 10.0
"""Frames a second that a page may send, on average."""
SOCKETS = 4_000
"""Sockets of one process; the next are refused and their pages ask by themselves."""
SEND_WITHIN = 20.0
"""Seconds for one frame to leave: a peer that reads nothing is let go."""
SILENT = 75.0
"""Seconds without a sign of life from the page."""


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    channel_layer_alias = "none"
    """No such layer: the hub is the only way to a socket."""

    async def connect(self) -> None:
        self.faults, self.frames, self.since = 0, 0, time.monotonic()
        self.writer: asyncio.Task[None] | None = None
        if hub.loop is None or len(hub.mailboxes) >= SOCKETS:
            await self.close(1013)
            return
        user = self.scope["user"]
        self.bound = passes.bound_to(user) if user.is_authenticated else ""
        self.mailbox = (
            Mailbox(
                person=user.pk, session=self.scope["session"].session_key or "",
                rights=user.rights_version,
            )
            if user.is_authenticated
            else Mailbox()
        )  # fmt: skip
        await self.accept()
        hub.join(self.mailbox)
        self.writer = asyncio.create_task(self._write())

    async def disconnect(self, code: int) -> None:
        if self.writer is not None:
            hub.leave(self.mailbox)
            self.writer.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.writer is None:
            return
        self.mailbox.heard = time.monotonic()
        self.frames += 1
        if self.frames > 60 and self.frames / (time.monotonic() - self.since + 1) > PACE:
            await self.close(1008)
            return
        shown = _shown_passes(text_data)
        if shown is None:
            await self._fault("frame")
            return
        for text in shown:
            try:
                found = passes.read(text, bound=self.bound)
            except passes.BadPass:
                await self._fault("pass")
                continue
            self._listen(found)

    def _listen(self, found: passes.Pass) -> None:
        for stream in found.streams:
            if stream in self.mailbox.streams:
                self.mailbox.streams[stream] = found.until
            elif len(self.mailbox.streams) < STREAMS:
                hub.subscribe(self.mailbox, stream, until=found.until)
                self.mailbox.put(stream, {"kind": "open"})

    async def _fault(self, why: str) -> None:
        self.faults += 1
        await self.send(json.dumps({"kind": "error", "why": why}))
        if self.faults >= FAULTS:
            await self.close(1008)

    async def _write(self) -> None:
        """Send what the mailbox holds. Ends the socket of who reads nothing or went silent."""
        try:
            while True:
                for fact in await self.mailbox.take():
                    async with asyncio.timeout(SEND_WITHIN):
                        await self.send(json.dumps(fact))
                silent = time.monotonic() - self.mailbox.heard > SILENT
                if code := self.mailbox.closing or (1001 if silent else 0):
                    break
        except (TimeoutError, OSError, RuntimeError):
            code = 1001
        hub.leave(self.mailbox)
        with suppress(OSError, RuntimeError):  # the peer may be gone already
            await self.close(code)


def _shown_passes(text: str | None) -> list[Any] | None:
    """The passes of a frame; None when it is none of ours."""
    if text is None or len(text) > LONGEST:
        return None
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(frame, dict):
        return None
    shown = frame.get("pass", [] if "alive" in frame else None)
    if not isinstance(shown, list) or len(shown) > PASSES:
        return None
    return shown
