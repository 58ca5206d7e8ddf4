"""What an advisor's page is given: a pass for ten minutes that lets nothing in, and a code of its own call."""

from typing import Any

import jwt
import pytest
from django.test import Client

from telephony import actions
from telephony.models import Call, Leg
from telephony.providers.twilio import claims, passes
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.caller import Page, Talk, Telephone

pytestmark = pytest.mark.django_db


def asked(user: Any, call: Call) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.post(f"/desk/calls/{call.pk}/coming/")


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
