"""How fast one browser and one address may write. A pace slows, it never bans: many Moroccan mobiles
share one address, so an address gets far more than a browser, and both get through again by themselves.
"""

import ipaddress
import logging
import time
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from helpdesk.live.visitors import visitor_of

log = logging.getLogger("wasl.pace")


@dataclass(frozen=True)
class Pace:
    """`visitor` and `address` such as `10 per 10 minutes`."""

    name: str
    visitor: str
    address: str


ASK = Pace("ask", visitor="10 per 10 minutes", address="120 per 10 minutes")
ADD = Pace("add", visitor="30 per 10 minutes", address="300 per 10 minutes")
UPLOAD = Pace("upload", visitor="30 per 10 minutes", address="200 per 10 minutes")
CHAT = Pace("chat", visitor="60 per minute", address="900 per minute")
DRAFT = Pace("draft", visitor="60 per minute", address="1200 per minute")


def seconds_to_wait(request: HttpRequest, pace: Pace, *, who: str = "") -> int:
    """Take one from both buckets: 0 = go on, else how long until the next may come.

    `who` stands for the browser where a page has no cookie, such as the pass of an open chat.
    """
    signed_in = not who and request.user.is_authenticated
    if not who:
        who = f"u{request.user.pk}" if signed_in else f"v{visitor_of(request).token}"
    waits = [_take(pace, pace.visitor, who)]
    if not signed_in and not waits[0]:
        waits.append(_take(pace, pace.address, f"a{address_of(request)}"))
    return max(waits)


def address_of(request: HttpRequest) -> str:
    """The address a request came from; of IPv6 the network of one connection (/64)."""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        text = request.headers.get("X-Forwarded-For", text).rsplit(",", 1)[-1].strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _take(pace: Pace, rate: str, who: str) -> int:
    item = _item(rate)
    try:
        if _limiter().hit(item, pace.name, who):
            return 0
        reset = _limiter().get_window_stats(item, pace.name, who).reset_time
    except Exception:
        # Counting must never stop a question: without its store everybody goes through.
        log.exception("pace store")
        return 0
    return max(1, round(reset - time.time()))


@cache
def _item(rate: str) -> RateLimitItem:
    return parse(rate)


@cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(_storage())


@cache
def _storage() -> Storage:
    if not settings.REDIS_URL:
        return storage_from_string("memory://")  # type: ignore[return-value]
    # Never wait long for the counting: a Redis that hangs counts as gone.
    quick = {"socket_connect_timeout": 0.5, "socket_timeout": 1.0}
    return storage_from_string(settings.REDIS_URL, **quick)  # type: ignore[return-value]


def forget() -> None:
    """Start counting anew (tests)."""
    _storage().reset()
