"""The way in: what a door refuses, whatever stands behind it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import path as route

from telephony.providers.twilio import doors, fields
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.forging import FORGED, OF_A_CALLER, OF_A_VOICE, Post

PATH = "/door/"
passed: list[fields.Said] = []


@doors.signed(fields.KEYS)
def door(said: fields.Said) -> HttpResponse:
    passed.append(said)
    return HttpResponse(status=204)


urlpatterns = [route("door/", door)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _open(settings: Any) -> Iterator[None]:
    c.switch_on(settings)
    doors.refused.clear()
    passed.clear()
    yield
    passed.clear()


def sent(**more: str) -> dict[str, str]:
    return c.of_call(Digits="1", **more)


@pytest.mark.parametrize("shared", [False, True])
def test_what_is_signed_passes(shared: bool) -> None:
    more = {"FromCity": "مراكش", "CallerName": "Thé & café = 2 €", "Empty": ""}
    assert c.Carrier().post(PATH, sent(**more), shared=shared).status_code == 204
    assert passed[0]["Digits"] == "1"
    assert not doors.refused


def test_the_host_a_request_names_says_nothing() -> None:
    """Behind a proxy it is another: the address is the configured one."""
    carrier = c.Carrier()
    headers = {**carrier.headers(PATH, sent().items()), "Host": "localhost"}
    assert carrier.post(PATH, sent(), headers=headers).status_code == 204


CASES: dict[str, Post] = FORGED | OF_A_VOICE | OF_A_CALLER


@pytest.mark.parametrize("name", CASES)
def test_what_is_forged_is_refused_and_counted(name: str) -> None:
    assert CASES[name](c.Carrier(), PATH, sent()).status_code == 403
    assert passed == []
    assert sum(doors.refused.values()) == 1


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    "cut",
    [
        {"Digits1": ""}, {"Digit": "s1"}, {"D": "igits1"}, {"Digits": "1Directioninbound"},
    ],
)  # fmt: skip
def test_a_key_cannot_be_cut_out_of_a_request(cut: dict[str, str]) -> None:
    """All of these have the signature of the whole one."""
    carrier, whole = c.Carrier(), sent()
    headers = carrier.headers(PATH, whole.items())
    changed = {k: v for k, v in whole.items() if k not in ("Digits", "Direction")} | cut
    if "inbound" not in "".join(cut.values()):
        changed["Direction"] = "inbound"
    assert c.signature(c.PUBLIC + PATH, changed.items()) == headers["X-Twilio-Signature"]
    assert carrier.post(PATH, changed, headers=headers).status_code == 403


@pytest.mark.parametrize("left_out", ["TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID"])
@pytest.mark.parametrize("shared", [False, True])
def test_without_a_token_or_an_account_the_door_is_closed(
    settings: Any, left_out: str, shared: bool
) -> None:
    setattr(settings, left_out, "")
    secret = c.SHARED if shared else settings.TWILIO_AUTH_TOKEN
    answer = c.Carrier().post(PATH, sent(), shared=shared, secret=secret)
    assert (answer.status_code, doors.refused) == (403, {"closed": 1})


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_nothing_but_a_post_comes_in(method: str) -> None:
    assert getattr(c.Carrier().client, method)(PATH).status_code == 405
