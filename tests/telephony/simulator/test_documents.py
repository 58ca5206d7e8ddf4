"""Documents are read as strictly as somebody would who knows every page of Twilio's."""

import pytest

from telephony.simulator import allowed
from telephony.simulator.documents import Reader
from telephony.simulator.values import BadDocument
from tests.telephony.simulator.words import BASE, twiml

URL = f"{BASE}/voice"


def read(inside: str, *, place: str = "call", url: str = URL, kind: str = "text/xml"):
    return Reader().read(twiml(inside).encode(), kind, url, place)


def test_the_allow_list_is_that_of_the_builders():
    voice = allowed.voice()
    assert {"Play", "Say", "Gather", "Enqueue", "Leave", "Dial", "Record"} <= voice.children.keys()
    assert "actionOnEmptyResult" in voice.children["Gather"].attributes
    assert "coach" in voice.children["Dial"].children["Conference"].attributes
    assert "url" not in voice.children["Play"].attributes
    assert voice.children["Gather"].children.keys() == {"Play", "Say", "Pause"}


GOOD = [
    "<Play>/a.mp3</Play>",
    '<Say language="fr-FR">Bonjour <break time="1s"/> encore</Say>',
    '<Say voice="Polly.Zeina" language="arb">مرحبا</Say>',
    '<Pause length="5"/>',
    '<Gather numDigits="1" action="/x" actionOnEmptyResult="true"><Play>/a.mp3</Play></Gather>',
    '<Enqueue waitUrl="/wait" action="/queue">line</Enqueue>',
    '<Record maxLength="120" action="/r" recordingStatusCallback="https://c.example/r"/>',
    "<Redirect>/next</Redirect>",
    "<Hangup/>",
    '<Reject reason="busy"/>',
    '<Dial action="/d"><Conference beep="false" coach="CA00000000000000000000000000000001" '
    'statusCallbackEvent="join leave">r1</Conference></Dial>',
]


@pytest.mark.parametrize("inside", GOOD)
def test_what_is_right_is_read(inside: str):
    assert len(read(inside).verbs) == 1


BAD = {
    "unknown verb": "<Dance/>",
    "known but not played": "<Pay/>",
    "unknown attribute": '<Play volume="3">/a.mp3</Play>',
    "attribute of another verb": '<Say numDigits="1" language="fr-FR">x</Say>',
    "misspelt": '<Gather numdigits="1"/>',
    "verb in the wrong verb": "<Gather><Hangup/></Gather>",
    "no truth": '<Gather actionOnEmptyResult="yes"/>',
    "no number": '<Pause length="long"/>',
    "too long": '<Record maxLength="99999"/>',
    "no key": '<Gather finishOnKey="x"/>',
    "speech": '<Gather input="speech"/>',
    "no method": '<Redirect method="PUT">/x</Redirect>',
    "not https": "<Play>http://centre.example/a.mp3</Play>",
    "relative callback": '<Record recordingStatusCallback="/r"/>',
    "no reason": '<Reject reason="later"/>',
    "late refusal": '<Pause/><Reject reason="busy"/>',
    "never reached": "<Hangup/><Pause/>",
    "not waiting": "<Leave/>",
    "nothing said": '<Say language="fr-FR"></Say>',
    "nothing played": "<Play></Play>",
    "wrong voice": '<Say voice="Polly.Zeina" language="fr-FR">x</Say>',
    "Arabic by a default voice": "<Say>مرحبا</Say>",
    "long queue name": f"<Enqueue>{'x' * 65}</Enqueue>",
    "room name": "<Dial><Conference>my room</Conference></Dial>",
    "room event": '<Dial><Conference statusCallbackEvent="joined">r</Conference></Dial>',
    "coach no call": '<Dial><Conference coach="x">r</Conference></Dial>',
    "a number dialled": "<Dial>+212600000001</Dial>",
    "lost on a dial": '<Dial record="true"><Conference>r</Conference></Dial>',
    "not played on a dial": '<Dial hangupOnStar="true"><Conference>r</Conference></Dial>',
    "two rooms": "<Dial><Conference>r</Conference><Conference>s</Conference></Dial>",
    "text about": "<Hangup/>hello",
    "text inside": "<Pause>x</Pause>",
}


@pytest.mark.parametrize("inside", BAD.values(), ids=BAD.keys())
def test_what_is_wrong_raises(inside: str):
    with pytest.raises(BadDocument):
        read(inside)


def test_relative_addresses_follow_the_document_and_have_no_place_in_a_rest_request():
    verb = read('<Gather action="key?x=1"/>', url=f"{BASE}/calls/voice").verbs[0]
    assert verb.get("action") == f"{BASE}/calls/key?x=1"
    with pytest.raises(BadDocument, match="15004"):
        read("<Redirect>/next</Redirect>", url="")


def test_a_document_of_another_kind_size_or_shape_is_refused():
    for kind in ("application/json", "text/html", ""):
        with pytest.raises(BadDocument, match="content type"):
            read("<Hangup/>", kind=kind)
    with pytest.raises(BadDocument, match="bytes"):
        read(f'<Say language="fr-FR">{"x" * 70_000}</Say>')
    for body in (
        b"<Response>",
        b"<Answer/>",
        b"<!DOCTYPE a><Response/>",
        b"",
        b"<Response a='1'/>",
    ):
        with pytest.raises(BadDocument):
            Reader().read(body, "text/xml", URL)


@pytest.mark.parametrize(
    ("place", "good", "bad"),
    [
        ("wait", "<Leave/>", "<Enqueue>q</Enqueue>"),
        ("wait", "<Gather/>", "<Record/>"),
        ("room", "<Play>/a.mp3</Play>", "<Gather/>"),
        ("room", "<Redirect>/x</Redirect>", "<Hangup/>"),
    ],
)
def test_each_place_has_its_verbs(place: str, good: str, bad: str):
    assert read(good, place=place)
    with pytest.raises(BadDocument):
        read(bad, place=place)


def test_a_server_on_this_machine_may_be_named_without_https():
    reader = Reader(frozenset({"http://127.0.0.1:8000"}))
    body = twiml("<Redirect>http://127.0.0.1:8000/x</Redirect>").encode()
    assert reader.read(body, "text/xml", "http://127.0.0.1:8000/y")
    with pytest.raises(BadDocument):
        reader.read(body.replace(b"8000", b"9000"), "text/xml", "http://127.0.0.1:8000/y")
