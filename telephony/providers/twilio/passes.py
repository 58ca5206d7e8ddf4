"""What lets an advisor's page call: a pass for ten minutes, which opens our own application and nothing else."""

from typing import Any

from django.conf import settings

from telephony.providers.twilio import claims
from telephony.providers.twilio.account import account

SECONDS = 600
"""A page asks for the next one before it runs out."""


class NoPass(Exception):
    """The line is off, or the key or the application is not set."""


def pass_for(user: Any) -> str:
    """The pass of one advisor, known to Twilio by a name that says nothing. Raises NoPass."""
    from twilio.jwt.access_token import AccessToken
    from twilio.jwt.access_token.grants import VoiceGrant

    ours, key, secret = account(), settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET
    if ours is None or not (key and secret and settings.TWILIO_APP_SID):
        raise NoPass
    # Nobody rings an advisor's browser: it dials in, so nothing may come in.
    grant = VoiceGrant(outgoing_application_sid=settings.TWILIO_APP_SID, incoming_allow=False)
    token = AccessToken(
        ours.sid, key, secret, grants=[grant], identity=claims.identity(user), ttl=SECONDS
    )
    return str(token.to_jwt())
