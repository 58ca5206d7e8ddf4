"""The two production forms, started from the files in `config/deploy/`: a question through the proxy, the desk
told of it by the socket, and a restart of every service that nobody notices but as a pause."""

import html
import json
import re
import ssl
import subprocess
import sys
import threading
import time
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from config.cookies import HOST
from tests.faults.clients import TOKEN, Asker, History
from tests.production import Centre, standing
from tests.server import ROOT

pytestmark = pytest.mark.full
GAP = 3.0
"""Seconds that a visitor waits at most while a new version starts. Beside other work the clock on the wall
says little: then twice what Python needs at that moment to read the program in, and the best of three."""


class Visitor(Asker):
    """Over https, as a browser: it says where its forms come from."""

    def browser(self, **cookies: str) -> httpx.Client:
        made = httpx.Client(
            base_url=self.url, timeout=30, verify=False, headers={"Origin": self.url}
        )
        for name, value in {"csrftoken": TOKEN, **cookies}.items():
            made.cookies.set(f"{HOST}{name}", value, domain="127.0.0.1")
        return made


def desk_socket(centre: Centre, session: str) -> ClientConnection:
    """The socket of an advisor's page, listening to what the page may listen to."""
    cookies = {f"{HOST}sessionid": session}
    page = httpx.get(f"{centre.url}/desk/", cookies=cookies, verify=False, follow_redirects=True)
    shown = [html.unescape(x) for x in re.findall(r'data-pass="([^"]+)"', page.text)]
    assert shown, page.text[:500]
    trusting = ssl._create_unverified_context()
    opened = connect(
        f"{centre.url.replace('https', 'wss')}/live/", ssl=trusting, origin=centre.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": f"{HOST}sessionid={session}"}, open_timeout=20,
    )  # fmt: skip
    opened.send(json.dumps({"pass": shown}))
    return opened


def hears(opened: ClientConnection, kind: str, *, within: float) -> bool:
    """Whether a frame comes that tells of it; `poke` is any stream that moved."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            frame = json.loads(opened.recv(timeout=until - time.monotonic()))
        except TimeoutError:
            return False
        if frame.get("kind") == kind or (
            kind == "poke" and "stream" in frame and frame.get("kind") != "open"
        ):
            return True
    return False


def longest_wait(centre: Centre, name: str) -> float:
    """Seconds of the slowest answer while a service restarts; every answer must be a good one."""
    waits: list[float] = []
    wrong: list[str] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            begun = time.monotonic()
            try:
                code = httpx.get(
                    f"{centre.url}/about/cookies-none", verify=False, timeout=30
                ).status_code
                if code != 404:
                    wrong.append(str(code))
            except httpx.TransportError as error:
                wrong.append(repr(error))
            waits.append(time.monotonic() - begun)

    visitors = [threading.Thread(target=ask) for _ in range(2)]
    for visitor in visitors:
        visitor.start()
    time.sleep(0.3)
    centre.service(name).restart()
    time.sleep(1)
    asked = len(waits)
    until = time.monotonic() + 20
    while len(waits) < asked + 4 and time.monotonic() < until:
        time.sleep(0.1)
    over.set()
    for visitor in visitors:
        visitor.join()
    assert wrong == [], (wrong, centre.logs())
    return max(waits)


def reading_in(told: dict[str, str]) -> float:
    """Seconds that a process needs here and now before it can serve anything."""
    begun = time.monotonic()
    script = "import config.asgi, config.urls"
    told = {**told, "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=told, check=True)
    return time.monotonic() - begun


def journey(centre: Centre, staged: dict[str, Any]) -> None:
    with desk_socket(centre, staged["sessions"][0]) as desk:
        assert hears(desk, "open", within=15), centre.logs()
        history = History(wanted=1)
        Visitor(centre.url, history, threading.Event()).write()
        assert history.odd == []
        assert {"question", "message"} <= history.kinds
        assert hears(desk, "poke", within=15), "the desk was not told"


def sheds(centre: Centre) -> None:
    """Guesses at number and code from one address beyond its pace meet the proxy, whoever comes from another not."""
    strange = httpx.HTTPTransport(verify=False, local_address="127.3.0.1")
    guess = {"reference": "W-2026-000001", "code": "1" * 16, "csrfmiddlewaretoken": TOKEN}
    with httpx.Client(base_url=centre.url, transport=strange, headers={"Origin": centre.url}, timeout=30) as crowd:  # fmt: skip
        crowd.cookies.set(f"{HOST}csrftoken", TOKEN)
        begun = time.monotonic()
        answers = [crowd.post("/follow/", data=guess) for _ in range(60)]
        passed = [one for one in answers if "429</title>" not in one.text]
        assert 0 < len(passed) <= 12 + time.monotonic() - begun
        shed = next(one for one in answers if "429</title>" in one.text)
        assert (shed.status_code, shed.headers["Retry-After"]) == (429, "3")
        assert "réessayez" in shed.text
        assert crowd.get("/follow/").status_code == 200
    history = History(wanted=1)
    Visitor(centre.url, history, threading.Event()).write()
    assert history.odd == []
    assert "message" in history.kinds


@pytest.mark.parametrize("form", ["one", "several"])
def test_a_centre_runs_from_the_files_that_are_shipped(form: str) -> None:
    with standing(form, users=1) as stands:
        centre, staged, told = stands.centre, stands.staged, stands.environment
        checked = subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            cwd=ROOT, env=told, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0, checked.stderr
        journey(centre, staged)
        name = "wasl" if form == "one" else "wasl-pages"
        gaps: list[tuple[float, float]] = []
        while len(gaps) < 3 and not any(gap <= limit for gap, limit in gaps):
            limit = max(GAP, 2 * reading_in(told))
            gaps.append((longest_wait(centre, name), limit))
        assert any(gap <= limit for gap, limit in gaps), gaps
        if form == "several":
            centre.service("wasl-live").restart()
        journey(centre, staged)
        sheds(centre)
        assert httpx.get(f"{centre.url}/metrics", verify=False).status_code == 404
        told_here = httpx.get(f"http://127.0.0.1:{centre.ports['8000']}/metrics").text
        assert 'wasl_requests_total{method="POST",status="302",view="portal:ask' in told_here
