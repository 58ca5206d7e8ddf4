"""Sockets against the real server."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


class Socket:
    """A page's socket. `frames` reads until nothing comes for a moment; signs of life are left out."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def show(self, *texts: Any) -> list[dict[str, Any]]:
        self.send({"pass": list(texts)})
        return self.frames()

    def send(self, frame: Any) -> None:
        self.connection.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    def frame(self, *, within: float = 3.0) -> dict[str, Any] | None:
        while True:
            try:
                found = json.loads(self.connection.recv(timeout=within))
            except TimeoutError:
                return None
            if found.get("kind") != "sign":
                return dict(found)

    def frames(self, *, within: float = 0.6) -> list[dict[str, Any]]:
        found = []
        while frame := self.frame(within=within):
            found.append(frame)
        return found

    def closed(self, *, within: float) -> int:
        """The code it is closed with; raises TimeoutError."""
        while True:
            try:
                self.connection.recv(timeout=within)
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 0


class Opener:
    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url, self.stack = url, stack

    def __call__(
        self, user: Any = None, *, origin: str = "", client: Client | None = None
    ) -> Socket:
        heads = {}
        if user is not None:
            client = client or Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if client is not None:
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            heads["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={cookie}"
        address = self.url.replace("http", "ws", 1) + "/live/"
        return Socket(
            self.stack.enter_context(
                connect(address, origin=origin or self.url, additional_headers=heads)  # type: ignore[arg-type]
            )
        )


@pytest.fixture
def opened(asgi_server: str, transactional_db: Any) -> Iterator[Opener]:
    with ExitStack() as stack:
        yield Opener(asgi_server, stack)
