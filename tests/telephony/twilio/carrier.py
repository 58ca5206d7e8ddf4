"""Twilio for tests, as far as it asks us: it fills in the fields, signs them, and posts them as a form.

Signing is written out here a second time, from Twilio's description and not from the library.
"""

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import urlencode

from django.test import Client

ACCOUNT, TOKEN = "AC" + "a1" * 16, "the token of our account"
OTHER_ACCOUNT = "AC" + "b2" * 16
KEY, SHARED = "webhooks_sharedkey_01", "a shared secret of ours"
APP = "AP" + "c3" * 16
API_KEY, API_SECRET = "SK" + "d4" * 16, "the secret of the api key, 32 and more"
PUBLIC, OUR_NUMBER, CALLER = "https://wasl.example", "+212522000000", "+212612345678"
SMS_NUMBER, WHATSAPP_NUMBER = "+33600000001", "+33600000002"
Fields = Iterable[tuple[str, str]]


def sid(prefix: str, number: int = 1) -> str:
    return f"{prefix}{number:032x}"


def switch_on(settings: Any) -> None:
    """Our account, with a token, a shared key and an address."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, TOKEN
    settings.TWILIO_SIGNING_KEYS = {KEY: SHARED}
    settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET = API_KEY, API_SECRET
    settings.TWILIO_APP_SID, settings.TWILIO_NUMBER = APP, OUR_NUMBER
    settings.PUBLIC_URL = PUBLIC
    settings.TWILIO_SMS_FROM, settings.TWILIO_WHATSAPP_FROM = SMS_NUMBER, WHATSAPP_NUMBER
    settings.NOTICE_CHANNELS = ["email", "sms", "whatsapp"]


def signature(url: str, sent: Fields, *, secret: str = TOKEN, digest: Any = sha1) -> str:
    """The address, then each name with its value, sorted by name; nothing stands between them."""
    text = url + "".join(f"{name}{value}" for name, value in sorted(sent))
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), digest).digest()).decode()


def of_call(number: int = 1, *, status: str = "ringing", **more: str) -> dict[str, str]:
    """What every request about a caller's call says."""
    return {
        "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallSid": sid("CA", number),
        "CallStatus": status, "Called": OUR_NUMBER, "Caller": CALLER, "Direction": "inbound",
        "From": CALLER, "FromCity": "", "FromCountry": "MA", "To": OUR_NUMBER, "ToCountry": "MA",
        **more,
    }  # fmt: skip


class Carrier:
    """`post(path, fields)` signs; whatever is given beside it is sent as it is."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def headers(
        self, path: str, sent: Fields, *, shared: bool = False, base: str = PUBLIC, **how: Any
    ) -> dict[str, str]:
        if shared:
            how = {"secret": SHARED, "digest": sha256, **how}
        found = {"X-Twilio-Signature": signature(base + path, sent, **how)}
        if shared:
            told = f"key={KEY},algorithm=HMAC_SHA256"
            found["X-Twilio-Webhooks-Signature-Settings"] = told
        return found

    def post(
        self, path: str, sent: dict[str, str] | list[tuple[str, str]], *,
        headers: dict[str, str] | None = None, body: bytes | None = None,
        kind: str = "application/x-www-form-urlencoded", **how: Any,
    ) -> Any:  # fmt: skip
        told = list(sent.items()) if isinstance(sent, dict) else sent
        given = self.headers(path, told, **how) if headers is None else headers
        content = urlencode(told).encode() if body is None else body
        return self.client.post(path, content, content_type=kind, headers=given)
