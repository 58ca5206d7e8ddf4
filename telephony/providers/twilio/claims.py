"""Claim codes: by one of them the page of an advisor lets its voice in, once, within thirty seconds.

A code names a leg and a moment, is like no other and signed, so that asking for one writes nothing; a
used one is kept with the voice it let in.
"""

import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings

from telephony.models import Leg

WITHIN = timedelta(seconds=30)
CODE = re.compile(r"([0-9]{1,12})-([0-9a-f]{1,12})-([0-9a-f]{8})-([0-9a-f]{32})")


def code_for(leg: Leg, *, at: datetime) -> str:
    """One for the page of this leg's own user."""
    said = f"{leg.pk}-{int(at.timestamp() * 1000):x}-{secrets.token_hex(4)}"
    return f"{said}-{_mark(said)}"


def leg_of(code: str, *, at: datetime) -> int | None:
    """The key of the leg a code names; None when it is none of ours, or not of the last half minute."""
    made = made_at(code)
    if made is None or not -timedelta(seconds=1) <= at - made <= WITHIN:
        return None
    return int(code.partition("-")[0])


def made_at(code: str) -> datetime | None:
    """When a code was made, however long ago; None when it is none of ours."""
    found = CODE.fullmatch(code)
    if found is None:
        return None
    _leg, moment, _nonce, mark = found.groups()
    if not hmac.compare_digest(mark, _mark(code.rpartition("-")[0])):
        return None
    return datetime.fromtimestamp(int(moment, 16) / 1000, UTC)


def identity(user: Any) -> str:
    """By which Twilio knows an advisor: always the same, and nothing of them is readable."""
    return f"w{_hashed(f'identity:{user.pk}')}"


def _mark(text: str) -> str:
    return _hashed(f"claim:{text}")


def _hashed(text: str) -> str:
    key = f"twilio:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), sha256).hexdigest()[:32]
