"""The real server in a thread, and real Chromium against it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")


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
