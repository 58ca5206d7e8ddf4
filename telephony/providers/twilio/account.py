"""Which account is ours, with what it signs, and whether there is one at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Account:
    sid: str
    """`AC` and 32 hexadecimal digits."""
    token: str
    """Signs by SHA-1, and is the password of our own requests."""
    keys: Mapping[str, str]
    """Shared keys by their id: they sign by SHA-256, and several at once let one be changed."""


def account() -> Account | None:
    """Ours; None = off: without a token nothing is sent and nothing is believed."""
    sid, token = settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN
    return Account(sid, token, settings.TWILIO_SIGNING_KEYS) if sid and token else None


def dials() -> bool:
    """Advisors' pages can be let in, and there is a number of ours to call from."""
    page = settings.TWILIO_API_KEY and settings.TWILIO_API_SECRET and settings.TWILIO_APP_SID
    return account() is not None and bool(page and settings.TWILIO_NUMBER)


def address(path: str) -> str:
    """A path of ours as Twilio must call it: never by the host a request names."""
    return f"{settings.PUBLIC_URL}{path}"
