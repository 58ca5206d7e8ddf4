"""The check of our requests refuses what Twilio would."""

import hashlib
from typing import Any

import pytest

from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import openapi_check as o

BASE = f"{o.HOST}/2010-04-01/Accounts/{c.ACCOUNT}"
CALL, QUEUE, ROOM = c.sid("CA"), c.sid("QU"), c.sid("CF")
MEMBER = f"{BASE}/Queues/{QUEUE}/Members/{CALL}.json"
PARTICIPANTS = f"{BASE}/Conferences/{ROOM}/Participants.json"
URL = "https://wasl.example/x/#rt=7000"
DIAL = {"From": c.OUR_NUMBER, "To": c.CALLER}
GOOD: list[tuple[str, str, Any]] = [
    ("POST", MEMBER, {"Url": URL, "Method": "POST"}),
    ("POST", f"{BASE}/Calls/{CALL}.json", {"Status": "completed"}),
    ("DELETE", f"{BASE}/Recordings/{c.sid('RE')}.json", {}),
    ("POST", PARTICIPANTS, {**DIAL, "StatusCallbackEvent": ["answered", "completed"]}),
    ("POST", f"{BASE}/Conferences/{ROOM}/Participants/{CALL}.json", {"Hold": True}),
]
BAD: dict[str, tuple[str, str, Any]] = {
    "another host": ("POST", MEMBER.replace("api.", "evil."), {"Url": URL}),
    "http": ("POST", MEMBER.replace("https", "http"), {"Url": URL}),
    "no such address": ("POST", f"{BASE}/Callz.json", {}),
    "no such method": ("DELETE", MEMBER, {}),
    "a bad id": ("POST", f"{BASE}/Calls/CA1.json", {"Status": "completed"}),
    "an id of another kind": ("POST", f"{BASE}/Calls/{QUEUE}.json", {"Status": "completed"}),
    "missing": ("POST", MEMBER, {"Method": "POST"}),
    "unknown": ("POST", MEMBER, {"Url": URL, "Urls": "x"}),
    "no value of the list": ("POST", MEMBER, {"Url": URL, "Method": "PUT"}),
    "no value of a list that is named elsewhere": ("POST", f"{BASE}/Calls/{CALL}.json", {"Status": "over"}),
    "no list": ("POST", PARTICIPANTS, {**DIAL, "StatusCallbackEvent": "answered"}),
    "a list": ("POST", MEMBER, {"Url": [URL]}),
    "no absolute address": ("POST", MEMBER, {"Url": "/x/"}),
    "no truth value": ("POST", f"{BASE}/Conferences/{ROOM}/Participants/{CALL}.json", {"Hold": "yes"}),
}  # fmt: skip


def test_the_file_is_the_one_that_was_published() -> None:
    import gzip

    digest = hashlib.sha256(gzip.decompress(o.FILE.read_bytes())).hexdigest()
    assert digest in (o.FILE.parent / "README.md").read_text()


@pytest.mark.parametrize(("method", "url", "data"), GOOD)
def test_what_twilio_takes_passes(method: str, url: str, data: Any) -> None:
    assert o.check(method, url, {}, data)


@pytest.mark.parametrize("name", BAD)
def test_what_twilio_refuses_does_not(name: str) -> None:
    method, url, data = BAD[name]
    with pytest.raises(o.Wrong):
        o.check(method, url, {}, data)


def test_fields_of_a_question_are_checked_too() -> None:
    url = f"{BASE}/Conferences.json"
    assert o.check("GET", url, {"FriendlyName": "x", "Status": "in-progress"}, {})
    for wrong in ({"Name": "x"}, {"Status": "going"}, {"PageSize": "many"}):
        with pytest.raises(o.Wrong):
            o.check("GET", url, wrong, {})
