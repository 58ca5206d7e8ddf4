"""Two ASGI applications for the live bench: the product, and a bare group in memory beside it.

Both take `GET /bench/poke` (publish once, with the time) and `GET /bench/memory` (MiB resident).
"""

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

STREAM = "ticket:1"


def now_ns() -> int:
    """The machine's own clock, the same in every process."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def resident() -> float:
    """MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def answer(send: Any, text: str) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": text.encode()})


async def ours(scope: Any, receive: Any, send: Any) -> None:
    """The product as it is served; a poke is announced from a thread, as a view does."""
    from config.asgi import application

    if scope["type"] == "http" and scope["path"] == "/bench/poke":
        from helpdesk.live.announcing import poke

        await asyncio.to_thread(poke, STREAM, {"number": now_ns(), "kind": "line", "id": 1})
        await answer(send, "")
    elif scope["type"] == "http" and scope["path"] == "/bench/memory":
        await answer(send, str(resident()))
    elif scope["type"] == "http" and scope["path"] == "/bench/pass":
        from helpdesk.live import passes

        await answer(send, passes.make(STREAM))
    else:
        await application(scope, receive, send)


def bare() -> Any:
    """Channels as its tutorial has it: a group member a socket, the layer in memory."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(
            CHANNEL_LAYERS={
                "default": {
                    "BACKEND": "channels.layers.InMemoryChannelLayer",
                    "CONFIG": {"capacity": 5_000},
                }
            },
            INSTALLED_APPS=[],
            SECRET_KEY="bench",
        )
        django.setup()
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import get_channel_layer

    class Member(AsyncWebsocketConsumer):  # type: ignore[misc]
        async def connect(self) -> None:
            await self.accept()
            await self.channel_layer.group_add("all", self.channel_name)

        async def disconnect(self, code: int) -> None:
            await self.channel_layer.group_discard("all", self.channel_name)

        async def poke(self, message: Any) -> None:
            await self.send(json.dumps(message["fact"]))

    member = Member.as_asgi()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await member(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/bench/poke":
            fact = {"stream": STREAM, "number": now_ns(), "kind": "line", "id": 1}
            layer = get_channel_layer()
            await layer.group_send("all", {"type": "poke", "fact": fact})  # type: ignore[union-attr]
            await answer(send, "")
        elif scope["type"] == "http":
            await answer(send, str(resident()))

    return application
