"""What a browser's access token must be: Twilio's own checks, and those of a desk that only dials out.

A token is a JWT signed by one of the account's API keys. A browser with a bad one gets no leg.
"""

import re
from datetime import datetime

import jwt

from telephony.simulator.state import Account

LONGEST = 24 * 3600
"""Seconds a token may live."""
IDENTITY = re.compile(r"[A-Za-z0-9_]{1,121}")


class BadToken(Exception):
    """Twilio would refuse it, or it allows what a desk must not have."""


def read(account: Account, token: str, at: datetime) -> tuple[str, str]:
    """Identity and application. BadToken with the reason."""
    try:
        claims = jwt.decode(
            token, _secret(account, token), algorithms=["HS256"],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )  # fmt: skip
    except jwt.InvalidTokenError as wrong:
        raise BadToken(str(wrong)) from wrong
    if claims.get("sub") != account.sid:
        raise BadToken("of another account")
    left = claims.get("exp", 0) - at.timestamp()
    if not 0 < left <= LONGEST:
        raise BadToken(f"expires in {left:.0f} s")
    return _granted(account, claims.get("grants", {}))


def _secret(account: Account, token: str) -> str:
    """Of the key that says it signed; the claims are not believed yet."""
    issuer = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
    if issuer not in account.keys:
        raise BadToken(f"signed by no key of the account: {issuer!r}")
    return account.keys[issuer]


def _granted(account: Account, grants: dict[str, object]) -> tuple[str, str]:
    identity, voice = str(grants.get("identity", "")), grants.get("voice")
    if not IDENTITY.fullmatch(identity):
        raise BadToken(f"identity {identity!r}")
    if not isinstance(voice, dict):
        raise BadToken("no voice grant")
    if voice.get("incoming", {}).get("allow"):
        raise BadToken("incoming calls are granted: a desk is never rung")
    application = voice.get("outgoing", {}).get("application_sid", "")
    if application not in account.applications:
        raise BadToken(f"application {application!r}")
    return identity, application
