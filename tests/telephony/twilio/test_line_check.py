"""The check of the public line: what is asked of Twilio, what each answer means, who is told."""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from telephony.providers.twilio.checking import asked, own, running, sentences
from telephony.providers.twilio.models import Finding, LineCheck
from telephony.simulator.state import Hooks
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import openapi_check
from tests.telephony.twilio.answers import LOST, Answers
from tests.telephony.twilio.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("line")]
HOOK = f"{c.PUBLIC}/hooks/twilio/"
DATE = make.NOW.strftime("%a, %d %b %Y %H:%M:%S GMT")


def hooks(door: str, **more: Any) -> dict[str, Any]:
    return {
        "voice_url": f"{HOOK}{door}/#rt=7000", "voice_method": "POST",
        "voice_fallback_url": "https://static.example/again.xml",
        "status_callback": f"{HOOK}status/#rt=4000&rc=3&rp=all", "status_callback_method": "POST",
        "sms_url": f"{HOOK}text/", "sms_method": "POST", **more,
    }  # fmt: skip


def number(params: Any, **more: Any) -> dict[str, Any]:
    row = {"phone_number": params["PhoneNumber"], **hooks("voice", **more)}
    return {"incoming_phone_numbers": [row]}


def countries(*, low: Any = ("MA",), dear: Any = ()) -> Any:
    def told(params: Any) -> dict[str, Any]:
        codes = low if "LowRiskNumbersEnabled" in params else dear
        return {"content": [{"iso_code": code} for code in codes], "meta": {"key": "content"}}

    return told


@pytest.fixture
def good(twilio: Answers, settings: Any) -> Answers:
    """Twilio where all is set up as it must be."""
    settings.TWILIO_WHATSAPP_TEMPLATES = {
        f"{kind}.{language}": "HX" + "0" * 32 for kind in own.KINDS for language in ("ar", "fr")
    }
    twilio.date = DATE
    twilio.bodies |= {
        "FetchAccount": {"status": "active", "type": "Full"},
        "ListIncomingPhoneNumber": number, "FetchApplication": hooks("application"),
        "ListDialingPermissionsCountry": countries(),
    }  # fmt: skip
    return twilio


def look() -> dict[str, list[str]]:
    """Codes of what was found, by line; each is a sentence in both languages."""
    found = running.look()
    assert list(found)
    assert set(found) <= set(running.ORDER)
    for points in found.values():
        for one in points:
            told = {"level": one.level, "says": one.says, **one.facts}
            assert all(isinstance(text, str) and "%" not in text for text in sentences.told(told))
    return {code: [one.says for one in points] for code, points in found.items()}


def test_a_line_that_is_set_up_is_green_but_for_the_prompts(good: Answers) -> None:
    assert look() == {
        "account": ["account-active"], "clock": ["clock-good"], "number": ["number-good"],
        "application": ["application-good"], "key": ["key-good"], "countries": ["countries-good"],
        "sms": ["sms-good"], "public_url": ["url-good"], "signing": ["signing-good"],
        "whatsapp": ["whatsapp-good"], "prompts": ["prompts-missing"], "recordings": ["recordings-off"],
    }  # fmt: skip
    assert good.auths == {(c.ACCOUNT, c.TOKEN), (c.API_KEY, c.API_SECRET)}
    assert {name for name, _last, _data in good.asked} == set(good.bodies) - {"ListConference"}


WRONG: dict[str, tuple[str, Any, str, list[str]]] = {
    "a wrong token": ("refuses", {"FetchAccount": 401}, "account", ["credentials-refused"]),
    "a closed account": ("FetchAccount", {"status": "suspended"}, "account", ["account-not-active"]),
    "a trial": ("FetchAccount", {"status": "active", "type": "Trial"}, "account", ["account-trial"]),
    "no such number": ("ListIncomingPhoneNumber", {"incoming_phone_numbers": []}, "number",
                       ["number-not-ours"]),
    "a number of a trunk": ("ListIncomingPhoneNumber", lambda p: number(p, trunk_sid="TK1"), "number",
                            ["number-led-elsewhere"]),
    "another server": ("ListIncomingPhoneNumber", lambda p: number(p, voice_url="https://evil.example/"),
                       "number", ["voice-elsewhere"]),
    "another host that begins alike": ("ListIncomingPhoneNumber",
        lambda p: number(p, voice_url=f"{c.PUBLIC}.evil.example/hooks/twilio/voice/"), "number",
        ["voice-elsewhere"]),
    "by GET": ("ListIncomingPhoneNumber", lambda p: number(p, voice_method="GET"), "number",
               ["voice-elsewhere"]),
    "no fallback, no status": ("ListIncomingPhoneNumber",
        lambda p: number(p, voice_fallback_url="", status_callback=None), "number",
        ["no-fallback", "no-status"]),
    "no such application": ("refuses", {"FetchApplication": 404}, "application",
                            ["application-not-ours"]),
    "an application of another's": ("FetchApplication", hooks("voice"), "application",
                                    ["voice-elsewhere"]),
    "a key that is none": ("refuses", {c.API_KEY: 401}, "key", ["key-refused"]),
    "a country open": ("ListDialingPermissionsCountry", countries(low=("MA", "LV")), "countries",
                       ["countries-open"]),
    "dear numbers open elsewhere": ("ListDialingPermissionsCountry", countries(dear=("LV",)),
                                    "countries", ["countries-open"]),
    "dear numbers open here": ("ListDialingPermissionsCountry", countries(dear=("MA",)), "countries",
                               ["dear-numbers-open"]),
    "Morocco shut": ("ListDialingPermissionsCountry", countries(low=()), "countries",
                     ["country-shut"]),
    "texts elsewhere": ("ListIncomingPhoneNumber", lambda p: number(p, sms_url=""), "sms",
                        ["sms-elsewhere"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(name: str, good: Answers) -> None:
    what, answer, line, says = WRONG[name]
    if what == "refuses":
        good.refuses = answer
    else:
        good.bodies[what] = answer
    assert look()[line] == says


@pytest.mark.parametrize(("seconds", "says", "level"), [
    (0, "clock-good", "green"), (9, "clock-good", "green"), (-40, "clock-off", "amber"),
    (59, "clock-off", "amber"), (62, "clock-off", "red"), (-70, "clock-off", "red"),
])  # fmt: skip
def test_our_clock_against_twilios(seconds: int, says: str, level: str) -> None:
    date = (make.NOW + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    found = asked.clock(date, make.NOW, make.NOW)
    assert (found.says, found.level) == (says, level)


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 99 Nov 2026 10:00:00 GMT"])
def test_a_time_that_is_none(date: str) -> None:
    assert asked.clock(date, make.NOW, make.NOW).says == "clock-untold"


@pytest.mark.parametrize(("url", "says"), [
    ("http://wasl.example", "url-no-https"), ("https://localhost", "url-not-public"),
    ("https://10.0.0.5", "url-not-public"), ("https://centre.local", "url-not-public"),
    ("https://wasl.example/x", "url-too-long"), ("https://wasl.example", "url-good"),
])  # fmt: skip
def test_our_address(url: str, says: str, settings: Any) -> None:
    settings.PUBLIC_URL = url
    assert own.public_url()[0].says == says


def test_what_is_set_here(settings: Any) -> None:
    settings.TWILIO_SIGNING_KEYS = {}
    assert own.signing()[0].says == "signing-token"
    settings.TWILIO_SIGNING_KEYS = {"a": "short"}
    assert own.signing()[0].says == "signing-short"
    settings.TWILIO_SIGNING_KEYS = dict.fromkeys("abc", "x" * 20)
    assert own.signing()[0].says == "signing-many"
    settings.TWILIO_WHATSAPP_TEMPLATES = {"answer-given.fr": "HX1"}
    assert own.whatsapp()[0].says == "whatsapp-bad-template"
    settings.TWILIO_WHATSAPP_TEMPLATES = {"answer-given.fr": "HX" + "0" * 32}
    assert "answer-given.ar" in own.whatsapp()[0].facts["names"]
    settings.TWILIO_WHATSAPP_FROM = settings.TWILIO_SMS_FROM = ""
    assert own.whatsapp()[0].level == "off"


@pytest.mark.parametrize("answer", [LOST, 500, 429])
def test_where_twilio_does_not_answer_nobody_waits_for_the_rest(answer: Any, good: Answers) -> None:
    good.next = [200, answer]
    found = look()
    assert found["account"] == ["account-active"]
    assert found["number"] == found["countries"] == found["sms"] == ["not-answered"]
    assert len(good.asked) == 2
    assert found["public_url"] == ["url-good"]


# --- when, and who is told --------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has just begun."""
    monkeypatch.setattr(running, "_started", set())


def at(seconds: float) -> Any:
    return make.NOW + timedelta(seconds=seconds)


def test_it_is_done_at_the_start_each_hour_when_wanted_and_after_a_change(
    good: Answers, settings: Any
) -> None:
    assert running.check_due(at=at(0)) == 12
    assert running.check_due(at=at(5)) == 0
    running.want(at=at(6))
    assert running.check_due(at=at(10)) == 12
    assert running.check_due(at=at(15)) == 0
    assert running.check_due(at=at(3700)) == 12
    settings.TWILIO_NUMBER = "+212522000009"
    assert running.check_due(at=at(3705)) == 12
    assert running.check_due(at=at(3710)) == 0
    running._started.clear()  # another process begins
    assert running.check_due(at=at(3715)) == 12
    assert Finding.objects.count() == 12


def test_two_processes_do_it_once_and_a_killed_one_leaves_it(good: Answers) -> None:
    LineCheck.objects.create(pk=1, begun_at=at(0))
    assert running.check_due(at=at(30)) == 0
    assert running.check_due(at=at(121)) == 12


def test_nothing_is_asked_where_the_line_is_off(good: Answers, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    assert running.check_due(at=at(0)) == 0
    assert good.asked == []


def test_since_when_a_line_is_wrong_is_kept(good: Answers) -> None:
    good.bodies["FetchApplication"] = hooks("voice")
    running.check_due(at=at(0))
    running.want(at=at(1))
    running.check_due(at=at(60))
    row = Finding.objects.get(code="application")
    assert (row.since, row.found_at) == (at(0), at(60))


def test_a_red_line_is_told_in_the_log_and_on_an_administrators_pages(
    good: Answers, client: Client, administrator: Any, caplog: Any, amina: Any
) -> None:
    good.bodies["ListDialingPermissionsCountry"] = countries(low=("MA", "LV"))
    with caplog.at_level(logging.ERROR, "wasl.line"):
        running.check_due(at=at(0))
    assert [record.kind for record in caplog.records] == ["countries"]
    for user, told in ((administrator, True), (amina, False)):
        client.force_login(user)
        page = client.get("/desk/me/").content.decode()
        assert ("alert bad dn" in page) is told
    client.force_login(administrator)
    page = client.get("/desk/line-check/").content.decode()
    assert "LV" in page
    good.bodies["ListDialingPermissionsCountry"] = countries()
    with time_machine.travel(at(2), tick=False):
        client.post("/desk/line-check/")
        assert "data-poll" in client.get("/desk/line-check/").content.decode()
    running.check_due(at=at(5))
    assert "data-poll" not in client.get("/desk/line-check/").content.decode()
    assert "alert bad dn" not in client.get("/desk/me/").content.decode()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_page_asks_twilio(
    language: str, good: Answers, client: Client, administrator: Any
) -> None:
    administrator.language = language
    administrator.save()
    client.force_login(administrator)
    client.post("/desk/line-check/")
    assert client.get("/desk/line-check/").status_code == 200
    assert good.asked == []


# --- the simulated network --------------------------------------------------------------------------


def test_the_simulated_network_answers_as_it_is_described(
    line: Any, monkeypatch: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    world, _desk = build([], monkeypatch, seed=1)
    account = world.account
    account.countries = frozenset({"MA", "LV"})
    account.dear = frozenset({"MA"})
    found = look()
    assert found["countries"] == ["countries-open", "dear-numbers-open"]
    assert found["number"] == found["application"] == ["no-fallback"]
    assert (found["key"], found["clock"]) == (["key-good"], ["clock-good"])
    account.numbers[c.OUR_NUMBER] = Hooks("https://evil.example/", status="")
    account.keys.clear()
    found = look()
    assert found["number"] == ["voice-elsewhere", "no-fallback", "no-status"]
    assert found["key"] == ["key-refused"]
    account.countries, account.dear = frozenset({"MA"}), frozenset()
    assert look()["countries"] == ["countries-good"]


def test_what_the_simulator_tells_of_countries_has_the_described_shape(
    line: Any, monkeypatch: Any
) -> None:
    from telephony.providers.twilio.account import account
    from telephony.providers.twilio.client import Rest

    build([], monkeypatch, seed=1)
    ours = account()
    assert ours
    told, _date = Rest(ours).read(f"{openapi_check.VOICE}/v1/DialingPermissions/Countries")
    path = openapi_check.by_hand()["paths"]["/v1/DialingPermissions/Countries"]["get"]
    schema = path["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(schema["required"]) <= set(told)
    row = schema["properties"]["content"]["items"]
    for one in told["content"]:
        assert set(one) == set(row["required"])
        for name in set(one) - {"links"}:
            openapi_check._value(name, row["properties"][name], one[name])
