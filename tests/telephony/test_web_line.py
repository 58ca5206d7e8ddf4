"""The web line: links follow the legs, endpoints refuse what is stale or forged, relays get credentials."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.live import pace
from telephony import actions
from telephony.facts import Why
from telephony.models import Call, Leg
from telephony.providers.web import servers
from telephony.providers.web.actions import open_leg
from telephony.providers.web.models import Description, LinePage, Link
from tests import make

pytestmark = pytest.mark.django_db
SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"


def later(seconds: float) -> datetime:
    return make.NOW + timedelta(seconds=seconds)


class Page:
    """A page that speaks for a leg."""

    def __init__(self, leg: Leg, client: Client | None = None) -> None:
        self.leg, self.client = leg, client or Client()
        self.base = f"/desk/calls/{leg.call_id}/line/" if leg.user_id else "/call/line/"
        self.header, self.number = open_leg(leg), 0

    def ask(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        sent = body if isinstance(body, str | bytes) else json.dumps(body) if body else ""
        return self.client.generic(
            method, self.base + path, sent, "application/json",
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

    def describe(self, side: str, *, round_: int = 1, sdp: Any = SDP, link: int = 0) -> int:
        key = link or self.link()["link"]
        path = f"links/{key}/rounds/{round_}/{side}/"
        return int(self.ask("PUT", path, {"sdp": sdp}).status_code)

    def report(self, kind: str, **more: Any) -> int:
        said = {"kind": kind, "link": self.link()["link"], **more}
        return int(self.ask("POST", "reports/", said).status_code)


@pytest.fixture(autouse=True)
def _fresh_pace() -> None:
    pace.forget()


@pytest.fixture
def call(amina: Any) -> Call:
    return make.ringing()


@pytest.fixture
def caller(call: Call) -> Page:
    return Page(call.legs.get()).load()


@pytest.fixture
def advisor(call: Call, caller: Page, amina: Any, as_user: Any) -> Page:
    return Page(actions.answer(call, by=amina, at=later(9)), as_user(amina)).load()


def talking(caller: Page, advisor: Page) -> Call:
    """Both voices are there."""
    assert (advisor.describe("offer"), caller.describe("answer")) == (204, 204)
    assert (advisor.report("connected"), caller.report("connected")) == (204, 204)
    caller.leg.call.refresh_from_db()
    return caller.leg.call


# --- a call ------------------------------------------------------------------------------------


def test_a_caller_waits_with_music_and_no_link(caller: Page) -> None:
    said = caller.state()
    assert (said["links"], said["music"], said["call"]["state"]) == ([], "queue", "waiting")
    assert said["me"]["role"] == "caller"


def test_the_newcomer_offers_and_both_are_joined(caller: Page, advisor: Page) -> None:
    assert advisor.link()["offers"]
    assert not caller.link()["offers"]
    assert advisor.describe("offer") == 204
    assert caller.link()["offer"] == SDP
    assert caller.describe("answer") == 204
    assert advisor.link()["answer"] == SDP
    assert talking(caller, advisor).state == "talking"
    assert caller.state()["music"] == ""


def test_nothing_new_is_304(caller: Page) -> None:
    tag = caller.ask("GET")["ETag"]
    again = caller.ask("GET", **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    actions.noting.moved(caller.leg.call)
    assert caller.ask("GET", **{"If-None-Match": tag}).status_code == 200


def test_an_end_closes_links_and_forgets_addresses(caller: Page, advisor: Page) -> None:
    call = talking(caller, advisor)
    assert Description.objects.count() == 2
    actions.end(advisor.leg, at=later(60))
    assert not Description.objects.exists()
    assert not Link.objects.open().exists()
    for page in (caller, advisor):
        said = page.state()
        assert (said["call"]["live"], said["me"]["here"], said["links"]) == (False, False, [])
    call.refresh_from_db()
    assert call.state == "wrap-up"


def test_a_reload_takes_over_with_links_anew(caller: Page, advisor: Page) -> None:
    talking(caller, advisor)
    old, number = caller.link()["link"], caller.number
    caller.load()
    assert caller.number == number + 1
    link = caller.link()
    assert link["link"] != old
    assert link["offers"]
    assert not Description.objects.exists()
    assert not advisor.link()["offers"]


def test_the_older_page_is_told(caller: Page, advisor: Page) -> None:
    older, link = Page(caller.leg), caller.link()["link"]
    older.number = caller.number
    caller.load()
    assert older.ask("GET").status_code == 409
    assert older.describe("answer", link=link) == 409
    assert older.ask("POST", "departure/").status_code == 409
    caller.leg.refresh_from_db()
    assert caller.leg.silent_since is None


def test_one_description_a_side_and_round(caller: Page, advisor: Page) -> None:
    assert advisor.describe("offer") == 204
    assert advisor.describe("offer", sdp=SDP + "a=again\r\n") == 204
    assert caller.link()["offer"] == SDP
    assert caller.describe("offer") == 409, "the other side's"
    assert caller.describe("answer", round_=2) == 409
    assert advisor.describe("offer", link=10**6) == 409


def test_both_ask_for_a_round_and_one_wins(caller: Page, advisor: Page) -> None:
    talking(caller, advisor)
    path = f"links/{advisor.link()['link']}/rounds/"
    for page in (advisor, caller, advisor):
        assert page.ask("POST", path, {"after": 1}).json() == {"round": 2}
    link = caller.link()
    assert (link["round"], link["offer"], link["answer"]) == (2, None, None)
    assert caller.describe("answer", round_=1) == 409
    assert advisor.describe("offer", round_=2) == 204


def test_the_caller_is_told_of_nobody_who_listens(
    caller: Page, advisor: Page, brahim: Any, as_user: Any
) -> None:
    call = talking(caller, advisor)
    Page(actions.listen(call, by=brahim, at=later(20)), as_user(brahim)).load()
    assert {leg["role"] for leg in caller.state()["legs"]} == {"caller", "advisor"}
    assert {leg["role"] for leg in advisor.state()["legs"]} == {"caller", "advisor", "supervisor"}
    assert "Brahim" not in json.dumps(caller.state())
    assert Link.objects.open().count() == 2


def test_a_warm_transfer(
    caller: Page, advisor: Page, senior: Any, as_user: Any
) -> None:  # fmt: skip
    call = talking(caller, advisor)
    asked = actions.consult(advisor.leg, to=senior, at=later(20))
    assert Link.objects.open().count() == 1
    actions.accept(asked, at=later(21))
    second = Page(asked, as_user(senior)).load()
    purposes = sorted(link["purpose"] for link in second.state()["links"])
    assert purposes == ["consult", "talk"]
    ready = Link.objects.open().get(offerer=asked, answerer=caller.leg)
    actions.hand_over(advisor.leg, at=later(30))
    [link] = caller.state()["links"]
    assert (link["link"], link["leg"]) == (ready.pk, asked.pk), "the one that was made meanwhile"
    assert (link["hear"], link["microphone"]) == (True, True)
    assert call.events.get(kind="released").turn == 1
    assert second.report("connected") == caller.report("connected") == 204
    call.refresh_from_db()
    assert (call.state, call.turn) == ("talking", 2)
    assert advisor.state()["me"]["here"] is False


def test_back_in_line(caller: Page, advisor: Page, amina: Any) -> None:
    call = talking(caller, advisor)
    actions.give_back(call, why=Why.TRANSFER, at=later(30), by=amina)
    said = caller.state()
    assert (said["links"], said["music"]) == ([], "queue")


# --- silence ---------------------------------------------------------------------------------------


def test_a_page_left_is_silent_until_it_is_heard_of(caller: Page, advisor: Page) -> None:
    talking(caller, advisor)
    assert advisor.ask("POST", "departure/").status_code == 204
    assert caller.state()["music"] == "lost"
    advisor.load()
    assert caller.state()["music"] == ""


def test_no_packets_and_packets(caller: Page, advisor: Page) -> None:
    call = talking(caller, advisor)
    assert caller.report("no-packets") == 204
    assert caller.state()["music"] == "lost"
    assert caller.report("packets") == 204
    assert caller.state()["music"] == ""
    assert caller.report("no-packets") == 204
    caller.ask("GET", f"?hears={advisor.leg.pk}")
    advisor.leg.refresh_from_db()
    assert advisor.leg.silent_since is None
    assert call.timers.filter(kind="advisor", done_at=None).exists()


def test_quality_is_kept(caller: Page, advisor: Page) -> None:
    talking(caller, advisor)
    figures = {"level": "fair", "rtt": 0.31, "jitter": 0.01, "concealed": 0.04}
    assert caller.report("quality", **figures) == 204
    assert Link.objects.get().quality == figures


# --- who may ------------------------------------------------------------------------------------------


def test_forged_and_foreign_legs(
    call: Call, caller: Page, advisor: Page, brahim: Any, as_user: Any
) -> None:
    code, _dot, secret = caller.header.partition(".")
    other = make.ringing()
    forged = [
        "", ".", code, f"{code}.", f"{code}.x", f"{code}.{secret[:-1]}", f"{other.code}.{secret}",
        f"{code}.{secret}é", f"{'a' * 30}.{secret}", advisor.header,
    ]  # fmt: skip
    for header in forged:
        answer = caller.ask("GET", **{"X-Wasl-Leg": header.encode().decode("latin-1")})
        assert (answer.status_code, answer.json()) == (403, {"problem": "forbidden"}), header
    as_brahim = Page(advisor.leg, as_user(brahim))
    assert as_brahim.ask("GET").status_code == 403
    advisor.base = f"/desk/calls/{other.pk}/line/"
    assert advisor.ask("GET").status_code == 403
    caller.base = f"/desk/calls/{call.pk}/line/"
    assert caller.ask("GET").status_code == 302, "nobody is signed in"


def test_many_forged_ones_are_slowed(caller: Page) -> None:
    codes = {caller.ask("GET", **{"X-Wasl-Leg": "a.b"}).status_code for _ in range(70)}
    assert codes == {403, 429}
    assert caller.ask("GET").status_code == 200, "others at the same address go on"


def test_the_secret_is_stored_hashed_and_stays_the_same(caller: Page) -> None:
    row = LinePage.objects.get(leg=caller.leg)
    assert open_leg(caller.leg) == caller.header
    assert row.secret == hashlib.sha256(caller.header.partition(".")[2].encode()).hexdigest()


BODIES = [
    b"", b"[]", b"{", b"null", b'"x"', b"\xff\xfe", b"[" * 30_000, b'{"sdp": ' + b"9" * 6000 + b"}",
    b'{"sdp": 5}', b'{"sdp": "x"}', b'{"sdp": "v=0\\r\\n\\u0000"}', b'{"sdp": "v=0\\r\\n\\ud800"}',
    b'{"kind": ["connected"]}', b'{"kind": "quality", "level": "good", "rtt": NaN}',
    b'{"kind": "connected", "link": 1e400}', b'{"kind": "connected", "link": true}',
    b'{"kind": "quality", "level": {}, "link": 1}', b'{"after": -1}', b'{"after": "1"}',
    b'{"after": 99999999999999999999}',
]  # fmt: skip


def test_bodies_that_make_no_sense(caller: Page, advisor: Page) -> None:
    before = Link.objects.values_list("pk", "round", "quality")
    link = advisor.link()["link"]
    for body in BODIES:
        for method, path in (
            ("PUT", f"links/{link}/rounds/1/offer/"),
            ("POST", f"links/{link}/rounds/"),
            ("POST", "reports/"),
        ):
            code = advisor.ask(method, path, body).status_code
            assert code in (200, 400, 409, 413), (path, body[:40], code)
    for name in ("x", "-1", "1e3", "٣", "9" * 5000):
        answer = advisor.ask("GET", **{"X-Wasl-Page": name.encode().decode("latin-1")})
        assert answer.status_code == 400
        assert advisor.ask("GET", f"?hears={name}").status_code == 400
    assert list(before) == list(Link.objects.values_list("pk", "round", "quality"))
    assert not Description.objects.exists()


def test_too_long(advisor: Page) -> None:
    assert advisor.describe("offer", sdp=SDP + "a" * 16_400) == 413
    assert advisor.describe("offer", sdp=SDP + "a" * 40_000) == 413
    form = advisor.client.post(
        advisor.base + "reports/", {"kind": "connected"}, headers={"X-Wasl-Leg": advisor.header}
    )
    assert form.status_code == 400
    assert not Description.objects.exists()


def test_methods(caller: Page) -> None:
    assert caller.ask("DELETE").status_code == 405
    assert caller.ask("GET", "pages/").status_code == 405
    assert caller.ask("POST", "links/1/rounds/1/offer/").status_code == 405


# --- the way between browsers ------------------------------------------------------------------------


def test_no_servers_on_a_local_network(caller: Page) -> None:
    said = caller.ask("GET", "servers/").json()
    assert (said["iceServers"], said["iceTransportPolicy"]) == ([], "all")


def test_relay_credentials_hold_for_a_time(caller: Page, settings: Any) -> None:
    settings.ICE_URLS, settings.TURN_URLS = ["stun:s:3478"], ["turn:r:3478"]
    settings.TURN_SECRET, settings.TURN_LIFETIME, settings.RELAY_ONLY = "geheim", 600, True
    said = servers.ice(at=make.NOW)
    stun, turn = said["iceServers"]
    assert (stun, turn["urls"]) == ({"urls": ["stun:s:3478"]}, ["turn:r:3478"])
    until, _colon, chance = turn["username"].partition(":")
    assert (int(until), len(chance)) == (int(make.NOW.timestamp()) + 600, 16)
    made = hmac.new(b"geheim", turn["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(turn["credential"]) == made
    assert said["iceTransportPolicy"] == "relay"
    assert "geheim" not in caller.ask("GET", "servers/").content.decode()
