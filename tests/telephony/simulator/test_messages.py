"""SMS and WhatsApp: signed in, states out, stop words, the 24 hours."""

import pytest
from twilio.base.exceptions import TwilioRestException

from telephony.simulator.messaging import UNREACHABLE
from telephony.simulator.world import Complaint
from tests.telephony.simulator.centre import NUMBER, client
from tests.telephony.simulator.words import BASE, twiml

WHO = "+212600000001"
STATES = f"{BASE}/states"


def sent(world, to=WHO, from_=NUMBER, **more):
    more = {"body": "Votre dossier", "status_callback": STATES, **more}
    return client(world).messages.create(to=to, from_=from_, **more)


def states(server):
    return [form["MessageStatus"] for form in server.asked("/states")]


def test_a_message_arrives_with_its_fields(server, world):
    world.text(WHO, NUMBER, "مرحبا", ["https://api.twilio.com/media/1"])
    world.run()
    form = server.asked("/text")[0]
    assert (form["From"], form["To"], form["Body"], form["NumMedia"]) == (WHO, NUMBER, "مرحبا", "1")
    assert form["MediaUrl0"] == "https://api.twilio.com/media/1"
    assert form["MessageSid"] == form["SmsSid"]
    assert server.refused == []


def test_whatsapp_names_who_writes(server, world):
    world.text(f"whatsapp:{WHO}", f"whatsapp:{NUMBER}", "salut")
    world.run()
    form = server.asked("/text")[0]
    assert (form["WaId"], form["From"]) == (WHO[1:], f"whatsapp:{WHO}")


def test_states_follow_without_a_time_of_their_own(server, world):
    message = sent(world)
    assert message.status == "queued"
    world.run()
    assert states(server) == ["sent", "delivered"]
    assert "Timestamp" not in server.asked("/states")[0]
    assert client(world).messages(message.sid).fetch().status == "delivered"


def test_an_unreachable_number_says_so(server, world):
    sent(world, UNREACHABLE)
    world.run()
    assert states(server) == ["sent", "undelivered"]
    assert server.asked("/states")[-1]["ErrorCode"] == "30003"


def test_who_said_stop_is_not_written_to_until_start(server, world):
    world.text(WHO, NUMBER, "STOP")
    world.run()
    with pytest.raises(TwilioRestException) as refused:
        sent(world)
    assert refused.value.code == 21610
    world.run(5)
    world.text(WHO, NUMBER, "start")
    world.run()
    assert sent(world).status == "queued"


def test_whatsapp_after_a_day_needs_a_template(server, world):
    to, from_ = f"whatsapp:{WHO}", f"whatsapp:{NUMBER}"
    world.text(to, from_, "salut")
    world.run(23 * 3600)
    sent(world, to, from_)
    world.run()
    assert states(server) == ["sent", "delivered", "read"]
    world.run(3600)
    sent(world, to, from_)
    world.run()
    assert (states(server)[3:], server.asked("/states")[-1]["ErrorCode"]) == (["failed"], "63016")
    sent(world, to, from_, content_sid="HX" + "1" * 32)
    world.run()
    assert states(server)[4:] == ["sent", "delivered", "read"]


def test_a_reply_in_the_answer_is_a_message_and_anything_else_a_mistake(server, world):
    server.answers["/text"] = twiml("<Message>Bien reçu</Message>")
    world.text(WHO, NUMBER, "salut")
    world.run()
    (reply,) = client(world).messages.list(to=WHO)
    assert (reply.body, reply.direction) == ("Bien reçu", "outbound-reply")
    server.answers["/text"] = twiml("<Dance/>")
    world.text(WHO, NUMBER, "salut")
    with pytest.raises(Complaint, match="Dance"):
        world.run()


def test_text_is_taken_out_and_the_message_deleted(world):
    message = sent(world)
    rest = client(world).messages(message.sid)
    with pytest.raises(TwilioRestException):
        rest.delete()
    world.run()
    assert rest.update(body="").body == ""
    rest.delete()
    with pytest.raises(TwilioRestException):
        rest.fetch()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"from_": "+15550001111"}, 21606), ({"to": "0611"}, 21211), ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617), ({"to": f"whatsapp:{WHO}"}, 63007),
    ],
)  # fmt: skip
def test_refusals_have_twilios_codes(world, more, code):
    with pytest.raises(TwilioRestException) as refused:
        sent(world, **more)
    assert refused.value.code == code
