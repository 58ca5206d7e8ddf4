"""An exchange for tests: signs requests and posts them; what was told is applied before the next line."""

import itertools
import json
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from telephony.providers.hook import applying
from telephony.providers.hook.models import Told
from telephony.providers.hook.signing import sign

SECRET = "a secret of the exchange"
EVENTS, CALLER = "/hooks/line/events/", "/hooks/line/caller/"
_nonces = itertools.count(1)


def apply() -> None:
    """Apply what was told, as the thread does right after the answer; nothing may fail."""
    applying.drain()
    assert not Told.objects.filter(applied_at=None).exists()


class Exchange:
    """`said(event, call, ...)` posts one event; `post` anything at all. `applies=False`: only stored."""

    def __init__(self, *, key: str = "pbx", secret: str = SECRET, applies: bool = True) -> None:
        self.key, self.secret, self.client = key, secret, Client(raise_request_exception=False)
        self.applies = applies

    def said(self, event: str, call: str = "c1", *, at: datetime | None = None, **more: Any) -> Any:
        told = {"event": event, "call": call, **more}
        if at is not None:
            told["at"] = at.isoformat()
        return self.post(EVENTS, json.dumps(told).encode())

    def headers(self, path: str, body: bytes, **changed: str) -> dict[str, str]:
        time = changed.get("time", str(int(timezone.now().timestamp())))
        nonce = changed.get("nonce", f"nonce-{next(_nonces):016}")
        return {
            "X-Wasl-Key": self.key, "X-Wasl-Time": time, "X-Wasl-Nonce": nonce,
            "X-Wasl-Signature": sign(self.secret, time, nonce, "POST", path, body),
        }  # fmt: skip

    def post(
        self, path: str, body: bytes, kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> Any:  # fmt: skip
        given = self.headers(path, body) if headers is None else headers
        answer = self.client.post(path, body, content_type=kind, headers=given)
        if self.applies:
            apply()
        return answer
