"""One process: HTTP through the WSGI mount behind a body limit, sockets, hub and sweeps by lifespan.

Django's own ASGI handler makes a thread and a database connection for every request; the mount
has eight threads with lasting connections (docs/decisions/0001-one-process.md).
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware

from config.bodies import BodyLimit
from config.wsgi import application as wsgi
from helpdesk.live.hub import hub
from helpdesk.live.sockets import socket

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 8


def _http() -> BodyLimit:
    from django.conf import settings

    from config.views.errors import too_large

    return BodyLimit(
        WSGIMiddleware(wsgi, workers=THREADS),  # type: ignore[arg-type]
        limit=settings.BODY_LIMIT, seconds=30, too_large=too_large,
    )  # fmt: skip


http = _http()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The whole router."""
    if scope["type"] == "http":
        await http(scope, receive, send)
    elif scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "websocket":
        await socket(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    """Start and stop hub and sweeps with the server."""
    from django.conf import settings

    from config.connected import note_connected
    from config.schedule import Sweeper
    from telephony.providers.hook import applier

    await receive()
    sweeper = Sweeper()
    async with hub:
        noting = asyncio.create_task(note_connected())
        if settings.SWEEPS_INSIDE:
            sweeper.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        noting.cancel()
        if sweeper.is_alive():
            await asyncio.to_thread(sweeper.stop)
        await asyncio.to_thread(applier.stop)
    await send({"type": "lifespan.shutdown.complete"})
