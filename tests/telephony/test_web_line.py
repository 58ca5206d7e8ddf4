"""The web line: links and voices as the legs ask for, endpoints that refuse what is stale or forged."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from telephony import actions
from telephony.models import Call, Leg
from telephony.providers.web.actions import open_leg
from tests import make

pytestmark = pytest.mark.django_db
SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"


class Page:
    """A page that speaks for a leg."""

    def __init__(self, leg: Leg, client: Client | None = None) -> None:
        self.leg, self.client = leg, client or Client()
        self.base = f"/desk/calls/{leg.call_id}/line/" if leg.user_id else "/call/line/"
        self.header, self.number = open_leg(leg), 0

    def ask(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method, self.base + path, json.dumps(body) if body is not None else "",
            "application/json",
            headers={"X-Wasl-Leg": self.header, "X-Wasl-Page": str(self.number), **headers},
        )  # fmt: skip

    def load(self) -> "Page":
        answer = self.ask("POST", "pages/")
        assert answer.status_code == 201, answer.content
        self.number = answer.json()["page"]
        return self

    def state(self) -> dict[str, Any]:
        return self.ask("GET").json()

    def link(self) -> dict[str, Any]:
        [found] = self.state()["links"]
        return found


@pytest.fixture
def call(amina: Any) -> Call:
    return make.ringing()


def test_first(call: Call, amina: Any, as_user: Any) -> None:
    caller = Page(call.legs.get()).load()
    assert caller.state()["music"] == "queue"
    leg = actions.answer(call, by=amina, at=make.NOW + timedelta(seconds=9))
    advisor = Page(leg, as_user(amina)).load()
    link = advisor.link()
    assert link["offers"]
    path = f"links/{link['link']}/rounds/1/"
    assert advisor.ask("PUT", path + "offer/", {"sdp": SDP}).status_code == 204
    assert caller.link()["offer"] == SDP
    assert caller.ask("PUT", path + "answer/", {"sdp": SDP}).status_code == 204
    assert advisor.link()["answer"] == SDP
    for page in (caller, advisor):
        said = {"kind": "connected", "link": link["link"]}
        assert page.ask("POST", "reports/", said).status_code == 204
    call.refresh_from_db()
    assert call.state == "talking"
    assert advisor.ask("POST", "departure/").status_code == 204
    assert caller.state()["music"] == "lost"
