"""The REST surface: right answers, right refusals, and every way in which it fails."""

import wave
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import requests
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from telephony.simulator.people import Scripted
from telephony.simulator.rest import faults
from telephony.simulator.rest.adapter import SimulatedAdapter
from telephony.simulator.world import Complaint
from tests.telephony.simulator.centre import APPLICATION, NUMBER, Server, client
from tests.telephony.simulator.words import BASE, twiml

CALLER = "+212600000001"
LONG = twiml('<Pause length="600"/>')


@pytest.fixture
def server() -> Server:
    return Server({"/voice": LONG, "/next": LONG})


@pytest.fixture
def call(world):
    call = world.ring(CALLER, NUMBER)
    world.run(5)
    return call


def refused(ask):
    with pytest.raises(TwilioRestException) as found:
        ask()
    return found.value.status, found.value.code


def test_a_call_is_looked_at_and_its_events_tell_what_was_asked(world, call):
    rest = client(world)
    seen = rest.calls(call.sid).fetch()
    assert (seen.sid, seen.status, seen.direction, seen.from_formatted) == (
        call.sid, "in-progress", "inbound", CALLER,
    )  # fmt: skip
    assert seen.start_time == call.started.replace(microsecond=0)
    (event,) = rest.calls(call.sid).events.list()
    assert event.request["url"] == f"{BASE}/voice"
    assert event.response["response_code"] == 200


def test_calls_are_listed_by_status_and_time_in_pages(world):
    for number in range(7):
        world.ring(f"+21260000001{number}", NUMBER)
        world.run(10)
    rest = client(world)
    assert len(rest.calls.list(page_size=3)) == 7
    assert len(rest.calls.list(status="completed")) == 0
    late = world.clock.now - timedelta(seconds=35)
    assert len(rest.calls.list(start_time_after=late)) == 3
    assert len(rest.calls.list(start_time_before=late)) == 4
    assert rest.calls.list()[0].from_formatted == "+212600000016"


def test_a_call_is_moved_and_ended(server, world, call):
    rest = client(world)
    rest.calls(call.sid).update(url=f"{BASE}/next")
    world.run(2)
    assert len(server.asked("/next")) == 1
    assert rest.calls(call.sid).update(status="completed").status == "completed"
    world.run()
    assert server.asked("/status")[0]["CallStatus"] == "completed"
    rest.calls(call.sid).delete()
    assert refused(lambda: rest.calls(call.sid).fetch()) == (404, 20404)


def test_a_call_may_bring_its_document_along(server, world):
    server.answers["/next"] = twiml('<Gather action="/key" numDigits="1"/>')
    world.callee = lambda number: Scripted(["5"])
    document = twiml(f'<Say language="fr-FR">Bonjour</Say><Redirect>{BASE}/next</Redirect>')
    client(world).calls.create(to="+212611111111", from_=NUMBER, twiml=document)
    world.run(60)
    assert server.asked("/voice") == []
    assert server.asked("/key")[0]["Digits"] == "5"


def test_a_call_that_rings_is_cancelled_not_completed(world):
    rest = client(world)
    made = rest.calls.create(to="+212611111111", from_=NUMBER, url=f"{BASE}/next")
    world.run(2)
    rest.calls(made.sid).update(status="completed")
    world.run()
    assert world.calls[made.sid].status == "canceled"


def test_ringing_and_talking_last_no_longer_than_the_creation_says(server, world):
    rest = client(world)
    world.callee = lambda number: Scripted(ringing=20)
    made = [
        rest.calls.create(to="+212611111111", from_=NUMBER, url=f"{BASE}/next", **limits)
        for limits in ({"timeout": 10}, {"timeout": 30, "time_limit": 15})
    ]
    world.run(120)
    away, short = (world.calls[one.sid] for one in made)
    assert (away.status, (away.ended - away.created).total_seconds()) == ("no-answer", 11)
    assert (short.ended - short.started).total_seconds() == 15


def test_a_method_that_is_not_played_is_a_mistake(world):
    client(world).calls.create(
        to="+212611111111", from_=NUMBER, url=f"{BASE}/next", status_callback_method="GET"
    )
    with pytest.raises(Complaint, match="only POST"):
        world.run(1)


def test_refusals_have_twilios_codes(world, call):
    rest = client(world)
    other = "CA" + "f" * 32
    cases = {
        "unknown call": (lambda: rest.calls(other).fetch(), (404, 20404)),
        "unknown queue": (
            lambda: rest.queues("QU" + "f" * 32).members(call.sid).update(url=f"{BASE}/x"),
            (404, 20404),
        ),
        "unknown room": (
            lambda: rest.conferences("CF" + "f" * 32).participants("x").delete(),
            (404, 20404),
        ),
        "foreign from": (
            lambda: rest.calls.create(to="+212611111111", from_="+15550001111", url=f"{BASE}/x"),
            (400, 21210),
        ),
        "no number": (
            lambda: rest.calls.create(to="0611", from_=NUMBER, url=f"{BASE}/x"),
            (400, 21211),
        ),
        "country not permitted": (
            lambda: rest.calls.create(to="+33611111111", from_=NUMBER, url=f"{BASE}/x"),
            (400, 21215),
        ),
        "no document": (
            lambda: rest.calls.create(to="+212611111111", from_=NUMBER),
            (400, 21205),
        ),
        "wrong event": (
            lambda: rest.calls.create(
                to="+212611111111", from_=NUMBER, url=f"{BASE}/x", status_callback_event=["joined"]
            ),
            (400, 20001),
        ),
        "wrong status": (lambda: rest.calls(call.sid).update(status="busy"), (400, 20001)),
    }  # fmt: skip
    assert {name: refused(ask) for name, (ask, _code) in cases.items()} == {
        name: code for name, (_ask, code) in cases.items()
    }
    world.hang_up(call)
    assert refused(lambda: rest.calls(call.sid).update(url=f"{BASE}/x")) == (400, 21220)
    assert refused(lambda: rest.calls(call.sid).update(status="completed")) == (400, 21220)


def test_without_the_right_secret_nothing_opens(world):
    from telephony.simulator.rest.client import SimulatedHttp

    for name, secret in ((world.account.sid, "wrong"), ("AC" + "9" * 32, "token-of-the-account")):
        rest = Client(name, secret, http_client=SimulatedHttp(world.rest, 5))
        assert refused(lambda: rest.calls("CA" + "0" * 32).fetch()) == (401, 20003)  # noqa: B023
    (key,) = world.account.keys.items()
    rest = Client(*key, account_sid=world.account.sid, http_client=SimulatedHttp(world.rest, 5))
    assert rest.calls.list() == []


def test_another_accounts_resources_are_not_found(world, call):
    other = client(world).api.accounts("AC" + "9" * 32)
    assert refused(lambda: other.calls(call.sid).fetch()) == (404, 20404)


def test_a_bad_document_or_a_relative_address_inside_a_request_is_a_mistake(world, call):
    for document in ("<Response><Dance/></Response>", twiml("<Redirect>/next</Redirect>")):
        assert refused(lambda: client(world).calls(call.sid).update(twiml=document))[0] == 400  # noqa: B023
        with pytest.raises(Complaint):
            world.run(1)
        world.complaints.clear()
    assert call.status == "in-progress"


def test_a_field_that_would_be_lost_is_a_mistake(world, call):
    client(world).calls(call.sid).update(url=f"{BASE}/next", time_limit=60)
    with pytest.raises(Complaint, match="TimeLimit"):
        world.run(1)


# --- how it fails ---------------------------------------------------------------------------------


def test_limited_and_broken_do_nothing(server, world, call):
    rest = client(world)
    for kind, status in ((faults.LIMITED, 429), (faults.BROKEN, 503)):
        world.rest.faults.then(kind)
        assert refused(lambda: rest.calls(call.sid).update(url=f"{BASE}/next"))[0] == status
    world.rest.faults.then(faults.REFUSED)
    with pytest.raises(NoConnection):
        rest.calls(call.sid).update(url=f"{BASE}/next")
    world.run(2)
    assert server.asked("/next") == []


def test_cut_and_slow_are_done_though_the_client_sees_a_failure(server, world, call):
    rest = client(world)
    world.rest.faults.then(faults.CUT, "call_create")
    with pytest.raises(NoConnection):
        rest.calls.create(to="+212611111111", from_=NUMBER, url=f"{BASE}/next")
    world.rest.faults.then(faults.SLOW, "call_update")
    with pytest.raises(ReadTimeout):
        rest.calls(call.sid).update(url=f"{BASE}/next")
    world.run(10)
    assert len(server.asked("/next")) == 2


def test_a_slow_answer_within_the_patience_is_an_answer(world, call):
    world.rest.faults.slowness = 3
    world.rest.faults.then(faults.SLOW)
    assert client(world).calls(call.sid).fetch().sid == call.sid


def test_faults_by_lot_are_the_same_for_the_same_seed():
    def run(seed):
        lot = faults.Faults({"429": 0.2, "cut": 0.1}, seed)
        return [lot.of("call_fetch") for _ in range(200)]

    assert run(1) == run(1)
    assert run(1) != run(2)
    assert {"429", "cut", ""} == set(run(1))


def test_every_request_is_kept_for_checks_against_the_specification(world, call):
    client(world).calls.create(
        to="+212611111111", from_=NUMBER, url=f"{BASE}/next", status_callback=f"{BASE}/status",
        status_callback_event=["initiated", "answered"],
    )  # fmt: skip
    kept = world.rest.log[-1]
    assert (kept.method, kept.status) == ("POST", 201)
    assert kept.path == f"/2010-04-01/Accounts/{world.account.sid}/Calls.json"
    assert kept.fields["StatusCallbackEvent"] == ["initiated", "answered"]


# --- by the real transport ------------------------------------------------------------------------


@pytest.fixture
def transport(world):
    real = TwilioHttpClient(timeout=5)
    real.session.mount("https://", SimulatedAdapter(world.rest))
    return Client(world.account.sid, world.account.token, http_client=real)


def test_the_real_transport_meets_the_same_surface(server, world, call, transport):
    assert transport.calls(call.sid).fetch().status == "in-progress"
    made = transport.calls.create(
        to="+212611111111", from_=NUMBER, url=f"{BASE}/next",
        status_callback=f"{BASE}/status", status_callback_event=["initiated", "ringing"],
    )  # fmt: skip
    world.run(10)
    assert [form["CallStatus"] for form in server.asked("/status")] == ["initiated", "ringing"]
    assert world.calls[made.sid].status == "in-progress"
    world.rest.faults.then(faults.CUT)
    with pytest.raises(NoConnection):
        transport.calls(call.sid).fetch()
    world.rest.faults.then(faults.SLOW)
    with pytest.raises(ReadTimeout):
        transport.calls(call.sid).fetch()


def test_a_client_without_a_timeout_is_found_out(world, call):
    real = TwilioHttpClient()
    real.session.mount("https://", SimulatedAdapter(world.rest))
    world.rest.faults.then(faults.SLOW)
    rest = Client(world.account.sid, world.account.token, http_client=real)
    with pytest.raises(ReadTimeout):
        rest.calls(call.sid).fetch()
    with pytest.raises(Complaint, match="without a timeout"):
        world.run(1)


# --- recordings -----------------------------------------------------------------------------------


def test_a_call_is_recorded_paused_and_stopped_by_request(server, world, call, transport):
    made = transport.calls(call.sid).recordings.create(
        recording_status_callback=f"{BASE}/recording",
        recording_status_callback_event=["in-progress", "completed"],
    )
    world.run(10)
    current = transport.calls(call.sid).recordings("Twilio.CURRENT")
    current.update(status="paused")
    world.run(20)
    current.update(status="in-progress")
    world.run(5)
    world.hang_up(call)
    world.run()
    seen = transport.recordings(made.sid).fetch()
    assert (seen.status, seen.duration, seen.source) == ("completed", "15", "StartCallRecordingAPI")
    assert [form["RecordingStatus"] for form in server.asked("/recording")] == [
        "in-progress", "completed",
    ]  # fmt: skip


def test_a_recording_that_ends_while_paused_is_no_longer_for_it(world, call, transport):
    made = transport.calls(call.sid).recordings.create()
    world.run(10)
    transport.calls(call.sid).recordings(made.sid).update(status="paused")
    world.run(60)
    transport.calls(call.sid).recordings(made.sid).update(status="stopped")
    world.run(5)
    assert transport.calls(call.sid).recordings(made.sid).fetch().duration == "10"
    transport.calls(call.sid).recordings(made.sid).delete()
    assert transport.recordings.list() == []


def test_sound_needs_the_secret_has_the_right_length_and_is_gone_when_deleted(
    server, world, transport
):
    server.answers["/voice"] = twiml('<Record action="/next"/>')
    world.ring(CALLER, NUMBER, Scripted(spoken=12))
    world.run(30)
    (kept,) = transport.recordings.list()
    session = requests.Session()
    session.mount("https://", SimulatedAdapter(world.rest))
    assert session.get(f"{kept.media_url}.wav", timeout=5).status_code == 401
    secret = (world.account.sid, world.account.token)
    answer = session.get(f"{kept.media_url}.wav", timeout=5, auth=secret)
    assert answer.headers["Content-Type"] == "audio/x-wav"
    with wave.open(BytesIO(answer.content)) as sound:
        assert sound.getnframes() / sound.getframerate() == 12
    transport.recordings(kept.sid).delete()
    assert session.get(f"{kept.media_url}.wav", timeout=5, auth=secret).status_code == 404
    assert transport.recordings.list() == []
    assert len(transport.recordings.list(include_soft_deleted=True)) == 1


# --- what a start-up check looks at ---------------------------------------------------------------


def test_numbers_applications_and_permissions_are_shown(world):
    rest = client(world)
    (number,) = rest.incoming_phone_numbers.list()
    assert number.phone_number == NUMBER
    assert number.voice_fallback_url == f"{BASE}/fallback"
    assert rest.applications(APPLICATION).fetch().voice_url.startswith(f"{BASE}/desk")
    assert rest.api.accounts(world.account.sid).fetch().status == "active"
    voice = rest.voice.v1.dialing_permissions.countries
    assert voice("MA").fetch().low_risk_numbers_enabled is True
    assert voice("FR").fetch().low_risk_numbers_enabled is False


def test_answers_carry_the_exchanges_date(world):
    reply = client(world).request("GET", "https://api.twilio.com/2010-04-01/Accounts/x.json")
    date = datetime.strptime(reply.headers["Date"], "%a, %d %b %Y %H:%M:%S GMT")
    assert date.replace(tzinfo=UTC) == world.clock.now.replace(microsecond=0)
