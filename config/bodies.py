"""The outermost layer: reads a request's body whole, within a size and a time, before any thread.

Without it a chunked body reaches WSGI as empty, a stalled upload holds a thread, and a 200 MB body
costs 400 MB of temporary files although no view reads it.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MEMORY = 1024 * 1024
CHUNK = 64 * 1024
ALONE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self';"
        b" base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    ),
)
"""Headers of an answer that no layer of Django sees."""
REASONS = {400: "bad length", 408: "too slow"}


class Refused(Exception):
    """The body is not let through; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The client left before its body was complete."""


class BodyLimit:
    """ASGI layer: `limit` in bytes, `seconds` for the whole body, `too_large` the page of a 413."""

    def __init__(
        self, app: App, *, limit: int, seconds: float, too_large: Callable[[], bytes]
    ) -> None:
        self.app, self.limit, self.seconds, self.too_large = app, limit, seconds, too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with SpooledTemporaryFile(MEMORY) as body:
                length = await self._read(scope, receive, body)
                body.seek(0)
                await self.app(_with_length(scope, length), _replay(body, length, receive), send)
        except Refused as refused:
            await self._refuse(send, refused.status)
        except Gone:
            return

    async def _read(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int:
        """Bytes read; raises Refused or Gone."""
        if _declared(scope) > self.limit:
            raise Refused(413)
        length = 0
        try:
            async with asyncio.timeout(self.seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Gone
                    chunk = message.get("body", b"")
                    length += len(chunk)
                    if length > self.limit:
                        raise Refused(413)
                    body.write(chunk)
                    if not message.get("more_body"):
                        return length
        except TimeoutError:
            raise Refused(408) from None

    async def _refuse(self, send: Send, status: int) -> None:
        """A person meets 413 with a large photo; 400 and 408 are for machines."""
        kind, text = b"text/plain", f"{status} {REASONS.get(status, '')}\n".encode()
        if status == 413:
            kind, text = b"text/html", self.too_large()
        headers = [
            (b"content-type", kind + b"; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"connection", b"close"),
            *ALONE,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": text})


def _declared(scope: Scope) -> int:
    values = [value for name, value in scope["headers"] if name == b"content-length"]
    if not values:
        return 0
    if len(set(values)) > 1 or not (values[0].isascii() and values[0].isdigit()):
        raise Refused(400)
    return int(values[0][:20])


def _with_length(scope: Scope, length: int) -> Scope:
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name not in (b"content-length", b"transfer-encoding")
    ]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


def _replay(body: IO[bytes], length: int, receive: Receive) -> Receive:
    sent = 0
    done = False

    async def replay() -> Message:
        nonlocal sent, done
        if done:
            return await receive()
        chunk = body.read(CHUNK)
        sent += len(chunk)
        done = sent >= length or not chunk
        return {"type": "http.request", "body": chunk, "more_body": not done}

    return replay
