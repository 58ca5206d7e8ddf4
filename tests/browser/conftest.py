"""The real server in a thread, and real Chromium against it."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def asgi_server(django_db_setup: Any, django_db_blocker: Any) -> Iterator[str]:
    """The address of the product served as in life: ASGI layer, WSGI mount, static files.

    Tests that use it need `transactional_db`: plain `db` holds a write lock that the server waits for.
    """
    call_command("collectstatic", verbosity=0, interactive=False)
    from config.asgi import application

    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, lifespan="on", log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with django_db_blocker.unblock():
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, which makes Django refuse every query in it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Window:
    """A browser of its own, with what went wrong in it and what it fetched."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.context, self.host = context, host
        self.wrong: list[str] = []
        self.fetched: list[str] = []
        context.on("console", lambda m: self.wrong.append(m.text) if "olicy" in m.text else None)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        context.on("request", self._note)

    def _note(self, request: Any) -> None:
        self.fetched.append(request.url)
        if urlsplit(request.url).netloc != self.host:
            self.wrong.append(f"outside: {request.url}")


@pytest.fixture
def window(asgi_server: str, chromium: Browser) -> Iterator[Callable[..., Window]]:
    """`window("ar", width=360)`: a fresh browser; at the end nothing may have gone wrong in it."""
    opened: list[Window] = []

    def fresh(language: str = "ar", *, width: int = 1366, height: int = 800) -> Window:
        context = chromium.new_context(
            base_url=asgi_server, viewport={"width": width, "height": height},
            locale="fr-FR" if language == "fr" else "ar-MA", timezone_id="Africa/Casablanca",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        opened.append(Window(context, urlsplit(asgi_server).netloc))
        return opened[-1]

    yield fresh
    wrong = [text for one in opened for text in one.wrong]
    for one in opened:
        one.context.close()
    assert not wrong
