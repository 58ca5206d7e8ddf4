"""What a first visit weighs over the wire, as served: compressed, headers counted, with an empty cache."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.serving import served
from tests.server import manage

pytestmark = [pytest.mark.browser, pytest.mark.full]
LIMIT = {"ar": 70_000, "fr": 40_000}
REQUESTS = 6
LIBRARY = Path(__file__).resolve().parents[2] / "knowledge" / "articles" / "library"
LONGEST = max(LIBRARY.glob("*.ar.md"), key=lambda sheet: sheet.stat().st_size).name.split(".")[0]
PAGES = {
    "home": "/", "article": "/library/T03-receipt/", "longest article": f"/library/{LONGEST}/",
    "ask": "/ask/", "follow": "/follow/", "papers": "/library/papers/",
    "chat": "/chat/", "call": "/call/",
}  # fmt: skip


OPENED = """
from django.utils import timezone
from helpdesk.centre.models import Centre
Centre.objects.update(opened_at=timezone.now())
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("served")
    with served(folder, profile="centre") as url:
        manage(folder, "shell", "-c", OPENED)
        yield url


@dataclass
class Wire:
    """What came over the wire, by the browser's own count."""

    asked: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    size: int = 0

    def listen(self, session: Any) -> None:
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", lambda e: self.asked.append(e["request"]["url"]))
        session.on("Network.responseReceived", self._check)
        session.on("Network.loadingFinished", self._add)

    def _check(self, event: dict[str, Any]) -> None:
        response = event["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        packed = headers.get("content-encoding") or response["mimeType"].startswith("font/")
        is_file = "/static/" in response["url"]
        if is_file and not packed and int(headers.get("content-length", 0)) > 1000:
            self.plain.append(response["url"])

    def _add(self, event: dict[str, Any]) -> None:
        self.size += int(event["encodedDataLength"])


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("name", list(PAGES))
def test_first_visit(address: str, chromium: Browser, name: str, language: str) -> None:
    context = chromium.new_context(base_url=address, viewport={"width": 360, "height": 800})
    page = context.new_page()
    wire = Wire()
    wire.listen(context.new_cdp_session(page))
    page.goto(("/fr" if language == "fr" else "") + PAGES[name])
    page.wait_for_load_state("networkidle")
    context.close()
    print(f"{language} {name}: {wire.size} bytes, {len(wire.asked)} requests")
    assert {urlsplit(url).netloc for url in wire.asked} == {urlsplit(address).netloc}
    assert wire.plain == []
    assert wire.size <= LIMIT[language]
    assert len(wire.asked) <= REQUESTS


FRAME = 45_000
WIDGET = 3_000


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_frame_on_other_sites(address: str, chromium: Browser, language: str) -> None:
    """What opening the chat costs the visitor of another site: everything the frame asks for."""
    context = chromium.new_context(base_url=address, viewport={"width": 320, "height": 600})
    page = context.new_page()
    wire = Wire()
    wire.listen(context.new_cdp_session(page))
    page.goto(("/fr" if language == "fr" else "") + "/chat/frame/")
    page.wait_for_load_state("networkidle")
    widget = len(context.request.get("/widget.js").body())
    context.close()
    print(f"{language} frame: {wire.size} bytes, {len(wire.asked)} requests")
    assert wire.plain == []
    assert wire.size <= FRAME
    assert widget <= WIDGET
