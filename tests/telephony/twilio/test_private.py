"""Over a whole simulated run no caller's number stands in a room's name, an identity, an address, a line of
the log, a poke or a page."""

import io
import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.logs import JsonLine
from helpdesk.live import announcing
from helpdesk.tickets.models import Ticket
from telephony.models import Call
from telephony.providers.twilio import claims
from telephony.simulator import load
from telephony.simulator.rest.adapter import SimulatedAdapter
from telephony.simulator.traffic import Traffic
from tests.contracts.test_numbers import PLAIN_DIGITS, texts
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.world import OurDesk, at, build, repeatable

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]
PAGES = ("telephony:under_way", "telephony:ringing", "queues:desk", "supervision:board")
OF_A_CALL = ("card", "band", "beside", "receivers")


class Seen:
    """Everything that left the server, by where it was found."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.book = io.StringIO()

    def add(self, place: str, text: Any) -> None:
        self.texts.setdefault(place, []).append(str(text))

    def showing(self, numbers: set[str]) -> list[str]:
        """Places where one of the numbers stands, in any digits and with any signs between them."""
        found = []
        for place, told in self.texts.items():
            for text in told:
                bare = re.sub(r"<[^>]*>|[\W_]+", "", text.translate(PLAIN_DIGITS))
                whole = re.sub(r"[\W_]+", "", text.translate(PLAIN_DIGITS))
                if any(number in bare or number in whole for number in numbers):
                    found.append(f"{place}: {text[:200]}")
        return found


@pytest.fixture
def seen(monkeypatch: Any) -> Any:
    """Logs of every level, pokes, and our requests to Twilio."""
    seen, handler, root = Seen(), logging.StreamHandler(), logging.getLogger()
    handler.setStream(seen.book)
    handler.setFormatter(JsonLine())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    sent = SimulatedAdapter.send

    def send(self: Any, request: Any, **how: Any) -> Any:
        seen.add("our request", f"{request.url} {request.body}")
        return sent(self, request, **how)

    monkeypatch.setattr(SimulatedAdapter, "send", send)
    monkeypatch.setattr(announcing, "poke", lambda stream, fact: seen.add("poke", (stream, fact)))
    yield seen
    root.removeHandler(handler)
    root.setLevel(level)


def look_around(seen: Seen, desk: OurDesk, clients: dict[str, Client]) -> None:
    """Everybody opens every page that shows calls, and the pages of calls under way."""
    calls = list(Call.objects.live()[:3])
    addresses = [reverse(name) for name in PAGES]
    addresses += [
        reverse(f"telephony:{name}", args=[call.pk]) for call in calls for name in OF_A_CALL
    ]
    addresses += [
        reverse("tickets:ticket", args=[call.ticket_id]) for call in calls if call.ticket_id
    ]
    with at(desk.world):
        for name, client in clients.items():
            for address in addresses:
                answer = client.get(address)
                if answer.status_code == 200:
                    for text in texts(answer):
                        seen.add(f"{address} of {name}", text)
            for call in calls:
                answer = client.post(f"/desk/calls/{call.pk}/coming/")
                if answer.status_code == 200:
                    seen.add(f"what lets {name} in", answer.content.decode())


def test_no_number_is_told(
    line: Any, seen: Seen, monkeypatch: Any, settings: Any, cast: dict[str, Any], as_user: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    plan = load.read("rough_hour")
    callers = replace(
        plan.callers, menu=("2", "0"), talk=60, leaves=0.3, leaves_after=20, withheld=0
    )
    staff = replace(plan.advisors, number=2, supervisors=1, listens=30, drops=0.2)
    plan = replace(plan, calls=14, minutes=6, callers=callers, advisors=staff)
    people = [cast["amina"], cast["senior"], cast["brahim"]]
    world, desk = build(people, monkeypatch, seed=3, rates=plan.adversary)
    traffic = Traffic(
        world, plan, desk, number=c.OUR_NUMBER, application=c.APP,
        identities=[claims.identity(user) for user in people[:2]],
    )  # fmt: skip
    repeatable(traffic, 3)
    traffic.supervisors[0].identity = claims.identity(cast["brahim"])
    tried = world.poster.tried

    def told(delivery: Any, url: str, answer: Any, why: str) -> None:
        seen.add("our address", url)
        seen.add("our answer", answer.body.decode() if answer else "")
        tried(delivery, url, answer, why)

    world.poster.tried = told
    looking = ("amina", "senior", "brahim", "partner", "editor")
    clients = {name: as_user(cast[name]) for name in looking}
    traffic.begin()
    for _look in range(3):
        world.run(100)
        look_around(seen, desk, clients)
    forged = c.of_call(7, From=c.CALLER)
    c.Carrier().post("/hooks/twilio/voice/", forged, headers={"X-Twilio-Signature": "none"})
    world.run(10 * 60)
    for room in world.rooms.values():
        seen.add("room", room.name)
        seen.add("label", [one.label for one in room.participants])
    browsers = [call for call in world.calls.values() if call.identity]
    for browser in browsers:
        seen.add("identity", (browser.from_, browser.custom))
    for record in seen.book.getvalue().splitlines():
        seen.add("log", record)
    numbers = {call.from_[-9:] for call in world.calls.values() if call.from_.startswith("+2126")}
    numbers |= {c.CALLER[-9:]}
    assert len(numbers) > 8
    kept = Ticket.objects.exclude(contact_number="").count()
    assert kept > 8, "the numbers are known to us, and masked"
    assert {call.identity for call in browsers} == {claims.identity(user) for user in people}
    assert {"room", "label", "identity", "log", "poke", "our request", "our address"} <= set(
        seen.texts
    )
    assert any(place.endswith("of brahim") for place in seen.texts)
    assert seen.showing(numbers) == []
