"""Doorway of the line: a page names its call and proves its leg by a header, never by an address."""

import hashlib
import hmac
from typing import Any

from django.conf import settings

from telephony.models import Leg
from telephony.providers.web.models import LinePage

HEADER = "X-Wasl-Leg"
"""`CODE.SECRET`: the call's code and the secret of the leg."""
PAGE = "X-Wasl-Page"
"""Number of the page, as told when it took the leg over."""


class NoLeg(Exception):
    """No leg is named, or the secret is not its own."""


def leg_named(header: str | None, *, user: Any = None, call_pk: int | None = None) -> Leg:
    """The leg a page speaks for; with `user` and `call_pk`, theirs in that call. Raises NoLeg."""
    code, dot, secret = (header or "").partition(".")
    if not dot or len(code) > 24 or len(secret) > 64:
        raise NoLeg
    given, found = hashed(secret), None
    pages = LinePage.objects.filter(leg__call__code=code).select_related("leg__call__ticket")
    for page in pages.select_related("leg__call__ticket__team", "leg__user"):
        if hmac.compare_digest(page.secret, given):
            found = page.leg
    if found is None:
        raise NoLeg
    if call_pk is not None and (found.call_id != call_pk or found.user_id != user.pk):
        raise NoLeg
    if call_pk is None and found.role != Leg.Role.CALLER:
        raise NoLeg
    return found


def secret_of(leg: Leg) -> str:
    """The same each time it is asked for, so that a page drawn twice goes on with one secret."""
    said = f"wasl.leg:{leg.call.code}:{leg.pk}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:43]


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
