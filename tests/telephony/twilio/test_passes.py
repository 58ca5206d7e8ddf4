"""What an advisor's page is given: a pass for ten minutes that lets nothing in, and a code of its own call."""

import math
import re
import wave
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import time_machine
from django.test import Client

from helpdesk.queues.models import Presence
from telephony import actions
from telephony.models import Call, Leg
from telephony.providers.twilio import claims, passes
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.caller import Page, Talk, Telephone

pytestmark = pytest.mark.django_db


def asked(user: Any, call: Call, **said: str) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.post(f"/desk/calls/{call.pk}/coming/", said)


def test_a_page_comes_in_by_what_it_is_given(waiting: Telephone, leg: Leg) -> None:
    answer = asked(leg.user, leg.call)
    assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (200, 1)
    given = answer.json()
    root = Page(leg).connects(given["claim"])
    assert root.find("Dial/Conference") is not None
    told = jwt.decode(given["pass"], c.API_SECRET, algorithms=["HS256"])
    assert (told["iss"], told["sub"]) == (c.API_KEY, c.ACCOUNT)
    assert (
        told["exp"]
        == int(make.NOW.timestamp()) + 600
        == int(make.NOW.timestamp()) + given["seconds"]
    )
    assert told["grants"] == {
        "identity": claims.identity(leg.user),
        "voice": {"outgoing": {"application_sid": c.APP}},
    }


def test_nothing_of_a_person_stands_in_a_pass(leg: Leg) -> None:
    told = str(jwt.decode(passes.pass_for(leg.user), options={"verify_signature": False}))
    for word in (leg.user.username, leg.user.name_fr, c.CALLER[-9:]):
        assert word not in told


def test_only_who_is_in_the_call_is_given_anything(
    talk: Talk, senior: Any, brahim: Any, chama: Any
) -> None:
    assert asked(senior, talk.call).status_code == 404
    assert asked(brahim, talk.call).status_code == 404
    assert asked(chama, talk.call).status_code == 403
    actions.listen(talk.call, by=brahim, at=make.NOW)
    assert asked(brahim, talk.call).status_code == 200
    assert Client().post(f"/desk/calls/{talk.call.pk}/coming/").status_code == 302


def test_after_the_end_nothing_is_given(talk: Talk) -> None:
    actions.end(talk.leg, at=make.NOW)
    assert asked(talk.leg.user, talk.call).status_code == 404


def test_a_call_of_another_line_has_no_pass(line: None, amina: Any) -> None:
    call = make.ringing()
    actions.answer(call, by=amina, at=make.NOW)
    assert asked(amina, call).status_code == 404


@pytest.mark.parametrize(
    "name", ["TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_APP_SID"]
)
def test_without_key_or_application_there_is_none(leg: Leg, settings: Any, name: str) -> None:
    setattr(settings, name, "")
    assert asked(leg.user, leg.call).status_code == 503


# --- a pass that follows another -------------------------------------------------------------------------


def renewed(user: Any) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.post("/desk/calls/pass/")


def test_who_is_in_a_call_or_at_the_desk_is_given_the_next(
    talk: Talk, senior: Any, brahim: Any, chama: Any
) -> None:
    given = renewed(talk.leg.user).json()
    assert given["seconds"] == 600
    assert "claim" not in given
    told = jwt.decode(given["pass"], c.API_SECRET, algorithms=["HS256"])
    assert told["grants"]["identity"] == claims.identity(talk.leg.user)
    for user, state, seen, status in (
        (senior, "free", 10, 200), (brahim, "break", 10, 200), (senior, "away", 10, 403),
        (senior, "free", 90, 403), (chama, "free", 10, 403),
    ):  # fmt: skip
        at = make.NOW - timedelta(seconds=seen)
        Presence.objects.update_or_create(
            user=user, defaults={"state": state, "since": at, "seen_at": at}
        )
        assert renewed(user).status_code == status, (user, state, seen)
    assert Client().post("/desk/calls/pass/").status_code == 302


def test_while_the_line_is_off_there_is_no_next(leg: Leg, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    assert renewed(leg.user).status_code == 404


# --- one page speaks -----------------------------------------------------------------------------------


def test_a_page_whose_place_another_took_is_told_so(waiting: Telephone, leg: Leg) -> None:
    first = asked(leg.user, leg.call).json()["claim"]
    assert asked(leg.user, leg.call, after=first).status_code == 200
    Page(leg).comes(first)
    assert asked(leg.user, leg.call, after=first).status_code == 200
    with time_machine.travel(make.NOW + timedelta(seconds=2), tick=False):
        second = asked(leg.user, leg.call).json()["claim"]
        Page(leg).comes(second)
        answer = asked(leg.user, leg.call, after=first)
        assert (answer.status_code, answer.json()) == (409, {"problem": "elsewhere"})
        assert asked(leg.user, leg.call, after=second).status_code == 200
        assert asked(leg.user, leg.call, after="1-2-3-4").status_code == 200


# --- what the page is given ------------------------------------------------------------------------------


def connects_to(answer: Any) -> str:
    parts = answer["Content-Security-Policy"].split("; ")
    return next(part for part in parts if part.startswith("connect-src"))


def opened(user: Any, path: str) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(path)
    assert answer.status_code == 200
    return answer


def test_only_a_page_of_such_a_call_loads_it_and_speaks_outside(talk: Talk, settings: Any) -> None:
    card = opened(talk.leg.user, f"/desk/calls/{talk.call.pk}/")
    assert connects_to(card).endswith(" wss://voice-js.roaming.twilio.com")
    assert b"twilio.min.js" in card.content
    assert b"https://" not in re.sub(rb'<a [^>]*href="[^"]*"', b"", card.content)
    desk = opened(talk.leg.user, "/desk/")
    assert b"twilio" not in desk.content
    assert "twilio" not in desk["Content-Security-Policy"]
    settings.TWILIO_VOICE_HOST = "localhost:9443"
    card = opened(talk.leg.user, f"/desk/calls/{talk.call.pk}/")
    assert connects_to(card).endswith(" wss://localhost:9443")
    settings.SIMULATED, settings.TWILIO_VOICE_HOST = True, ""
    card = opened(talk.leg.user, f"/desk/calls/{talk.call.pk}/")
    assert b"twilio.min.js" not in card.content
    assert "wss" not in card["Content-Security-Policy"]
    settings.TWILIO_AUTH_TOKEN = ""
    card = opened(talk.leg.user, f"/desk/calls/{talk.call.pk}/")
    assert b"twilio" not in card.content
    assert "wss" not in card["Content-Security-Policy"]


def test_a_call_between_browsers_loads_nothing_of_it(line: None, amina: Any) -> None:
    call = make.ringing()
    actions.answer(call, by=amina, at=make.NOW)
    card = opened(amina, f"/desk/calls/{call.pk}/")
    assert b"twilio" not in card.content
    assert "twilio" not in card["Content-Security-Policy"]


TONES = Path(passes.__file__).parent / "static" / "twilio" / "tones"
LOW, HIGH, KEYS = (697, 770, 852, 941), (1209, 1336, 1477), ("123", "456", "789", "*0#")


def strength(samples: bytes, tone: int, rate: int) -> float:
    """Of one frequency, by correlation."""
    turns = [2 * math.pi * tone * n / rate for n in range(len(samples))]
    real = sum((s - 128) * math.cos(t) for s, t in zip(samples, turns, strict=True))
    imaginary = sum((s - 128) * math.sin(t) for s, t in zip(samples, turns, strict=True))
    return math.hypot(real, imaginary) / len(samples)


@pytest.mark.parametrize("key", "".join(KEYS))
def test_the_sound_of_a_key_is_its_own(key: str) -> None:
    name = {"*": "star", "#": "hash"}.get(key, key)
    with wave.open(str(TONES / f"{name}.wav")) as sound:
        samples, rate = sound.readframes(sound.getnframes()), sound.getframerate()
    found = sorted(LOW + HIGH, key=lambda tone: strength(samples, tone, rate))[-2:]
    row = next(n for n, keys in enumerate(KEYS) if key in keys)
    assert set(found) == {LOW[row], HIGH[KEYS[row].index(key)]}
