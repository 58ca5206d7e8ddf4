"""A supervisor listens to a call of the public network: muted in its room, on record, seen, and by right only."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.models import Audit
from telephony import actions
from telephony.actions.listening import NotHeard
from telephony.banding import Band
from telephony.facts import State, Why
from telephony.models import Call, Leg
from telephony.providers.twilio import claims, sending
from telephony.providers.twilio.models import Room, Voice
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import twiml
from tests.telephony.twilio.answers import Answers
from tests.telephony.twilio.caller import Page, Talk, code, orders

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def wants_to_listen(client: Client, call: Call, mode: str = "listen") -> Any:
    address = reverse("telephony:supervision", args=[call.pk])
    return client.post(address, {"mode": mode}, headers=JSON)


def comes(client: Client, leg: Leg) -> tuple[Page, Any]:
    """The page asks for its code and calls with it."""
    given = client.post(f"/desk/calls/{leg.call_id}/coming/").json()
    page = Page(leg)
    return page, page.comes(given["claim"])


def test_a_supervisor_comes_in_muted_by_a_code_of_the_page(
    talk: Talk, amina: Any, brahim: Any, as_user: Any
) -> None:
    client = as_user(brahim)
    listed = client.get(reverse("telephony:under_way")).content.decode()
    assert f'id="hear-{talk.call.pk}"' in listed
    assert wants_to_listen(client, talk.call).json()["go"].endswith("/beside/")
    leg = talk.call.legs.get(user=brahim)
    page, document = comes(client, leg)
    conference = document.find("Dial/Conference")
    assert conference.text == talk.room.name
    assert (conference.attrib["muted"], conference.attrib["endConferenceOnExit"]) == (
        "true", "false",
    )  # fmt: skip
    assert "coach" not in conference.attrib
    assert not any(one in conference.attrib["participantLabel"] for one in ("Brahim", "brahim"))
    record = Audit.objects.get(act="call-listen")
    assert (record.user, record.subject_id) == (brahim, talk.call.pk)
    band = Band(talk.call, talk.leg, amina, timezone.now())
    assert [one.user for one in band.listeners] == [brahim]
    assert talk.call.state == State.TALKING
    assert orders() == [], "nobody else hears a change"
    assert page.voice.muted


@pytest.mark.parametrize("who", ["caller", "advisor"])
def test_it_ends_with_the_talk(talk: Talk, brahim: Any, as_user: Any, who: str) -> None:
    client = as_user(brahim)
    wants_to_listen(client, talk.call)
    leg = talk.call.legs.get(user=brahim)
    page, _document = comes(client, leg)
    if who == "caller":
        talk.telephone.hangs_up()
    else:
        actions.end(talk.leg, at=make.NOW)
    assert talk.call.state == State.WRAP_UP
    assert ("close", "", {}) in orders()
    leg.refresh_from_db()
    assert not leg.is_here
    page.in_room("participant-leave", talk.room)
    assert client.post(f"/desk/calls/{leg.call_id}/coming/").status_code == 404
    assert wants_to_listen(client, talk.call).status_code == 409


def test_a_code_of_before_the_end_lets_nobody_in(talk: Talk, brahim: Any) -> None:
    leg = actions.listen(talk.call, by=brahim, at=make.NOW)
    claim = code(leg)
    actions.end(leg, at=make.NOW)
    assert twiml.tags(Page(leg).connects(claim))[-1] == "Hangup"


def test_given_back_the_listener_goes_too(talk: Talk, brahim: Any) -> None:
    leg = actions.listen(talk.call, by=brahim, at=make.NOW)
    Page(leg).comes(code(leg))
    actions.give_back(talk.call, why=Why.TRANSFER, by=talk.leg.user, at=make.NOW)
    assert ("drop", "supervisor", {}) in orders()
    assert not talk.call.legs.here().exclude(role=Leg.Role.CALLER).exists()


def test_only_who_may_listen_does(talk: Talk, cast: Any, as_user: Any) -> None:
    """Seniors may, as supervisors do."""
    told = {name: wants_to_listen(as_user(who), talk.call).status_code
            for name, who in cast.items() if name not in ("brahim", "senior")}  # fmt: skip
    assert told.pop("visitor") == 302
    assert set(told.values()) == {403}, told
    assert not talk.call.legs.filter(role=Leg.Role.SUPERVISOR).exists()
    assert not Audit.objects.filter(act__startswith="call-").exists()
    far = make.user("supervises elsewhere", "supervisor", of=make.other_team())
    assert wants_to_listen(as_user(far), talk.call).status_code == 404


def test_a_line_that_lets_nobody_in_offers_nothing(amina: Any, brahim: Any, as_user: Any) -> None:
    call = make.ringing("سؤال", line=Call.Line.HOOK, at=timezone.now())
    leg = actions.answer(call, by=amina, at=timezone.now())
    for one in (leg, call.legs.get(role=Leg.Role.CALLER)):
        actions.joined(one, at=timezone.now())
    client = as_user(brahim)
    listed = client.get(reverse("telephony:under_way")).content.decode()
    assert call.ticket.reference in listed
    assert "hear-" not in listed
    refused = wants_to_listen(client, call)
    assert (refused.status_code, refused.json()["said"]) == (409, str(NotHeard()))
    assert not Audit.objects.filter(act__startswith="call-").exists()


def test_a_room_of_which_nothing_was_told_is_closed_by_its_name(
    talk: Talk, brahim: Any, twilio: Answers
) -> None:
    """Every event of it was lost: whoever listens would sit in it for ever."""
    leg = actions.listen(talk.call, by=brahim, at=make.NOW)
    Page(leg).comes(code(leg))
    Room.objects.update(sid="")
    assert Voice.objects.get(leg=leg).is_in
    twilio.bodies["ListConference"] = {"conferences": [
        {"sid": c.sid("CF", 8), "status": "completed"}, {"sid": c.sid("CF", 7), "status": "init"},
    ]}  # fmt: skip
    actions.end(talk.leg, at=make.NOW)
    sending.send_due(at=make.NOW)
    assert ("UpdateConference", c.sid("CF", 7), {"Status": "completed"}) in twilio.asked


def leads_nowhere(page: Page, claim: str) -> bool:
    root = page.connects(claim)
    return root.find("Dial") is None and root[-1].tag == "Hangup"


def test_a_listeners_code_is_theirs_and_opens_once(talk: Talk, brahim: Any, senior: Any) -> None:
    leg = actions.listen(talk.call, by=brahim, at=make.NOW)
    claim = code(leg)
    other = Page(leg)
    for name in (claims.identity(senior), claims.identity(talk.leg.user), ""):
        other.fields["From"] = f"client:{name}"
        assert leads_nowhere(other, claim)
    assert not Voice.objects.filter(leg=leg).exists()
    page = Page(leg)
    first = page.connects(claim).find("Dial/Conference").attrib
    assert page.connects(claim).find("Dial/Conference").attrib == first, "asked again"
    assert leads_nowhere(Page(leg), claim), "another voice by a code that was used"
    assert Voice.objects.filter(leg=leg).count() == 1


def test_who_has_gone_does_not_come_back_by_a_request_repeated(talk: Talk, brahim: Any) -> None:
    leg = actions.listen(talk.call, by=brahim, at=make.NOW)
    page, claim = Page(leg), code(leg)
    page.comes(claim)
    actions.end(leg, at=make.NOW)
    assert leads_nowhere(page, claim)
    page.in_room("participant-join", talk.room)  # told twice, and late
    leg.refresh_from_db()
    assert not leg.is_here
    assert Audit.objects.filter(act="call-listen").count() == 1
