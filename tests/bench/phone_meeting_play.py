"""The network, the advisor who answers and the screens of the others, beside a server that runs (`phone_meeting`).

Every moment is by this machine's clock: when the network sent a request, when a page posted, when the
exchange had both in its room.
"""

import asyncio
import json
import os
import sys
import threading
import time
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
import httpx

from tests.faults.clients import TOKEN

PATIENCE = 20
"""Seconds for each part of a call."""
TALK = 1.0


def main(asked: dict[str, Any]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    play = Play(asked["url"], asked["sessions"])
    found = play.all(asked["calls"])
    Path(asked["told"]).write_text(json.dumps(found))


class Screens:
    """Pages of advisors, in a thread: what each socket hears of calls, and what it fetches then."""

    def __init__(self, url: str, sessions: list[str]) -> None:
        self.url, self.sessions = url, sessions
        self.told: list[tuple[int, float]] = []
        """Which screen was told that a call moved, and when."""
        self.shown: list[tuple[int, float, str]] = []
        """Which screen, when it had fetched what rings, and that."""
        self.ready, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> "Screens":
        self._thread.start()
        assert self.ready.wait(60), "the screens did not come up"
        return self

    def __exit__(self, *ended: object) -> None:
        self._over.set()
        self._thread.join(10)

    async def _all(self) -> None:
        async with AsyncExitStack() as stack:
            limits = httpx.Limits(max_connections=len(self.sessions))
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=self.url, limits=limits, timeout=60)
            )
            tasks = [
                asyncio.create_task(await self._open(stack, client, place, session))
                for place, session in enumerate(self.sessions)
            ]
            self.ready.set()
            while not self._over.is_set():
                await asyncio.sleep(0.1)
            for task in tasks:
                task.cancel()

    async def _open(
        self, stack: AsyncExitStack, client: httpx.AsyncClient, place: int, session: str
    ) -> Any:
        from tests.bench.live import signed_in, sockets_quick

        cookie = signed_in(session)
        there = {"state": "free", "csrfmiddlewaretoken": TOKEN}
        heads = {"Cookie": cookie, "Referer": f"{self.url}/"}
        await client.post("/desk/presence/", data=there, headers=heads)
        page = (await client.get("/desk/calls/ringing/", headers={"Cookie": cookie})).text
        shown = _pass_of(page)
        server: Any = type("At", (), {"url": self.url})
        (one,) = await stack.enter_async_context(sockets_quick(server, shown, cookie))
        return self._watch(client, one, place, cookie)

    async def _watch(self, client: httpx.AsyncClient, one: Any, place: int, cookie: str) -> None:
        """As a page: while it fetches, what moves meanwhile is one more look."""
        moved = asyncio.Event()

        async def look() -> None:
            while True:
                await moved.wait()
                moved.clear()
                await look_once()
                await asyncio.sleep(0.25)

        async def look_once() -> str:
            answer = await client.get("/desk/calls/ringing/", headers={"Cookie": cookie})
            self.shown.append((place, time.time(), answer.text))
            return answer.text

        async def lives() -> None:
            while True:  # a socket of which nothing is heard is closed after 75 s
                await asyncio.sleep(25)
                await one.send('{"alive":1}')

        tasks = [asyncio.create_task(look()), asyncio.create_task(lives())]
        try:
            async for text in one:
                fact = json.loads(text)
                if fact.get("kind") == "call":
                    self.told.append((place, time.time()))
                    moved.set()
                elif fact.get("kind") == "ended":  # a pass holds five minutes
                    await one.send(json.dumps({"pass": [_pass_of(await look_once())]}))
        finally:
            for task in tasks:
                task.cancel()


class Play:
    def __init__(self, url: str, sessions: list[str]) -> None:
        from django.conf import settings

        from config.lines import simulated
        from helpdesk.centre.models import Centre

        Centre.objects.update(always_open=True)
        self.url, self.ours = url, simulated(settings.SECRET_KEY)
        self.session, self.others = sessions[0], sessions[1:]
        self.asked: list[tuple[str, str, float]] = []
        """Whose call, which path, when the network sent it."""
        self.simulator = self._network(settings.PUBLIC_URL)

    def _network(self, public: str) -> Any:
        from config.management.commands.simulate import HOOKS, network
        from telephony.simulator import load
        from tests.bench.phone_meeting import LATENCY

        options = {**HOOKS, "base": self.url, "public": public, "seed": 1}
        options["number"] = self.ours["TWILIO_NUMBER"]
        simulator = network(options, load.read("demo"), self.ours)
        simulator.adversary.rates = type(simulator.adversary.rates)()
        simulator.rest.faults.rates = {}
        simulator.latency = simulator.rest.latency = LATENCY
        sent = simulator.poster.post

        def noted(url: str, form: Any, headers: Any, /) -> Any:
            self.asked.append((form.get("CallSid", ""), url, time.time()))
            return sent(url, form, headers)

        simulator.poster.post = noted
        return simulator

    def all(self, calls: int) -> dict[str, list[Any]]:
        from urllib.parse import urlsplit

        from telephony.simulator.live import Live

        found: dict[str, list[Any]] = {"meet": [], "told": [], "shown": [], "wrong": []}
        self.browser = httpx.Client(
            base_url=self.url, timeout=60, headers={
                "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
                "Referer": f"{self.url}/", "X-CSRFToken": TOKEN, "Accept": "application/json",
            },
        )  # fmt: skip
        port = urlsplit(self.ours["TWILIO_API_URL"]).port or 0
        with Live(self.simulator, port=port, threads=16) as live:
            network = threading.Thread(target=live.run, args=(3600 * 24,), daemon=True)
            network.start()
            with Screens(self.url, self.others) as self.screens:
                for number in range(calls):
                    self._one(number, found)
            live.stopping.set()
            network.join(5)
        found["wrong"] += [str(one) for one in self.simulator.complaints]
        for name in ("meet", "told", "shown"):
            found[name].sort()
        return found

    def _one(self, number: int, found: dict[str, list[Any]]) -> None:
        from telephony.simulator.people import Scripted

        call = self.simulator.ring(
            f"+2126{number:08d}", self.ours["TWILIO_NUMBER"], Scripted(["2", "0"])
        )
        if not _until(lambda: call.member is not None):
            found["wrong"].append(f"call {number} came not into the line")
            return
        pk = self._row(call.sid)
        began = next(at for of, url, at in self.asked if of == call.sid and "/theme/" in url)
        _until(lambda: all(len(one) == len(self.others) for one in self._seen(pk, began)))
        told, shown = self._seen(pk, began)
        found["told"] += [at - began for at in told.values()]
        found["shown"] += [at - began for at in shown.values()]
        for name, those in (("told", told), ("fetched", shown)):
            if len(those) < len(self.others):
                found["wrong"].append(f"call {number}: {len(those)} screens {name}")
        time.sleep(0.5)
        self._accept(call, pk, number, found)
        time.sleep(TALK)
        self.simulator.hang_up(call)
        time.sleep(TALK)
        self._written_down()

    def _accept(self, call: Any, pk: int, number: int, found: dict[str, list[Any]]) -> None:
        """As the page does: it takes the call, asks for its pass, and dials in."""
        from telephony.simulator.people import Scripted

        began = time.time()
        answer = self.browser.post(f"/desk/calls/{pk}/answer/")
        assert answer.status_code == 200, answer.text[:500]
        given = self.browser.post(f"/desk/calls/{pk}/coming/").json()
        page = self.simulator.dial_in(given["pass"], Scripted([]), claim=given["claim"])
        if _until(lambda: self._joined({call.sid, page.sid}) is not None):
            both = self._joined({call.sid, page.sid})
            assert both is not None
            found["meet"].append(both.timestamp() - began)
        else:
            found["wrong"].append(f"call {number}: they did not meet")

    def _seen(self, pk: int, began: float) -> tuple[dict[int, float], dict[int, float]]:
        """Of each screen the first word since `began`, and when it first showed this call."""
        told: dict[int, float] = {}
        for place, at in list(self.screens.told):
            if at >= began:
                told.setdefault(place, at)
        shown: dict[int, float] = {}
        for place, at, page in list(self.screens.shown):
            if at >= told.get(place, at + 1) and f'-{pk}"' in page:
                shown.setdefault(place, at)
        return told, shown

    def _joined(self, sids: set[str]) -> datetime | None:
        """When the second of them was in the room."""
        with self.simulator.lock:
            moments = {
                one.call: one.at
                for one in self.simulator.history
                if one.what == "joined" and one.call in sids
            }
        return max(moments.values()) if len(moments) == len(sids) else None

    @staticmethod
    def _row(sid: str) -> int:
        from telephony.models import Call

        return Call.objects.values_list("pk", flat=True).get(key=f"public:{sid}")

    @staticmethod
    def _written_down() -> None:
        """Whoever answered is free for the next."""
        from django.utils import timezone

        from helpdesk.queues.models import Handling

        Handling.objects.filter(wrapped_at=None).update(wrapped_at=timezone.now())


def _pass_of(page: str) -> str:
    """By which a page listens."""
    return page.split('data-pass="')[1].split('"')[0]


def _until(holds: Any) -> bool:
    end = datetime.now() + timedelta(seconds=PATIENCE)
    while not holds() and datetime.now() < end:
        time.sleep(0.01)
    return bool(holds())


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
