"""Who signed a request, and when: HMAC-SHA256 over time, nonce, method, path and body.

No query here: whether a nonce was used before is asked by the caller.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

WINDOW = timedelta(minutes=5)
"""How far the sender's clock may be from ours."""
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEY = re.compile(r"[A-Za-z0-9_-]{1,20}")
TIME = re.compile(r"[0-9]{9,11}")
SIGNATURE = re.compile(r"[0-9a-f]{64}")
HEADERS = ("X-Wasl-Key", "X-Wasl-Time", "X-Wasl-Nonce", "X-Wasl-Signature")


class Unsigned(Exception):
    """Not to be trusted; the reason is a word for the sender. 401: sign it rightly; 403: not with this."""

    def __init__(self, reason: str, status: int = 401) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True)
class Signed:
    """Whose secret it was, and the word that makes this request one of its own."""

    key: str
    nonce: str


def check(
    headers: Mapping[str, str], method: str, path: str, body: bytes, *, secrets: Mapping[str, str],
    at: datetime,
) -> Signed:  # fmt: skip
    """Who signed the request. Raises Unsigned."""
    key, time, nonce, signature = (headers.get(name, "") for name in HEADERS)
    if not (key and time and nonce and signature):
        raise Unsigned("missing-header")
    forms = ((KEY, key), (TIME, time), (NONCE, nonce), (SIGNATURE, signature))
    if not all(form.fullmatch(text) for form, text in forms):
        raise Unsigned("bad-header")
    secret = secrets.get(key)
    if secret is None:
        raise Unsigned("unknown-key", 403)
    if not hmac.compare_digest(sign(secret, time, nonce, method, path, body), signature):
        raise Unsigned("bad-signature", 403)
    if abs(at - datetime.fromtimestamp(int(time), UTC)) > WINDOW:
        raise Unsigned("stale")
    return Signed(key, nonce)


def sign(secret: str, time: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """The signature, in hexadecimal digits."""
    head = f"{time}\n{nonce}\n{method}\n{path}\n".encode()
    return hmac.new(secret.encode(), head + body, sha256).hexdigest()
