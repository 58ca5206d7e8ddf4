"""Whether Twilio signed a request: over the address it was sent to, and every field. No query here.

The account's token signs by SHA-1; a shared key, whose id is told beside the signature, by SHA-256. A
signature joins names and values without a mark between them, so that the same text can be cut into other
fields: what is read afterwards is therefore required, and matched whole (`fields`).
"""

import hmac
import re
from collections.abc import Mapping, Sequence

from telephony.providers.twilio.account import Account

SIGNATURE, SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
BASE64 = re.compile(r"[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=")
SHARED = re.compile(r"key=([A-Za-z0-9_-]{1,64}), ?algorithm=HMAC_SHA256")


class Unsigned(Exception):
    """Not to be believed; the reason is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(
    headers: Mapping[str, str], url: str, sent: Sequence[tuple[str, str]], *, ours: Account
) -> None:
    """Raises Unsigned. `url` as it was given to Twilio; what follows its `#` is not signed."""
    given, told = headers.get(SIGNATURE, ""), headers.get(SETTINGS, "")
    if not given:
        raise Unsigned("missing-signature")
    if not BASE64.fullmatch(given):
        raise Unsigned("bad-signature")
    secret, algorithm = ours.token, "HMAC_SHA1"
    if told:
        shared = SHARED.fullmatch(told)
        if shared is None:
            raise Unsigned("unknown-algorithm")
        secret, algorithm = ours.keys.get(shared[1], ""), "HMAC_SHA256"
        if not secret:
            raise Unsigned("unknown-key")
    known = [_signature(secret, one, sent, algorithm) for one in _spellings(url)]
    if not any(hmac.compare_digest(given, one) for one in known):
        raise Unsigned("bad-signature")


def _spellings(url: str) -> list[str]:
    """Twilio signs with or without the port that goes without saying."""
    from urllib.parse import urlsplit

    from twilio.request_validator import add_port, remove_port

    split = urlsplit(url.partition("#")[0])
    return [remove_port(split), add_port(split)]


def _signature(secret: str, url: str, sent: Sequence[tuple[str, str]], algorithm: str) -> str:
    from twilio.request_validator import RequestValidator

    return str(RequestValidator(secret).compute_signature(url, dict(sent), algorithm))
