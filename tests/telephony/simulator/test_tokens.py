"""A browser is let in by a token as Twilio's own builder makes them, and by no other."""

import jwt
import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VideoGrant, VoiceGrant

from telephony.simulator.tokens import BadToken
from tests.telephony.simulator.centre import APPLICATION
from tests.telephony.simulator.words import twiml


def token(world, *, grant=None, ttl=600, sid="", key="", secret="", identity="advisor_1"):
    """The builder takes the time of day; the exchange has a clock of its own."""
    ((known, its),) = world.account.keys.items()
    made = AccessToken(sid or world.account.sid, key or known, secret or its, identity=identity)
    made.add_grant(grant or VoiceGrant(outgoing_application_sid=APPLICATION))
    claims = jwt.decode(made.to_jwt(), options={"verify_signature": False})
    claims["exp"] = int(world.clock.now.timestamp()) + ttl
    return jwt.encode(claims, secret or its, algorithm="HS256", headers={"cty": "twilio-fpa;v=1"})


def test_a_good_token_dials_in_as_its_identity(server, world):
    server.answers["/desk"] = twiml('<Pause length="5"/>')
    world.dial_in(token(world), claim="c1")
    world.run()
    form = server.asked("/desk")[0]
    assert (form["From"], form["claim"]) == ("client:advisor_1", "c1")


BAD = {
    "rung": lambda: {
        "grant": VoiceGrant(outgoing_application_sid=APPLICATION, incoming_allow=True)
    },
    "another application": lambda: {"grant": VoiceGrant(outgoing_application_sid="AP" + "9" * 32)},
    "no voice": lambda: {"grant": VideoGrant(room="r")},
    "an address as identity": lambda: {"identity": "amina@centre.example"},
    "no identity": lambda: {"identity": None},
    "wrong secret": lambda: {"secret": "another-secret-that-is-as-long-as-it-should"},
    "unknown key": lambda: {"key": "SK" + "9" * 32},
    "another account": lambda: {"sid": "AC" + "9" * 32},
    "expired": lambda: {"ttl": -1},
    "for ever": lambda: {"ttl": 90_000},
}


@pytest.mark.parametrize("more", BAD.values(), ids=BAD.keys())
def test_a_bad_token_gets_no_leg(world, more):
    with pytest.raises(BadToken):
        world.dial_in(token(world, **more()))
    assert world.calls == {}


def test_no_token_at_all_gets_no_leg(world):
    with pytest.raises(BadToken):
        world.dial_in("nothing")
