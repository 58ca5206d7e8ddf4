"""Two processes with Redis between them; Redis gone, emptied and back."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.faults.clients import TOKEN
from tests.faults.test_kill import stage, uvicorn
from tests.server import Server
from tests.services import Redis

pytestmark = pytest.mark.full
DOWN = 12.0
"""Seconds without Redis: long enough for every page to know that it is not live."""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    made = Redis(tmp_path).start()
    yield made
    made.stop()


@pytest.fixture
def pair(tmp_path: Path, redis: Redis) -> Iterator[tuple[Server, Server, dict[str, Any]]]:
    """One process that pages listen to, and another that writes."""
    data = tmp_path / "centre"
    staged = stage(data, 2)
    servers = [uvicorn(data), uvicorn(data)]
    for server in servers:
        server.extra = {**server.extra, "REDIS_URL": redis.url, "SWEEPS_INSIDE": "0"}
        server.start()
    yield servers[0], servers[1], staged
    for server in servers:
        server.kill()


def heads(server: Server, session: str) -> dict[str, str]:
    return {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "Referer": server.url + "/"}


def note(server: Server, session: str, pk: int, text: str) -> int:
    data = {
        "kind": "note", "body": text, "language": "ar", "base": "1", "key": text,
        "csrfmiddlewaretoken": TOKEN,
    }  # fmt: skip
    address = f"{server.url}/desk/tickets/{pk}/entries/"
    return httpx.post(address, data=data, headers=heads(server, session), timeout=30).status_code


def wait_for(kinds: list[tuple[float, str]], kind: str, *, after: float, within: float) -> float:
    """Seconds until a frame of that kind came."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        if any(at > after and found == kind for at, found in list(kinds)):
            return time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError(f"no {kind} within {within} s: {kinds[-10:]}")


def test_writes_go_on_without_redis_and_pages_are_live_again_by_themselves(
    pair: tuple[Server, Server, dict[str, Any]], redis: Redis
) -> None:
    listening, writing, staged = pair
    pk, (reader, writer) = staged["tickets"][0], staged["sessions"]
    address = f"{listening.url}/desk/tickets/{pk}/news/"
    page = httpx.get(address, headers=heads(listening, reader), timeout=30).text
    shown = page.split('data-pass="')[1].split('"')[0]
    kinds: list[tuple[float, str]] = []

    def listen(socket: Any) -> None:
        for text in socket:
            kinds.append((time.monotonic(), json.loads(text).get("kind", "")))

    socket_url = listening.url.replace("http", "ws", 1) + "/live/"
    head = {"Cookie": f"sessionid={reader}"}
    with connect(socket_url, origin=listening.url, additional_headers=head) as socket:  # type: ignore[arg-type]
        threading.Thread(target=listen, args=(socket,), daemon=True).start()
        socket.send(json.dumps({"pass": [shown]}))
        wait_for(kinds, "open", after=0, within=5)
        wait_for(kinds, "sign", after=0, within=8)
        began = time.monotonic()
        assert note(writing, writer, pk, "عبر ريديس") == 302
        wait_for(kinds, "note", after=began, within=3)

        redis.stop()
        stopped, answers = time.monotonic(), []
        while time.monotonic() - stopped < DOWN:
            answers.append(note(writing, writer, pk, f"بدونه {len(answers)}"))
            time.sleep(0.3)
        assert set(answers) == {302}, "no write fails because nobody can be told"
        late = [kind for at, kind in kinds if at - stopped > 8 and kind == "sign"]
        assert late == [], "the page is told nothing, so it says that it is not live and polls"
        news = httpx.get(f"{address}?since=2", headers=heads(listening, reader), timeout=30).text
        assert 'class="chip"' in news, "polling finds what was written meanwhile"

        redis.start()
        back = time.monotonic()
        wait_for(kinds, "again", after=stopped, within=8)
        assert time.monotonic() - back < 8
        again = time.monotonic()
        assert note(writing, writer, pk, "عاد") == 302
        wait_for(kinds, "note", after=again, within=3)
