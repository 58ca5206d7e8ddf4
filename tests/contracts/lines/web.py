"""The web line: pages by their own requests, and what each is told to play and to send. No sound."""

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.test import Client

from telephony import sounds
from telephony.models import Leg
from tests import make
from tests.contracts.lines.stage import CALL_BACK, CALLER, NUMBER, Heard, Stage
from tests.telephony.test_recording import sound
from tests.telephony.test_web_line import Page

BEAT = 4
"""Seconds between two looks of a page that nothing pokes."""


class LookingPage(Page):
    """Fetches how things stand as our pages do: what it knows already is not sent again."""

    tag, known = "", None

    def state(self) -> dict[str, Any]:
        answer = self.ask("GET", **({"If-None-Match": self.tag} if self.tag else {}))
        if answer.status_code != 304:
            self.tag, self.known = answer["ETag"], answer.json()
        assert self.known is not None
        return self.known


class WebStage(Stage):
    line = "web"

    def __init__(self, people: dict[str, Any], clock: time_machine.Traveller) -> None:
        super().__init__(people)
        self.clock, self._now = clock, make.NOW
        self.client, self.pages = Client(), dict[str, Page]()
        self.connected: set[tuple[int, int, str]] = set()
        self.recorded: dict[str, int] = {}
        """Part and pieces of each page that records."""

    @property
    def now(self) -> datetime:
        return self._now

    def run(self, seconds: float) -> None:
        for second in range(int(seconds)):
            self._now += timedelta(seconds=1)
            self.clock.move_to(self._now)
            self.sweep()
            if second % BEAT == 0:
                self._look()
        self._look()

    def rings(self, *, agrees: bool = False) -> None:
        said = {"way": "call", "language": "ar", "microphone": "1", "key": "k", "number": NUMBER}
        answer = self.client.post("/call/", said | ({"record": "on"} if agrees else {}))
        assert answer.status_code == 302, answer.content.decode()
        self.pages[CALLER] = LookingPage(self.call.legs.get(role=Leg.Role.CALLER)).load()

    def wishes(self, way: str) -> None:
        self.rings()
        self.run(20)
        if way == CALL_BACK:
            assert self.client.post("/call/call-back/").status_code == 302
        else:
            self._record("/call/voicemail/", CALLER, 3000)
        self.run(2)

    def caller_hangs_up(self) -> None:
        assert self.client.post("/call/ending/").status_code == 302
        self.pages.pop(CALLER)
        self.run(2)

    def page_comes(self, name: str) -> None:
        leg = self.call.legs.here().get(user=self.people[name])
        self.pages[name] = LookingPage(leg, self.clients[name]).load()
        self.run(1)

    def page_goes(self, name: str) -> None:
        assert self.pages.pop(name).ask("POST", "departure/").status_code == 204

    def records(self, name: str, seconds: int) -> None:
        self._record(f"/desk/calls/{self.call.pk}/recording/", name, seconds * 1000)

    def hears(self) -> Heard:
        told = {page.leg.pk: page.state() for page in self.pages.values()}
        names = {page.leg.pk: name for name, page in self.pages.items()}
        found: Heard = set()
        for ear, state in told.items():
            for link in state["links"]:
                is_up = link["offer"] is not None and link["answer"] is not None
                if is_up and link["hear"] and link["leg"] in told:
                    voices = self._sent(told[link["leg"]], link["link"], link["leg"])
                    found |= {(names[ear], names[one]) for one in voices if one in names}
        return found

    @staticmethod
    def _sent(state: dict[str, Any], link: int, own: int) -> list[int]:
        """Legs whose voices a page puts on one of its links."""
        mine = next((one for one in state["links"] if one["link"] == link), None)
        if mine is None:
            return []
        far = {one["link"]: one["leg"] for one in state["links"]}
        return [own] * mine["microphone"] + [far[one] for one in mine["passes"]]

    def _look(self) -> None:
        """Every page fetches how things stand and does what it is asked to, until nothing is left to do."""
        while any(self._follows(page) for page in self.pages.values()):
            pass

    def _follows(self, page: Page) -> bool:
        state = page.state()
        return any(self._join(page, link, state) for link in state["links"])

    def _join(self, page: Page, link: dict[str, Any], state: dict[str, Any]) -> bool:
        key, round_ = link["link"], link["round"]
        if link["offers"] and link["offer"] is None:
            return page.describe("offer", round_=round_, link=key) == 204
        if not link["offers"] and link["offer"] and link["answer"] is None:
            return page.describe("answer", round_=round_, link=key) == 204
        told = (key, state["call"]["turn"], page.header)
        if not (link["offer"] and link["answer"]) or told in self.connected:
            return False
        self.connected.add(told)
        return bool(page.ask("POST", "reports/", {"kind": "connected", "link": key}).content == b"")

    def _record(self, base: str, name: str, milliseconds: int) -> None:
        page = self.pages[name]
        headers = {"X-Wasl-Leg": page.header}

        def ask(method: str, path: str, body: bytes) -> Any:
            kind = "application/octet-stream"
            return page.client.generic(method, base + path, body, kind, headers=headers)

        begun = ask("POST", "", b"")
        if begun.status_code == 201:
            part, whole = begun.json()["part"], sound(0, milliseconds, head=True)
            assert sounds.seconds_of(whole, sounds.WEBM)
            assert ask("PUT", f"{part}/pieces/0/", whole).status_code == 204
            self.run(milliseconds / 1000)
            assert ask("POST", f"{part}/ending/", b'{"pieces": 1}').status_code == 200
