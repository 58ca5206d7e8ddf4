"""Every address, every forgery: 403, counted, and not a row changed."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from telephony import actions, providers
from telephony.providers.twilio import doors
from telephony.providers.twilio.models import Order, Room
from tests import make
from tests.contracts.walk import routes
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.caller import ROOT, Page, Telephone
from tests.telephony.twilio.forging import FORGED, OF_A_CALLER, OF_A_VOICE, Post

pytestmark = pytest.mark.django_db
MORE = {
    "language/1/": {"Digits": "1"}, "theme/1/": {"Digits": "1"}, "closed/1/": {"Digits": "1"},
    "agree/1/": {"Digits": "1"},
    "wait/": {"QueueSid": c.sid("QU")}, "wait/keys/": {"Digits": "1"},
    "left/": {"QueueResult": "hangup"},
    "recorded/": {"RecordingSid": c.sid("RE"), "RecordingStatus": "completed"},
    "taped/1/": {"RecordingSid": c.sid("RE"), "RecordingStatus": "completed"},
    "status/": {"CallStatus": "completed"},
    "message/": {
        "RecordingUrl": f"https://api.twilio.com/Recordings/{c.sid('RE')}", "RecordingDuration": "9",
    },
    "text/": {"MessageSid": c.sid("SM"), "Body": "السلام\nعليكم", "NumMedia": "0"},
    "text/status/": {"MessageSid": c.sid("SM"), "MessageStatus": "sent"},
}  # fmt: skip
DIALLED = "dialled/label/"
SOUNDS = ("twilio:sound",)
"""Only read, and nobody's words."""
DOORS = ["voice/", *MORE, "enter/room/", "back/", "application/", "room/", DIALLED]


def digest() -> Any:
    """Every row of ours: how many, and the highest of what moves."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            found.append((model._meta.db_table, cursor.fetchall()))
    return found


def fields(door: str, telephone: Telephone, amina: Any) -> dict[str, str]:
    """What a true request there would say, and would do something with."""
    if door == "application/":
        leg = actions.answer(telephone.call, by=amina, at=make.NOW)
        return Page(leg).sent(claim=providers.of(leg.call).pass_for(leg))
    if door == "room/":
        return {
            "AccountSid": c.ACCOUNT, "CallSid": telephone.sid, "ConferenceSid": c.sid("CF"),
            "FriendlyName": "room", "From": c.CALLER, "FromCountry": "MA", "CallStatus": "completed",
            "StatusCallbackEvent": "participant-leave", "ToCountry": "MA",
        }  # fmt: skip
    if door == DIALLED:
        call = telephone.call
        room = Room.objects.create(call=call, made_at=make.NOW)
        Order.objects.create(
            call=call, room=room, kind="dial", key="dial:label", data={"label": "label"},
            made_at=make.NOW, due_at=make.NOW, done_at=make.NOW,
        )  # fmt: skip
        return telephone.sent(CallSid=c.sid("CA", 500), Direction="outbound-api")
    return telephone.sent(**MORE.get(door, {}))


def test_every_address_is_here() -> None:
    given = {"tries": 1, "name": "room", "label": "label", "pk": 1, "chosen": 1}
    ours = [one for one in routes() if one.name.startswith("twilio:") and one.name not in SOUNDS]
    told = {one.url(**{name: given[name] for name in one.args}) for one in ours}
    assert told == {ROOT + door for door in DOORS}


@pytest.mark.parametrize("door", DOORS)
def test_forged_requests_change_nothing(door: str, waiting: Telephone, amina: Any) -> None:
    sent = fields(door, waiting, amina)
    cases: dict[str, Post] = dict(FORGED)
    if not door.startswith("text/"):
        cases |= OF_A_VOICE
        cases |= {} if door in ("room/", "recorded/", "taped/1/") else OF_A_CALLER
    before, passed = digest(), []
    doors.refused.clear()
    for name, post in cases.items():
        if post(waiting.carrier, ROOT + door, sent).status_code != 403:
            passed.append(name)
    assert passed == []
    assert sum(doors.refused.values()) == len(cases) >= 50
    assert {"missing-signature", "bad-signature", "other-account", "stale", "twice"} <= set(
        doors.refused
    )
    assert digest() == before


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("door", DOORS)
def test_the_true_one_passes(door: str, shared: bool, waiting: Telephone, amina: Any) -> None:
    """Else the forged ones above would prove nothing."""
    sent = fields(door, waiting, amina)
    answer = waiting.carrier.post(ROOT + door, sent, shared=shared)
    assert answer.status_code in (200, 204)


@pytest.mark.parametrize("door", DOORS)
def test_a_true_one_repeated_changes_nothing_more(
    door: str, waiting: Telephone, amina: Any
) -> None:
    sent = fields(door, waiting, amina)
    first = waiting.carrier.post(ROOT + door, sent)
    before = digest()
    for _ in range(3):
        again = waiting.carrier.post(ROOT + door, sent)
        assert (again.status_code, len(again.content) > 0) == (
            first.status_code, len(first.content) > 0,
        )  # fmt: skip
    assert digest() == before
