"""Each verb does what Twilio's does, at the moment it does it."""

import pytest

from telephony.simulator.people import Keys, Scripted
from telephony.simulator.signing import Signer
from telephony.simulator.world import Complaint
from tests.telephony.simulator.centre import APPLICATION, NUMBER
from tests.telephony.simulator.words import BASE, twiml

CALLER = "+212600000001"


def heard(world):
    return [one.detail["text"] for one in world.history if one.what == "heard"]


def call(world, *presses, spoken=0.0):
    return world.ring(CALLER, NUMBER, Scripted(list(presses), spoken))


def test_a_call_arrives_with_the_fields_twilio_sends(server, world):
    ringing = call(world)
    world.run()
    form = server.asked("/voice")[0]
    assert form["CallSid"] == ringing.sid
    assert form["AccountSid"] == world.account.sid
    assert (form["From"], form["To"], form["Called"], form["Caller"]) == (
        CALLER, NUMBER, NUMBER, CALLER,
    )  # fmt: skip
    assert (form["CallStatus"], form["Direction"], form["FromCountry"]) == (
        "ringing", "inbound", "MA",
    )  # fmt: skip
    assert server.refused == []


def test_a_shared_key_signs_in_its_own_way(server, world):
    world.poster.signer = Signer("shared-key", key="webhooks_key_1")
    call(world)
    world.run()
    assert (len(server.asked("/voice")), server.refused) == (1, [])
    world.poster.signer = Signer("another", key="webhooks_key_1")
    call(world)
    with pytest.raises(Complaint, match="4xx"):
        world.run()
    assert server.refused[0] == "/voice"


def test_a_withheld_number_is_called_anonymous(server, world):
    world.ring("", NUMBER)
    world.run()
    assert server.asked("/voice")[0]["From"] == "anonymous"


def test_an_empty_document_ends_the_call_and_tells_the_number(server, world):
    ringing = call(world)
    world.run()
    assert ringing.status == "completed"
    ended = server.asked("/status")[0]
    assert (ended["CallStatus"], ended["SequenceNumber"]) == ("completed", "0")
    assert ended["CallbackSource"] == "call-progress-events"


def test_play_say_and_pause_take_their_time(server, world):
    server.answers["/voice"] = twiml(
        '<Play loop="2">/a.mp3</Play><Pause length="7"/><Say language="fr-FR">Bonjour</Say>'
    )
    ringing = call(world)
    world.lengths = lambda verb: 3.0
    world.run()
    assert heard(world) == [f"{BASE}/a.mp3", "Bonjour"]
    assert (ringing.ended - ringing.started).total_seconds() == 16
    assert server.asked("/status")[0]["CallDuration"] == "16"
    assert server.asked("/status")[0]["Duration"] == "1"


def test_play_without_end_lasts_until_somebody_hangs_up(server, world):
    server.answers["/voice"] = twiml('<Play loop="0">/a.mp3</Play>')
    ringing = call(world)
    world.run(3600)
    assert ringing.status == "in-progress"
    world.hang_up(ringing)
    world.run()
    assert ringing.status == "completed"


def test_gather_sends_the_digits_as_soon_as_they_are_complete(server, world):
    server.answers["/voice"] = twiml(
        '<Gather numDigits="2" action="/digits"><Play>/menu.mp3</Play></Gather>'
    )
    call(world, Keys("12", after=1))
    world.run()
    form = server.asked("/digits")[0]
    assert form["Digits"] == "12"
    assert form["CallStatus"] == "in-progress"


def test_gather_takes_no_more_digits_than_asked_for(server, world):
    server.answers["/voice"] = twiml('<Gather numDigits="1" timeout="5" action="/digits"/>')
    ringing = call(world, Keys("987", after=1))
    world.run()
    assert server.asked("/digits")[0]["Digits"] == "9"
    assert (ringing.ended - ringing.started).total_seconds() == pytest.approx(1.1)


def test_gather_ends_at_its_key_and_names_it(server, world):
    server.answers["/voice"] = twiml('<Gather finishOnKey="*" action="/digits"/>')
    call(world, "345*9")
    world.run()
    form = server.asked("/digits")[0]
    assert (form["Digits"], form["FinishedOnKey"]) == ("345", "*")


def test_gather_waits_for_more_digits_until_its_timeout(server, world):
    server.answers["/voice"] = twiml('<Gather numDigits="4" timeout="3" action="/digits"/>')
    ringing = call(world, Keys("12", after=1))
    world.run()
    assert server.asked("/digits")[0]["Digits"] == "12"
    assert (ringing.ended - ringing.started).total_seconds() == pytest.approx(1 + 0.4 + 3 + 0.1)


def test_an_empty_gather_goes_on_in_the_document(server, world):
    server.answers["/voice"] = twiml('<Gather action="/digits"/><Redirect>/next</Redirect>')
    call(world)
    world.run()
    assert server.asked("/digits") == []
    assert len(server.asked("/next")) == 1


def test_an_empty_gather_reports_when_it_is_told_to(server, world):
    server.answers["/voice"] = twiml('<Gather actionOnEmptyResult="true" action="/digits"/>')
    call(world)
    world.run()
    assert server.asked("/digits")[0]["Digits"] == ""


def test_keys_after_the_timeout_are_not_heard(server, world):
    server.answers["/voice"] = twiml('<Gather timeout="2" action="/digits"/>')
    call(world, Keys("1", after=2.5))
    world.run()
    assert server.asked("/digits") == []


def test_without_an_action_gather_asks_its_own_document(server, world):
    server.answers["/voice"] = lambda form: twiml("" if "Digits" in form else "<Gather/>")
    call(world, "7#")
    world.run()
    assert [form.get("Digits") for form in server.asked("/voice")] == [None, "7"]


def test_redirect_hangup_and_relative_addresses(server, world):
    server.answers["/voice"] = twiml("<Redirect>deeper/one</Redirect>")
    server.answers["/deeper/one"] = twiml("<Redirect>two</Redirect>")
    server.answers["/deeper/two"] = twiml("<Hangup/>")
    ringing = call(world)
    world.run()
    assert len(server.asked("/deeper/two")) == 1
    assert ringing.status == "completed"


def test_documents_that_point_at_each_other_are_a_mistake_and_end(server, world):
    server.answers["/voice"] = twiml("<Redirect>/next</Redirect>")
    server.answers["/next"] = twiml("<Redirect>/voice</Redirect>")
    ringing = call(world)
    with pytest.raises(Complaint, match="without end"):
        world.run()
    assert ringing.over


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_reject_leaves_the_call_unanswered(server, world, reason, status):
    server.answers["/voice"] = twiml(f'<Reject reason="{reason}"/>')
    ringing = call(world)
    world.run()
    assert (ringing.status, ringing.started) == (status, None)
    assert server.asked("/status")[0]["CallStatus"] == status


def test_record_sends_the_message_and_its_callback(server, world):
    server.answers["/voice"] = twiml(
        f'<Record action="/message" recordingStatusCallback="{BASE}/recording"/>'
    )
    ringing = call(world, spoken=12)
    world.run()
    form, told = server.asked("/message")[0], server.asked("/recording")[0]
    assert (form["RecordingDuration"], form["Digits"]) == ("12", "#")
    assert told["RecordingSid"] == form["RecordingSid"]
    assert (told["RecordingStatus"], told["RecordingSource"]) == ("completed", "RecordVerb")
    assert told["RecordingUrl"].endswith(f"/Recordings/{told['RecordingSid']}")
    assert told["CallSid"] == ringing.sid


def test_record_stops_at_its_longest(server, world):
    server.answers["/voice"] = twiml('<Record action="/message" maxLength="10"/>')
    call(world, spoken=50)
    world.run()
    assert server.asked("/message")[0]["RecordingDuration"] == "10"


def test_silence_leaves_no_message_and_the_document_goes_on(server, world):
    server.answers["/voice"] = twiml('<Record action="/message"/><Redirect>/next</Redirect>')
    call(world)
    world.run()
    assert server.asked("/message") == []
    assert len(server.asked("/next")) == 1
    assert world.recordings == {}


def test_a_caller_who_hangs_up_while_speaking_leaves_what_was_said(server, world):
    server.answers["/voice"] = twiml('<Record action="/message"/>')
    ringing = call(world, spoken=60)
    world.run(10)
    world.hang_up(ringing)
    world.run()
    form = server.asked("/message")[0]
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")
    assert 9 <= int(form["RecordingDuration"]) <= 10


def test_a_document_with_a_mistake_stops_the_test_and_ends_the_call(server, world):
    server.answers["/voice"] = twiml("<Dance/>")
    ringing = call(world)
    with pytest.raises(Complaint, match="Dance"):
        world.run()
    assert ringing.status in ("completed", "failed")


@pytest.mark.parametrize("answer", [(500, "text/plain", b""), (404, "text/plain", b"")])
def test_an_error_asks_the_fallback(server, world, answer):
    server.answers["/voice"] = answer
    server.answers["/fallback"] = twiml("<Play>/sorry.mp3</Play>")
    call(world)
    world.run()
    assert server.asked("/fallback")[0]["ErrorCode"] == "11200"
    assert heard(world) == [f"{BASE}/sorry.mp3"]


def test_without_a_good_fallback_the_call_is_lost_and_the_server_is_named(server, world):
    server.answers["/voice"] = server.answers["/fallback"] = (500, "text/plain", b"")
    ringing = call(world)
    with pytest.raises(Complaint, match="5xx"):
        world.run()
    assert ringing.over


def test_a_browser_leg_brings_its_parameters_once(server, world):
    server.answers["/desk"] = twiml("<Redirect>/next</Redirect>")
    world.connect("advisor_1", APPLICATION, claim="c1")
    world.run()
    first, then = server.asked("/desk")[0], server.asked("/next")[0]
    assert (first["From"], first["claim"]) == ("client:advisor_1", "c1")
    assert first["ApplicationSid"] == APPLICATION
    assert "claim" not in then


def test_what_was_asked_of_the_server_stands_in_the_events_of_the_call(server, world):
    ringing = call(world)
    world.run()
    assert [one.url for one in ringing.requests] == [f"{BASE}/voice", f"{BASE}/status"]
