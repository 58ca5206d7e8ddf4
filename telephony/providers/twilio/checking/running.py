"""The check runs in a sweep: at the start, each hour, after a change of settings, and when somebody asks."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from telephony.providers.twilio.account import account
from telephony.providers.twilio.checking import asked, own
from telephony.providers.twilio.checking.found import AMBER, RED, Point, point, worst
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.models import Finding, LineCheck
from telephony.providers.twilio.reaching import NotTaken

log = logging.getLogger("wasl.line")
EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=2)
"""A check begun so long ago and not done has nobody who does it any more."""
_started: set[str] = set()
"""Set-ups that this process has checked: the first thing it does is to look."""
NAMES = (
    "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SIGNING_KEYS", "TWILIO_API_KEY",
    "TWILIO_API_SECRET", "TWILIO_APP_SID", "TWILIO_NUMBER", "TWILIO_SMS_FROM",
    "TWILIO_WHATSAPP_FROM", "TWILIO_WHATSAPP_TEMPLATES", "PUBLIC_URL",
)  # fmt: skip
Points = dict[str, list[Point]]


def want(*, at: datetime) -> None:
    """Have it done with the next sweep."""
    LineCheck.objects.update_or_create(pk=1, defaults={"wanted_at": at})


def check_due(*, at: datetime) -> int:
    """Sweep: do the check when it is due; lines found."""
    if account() is None:
        return 0
    row, _new = LineCheck.objects.get_or_create(pk=1)
    if not _is_due(row, at=at):
        return 0
    mine = LineCheck.objects.filter(pk=1).filter(Q(begun_at=row.begun_at))
    if not mine.update(begun_at=at):
        return 0
    _started.add(_setup())
    found = look()
    _keep(found, at=at)
    return len(found)


def look() -> Points:
    """All lines of the check, in the order in which they are shown."""
    found: Points = {}
    for code, act in _OWN.items():
        found[code] = act()
    return _ask() | found


def _is_due(row: LineCheck, *, at: datetime) -> bool:
    begun = row.begun_at
    if begun is None or row.setup != _setup() or _setup() not in _started:
        return begun is None or row.done_at is not None or at - begun > LEASE
    if row.done_at is None or row.done_at < begun:
        return at - begun > LEASE
    return at - begun >= EVERY or (row.wanted_at is not None and row.wanted_at > begun)


def _ask() -> Points:
    """Twilio is asked until it does not answer: then nobody waits for the rest."""
    ours = account()
    assert ours is not None
    rest, found = Rest(ours), {key: [point(AMBER, "not-answered")] for key in _ASKED}
    try:
        found["account"], clock = asked.account(rest)
        if not clock:
            return {"account": found["account"]}
        found["clock"] = clock
        found["number"] = asked.number(rest)
        found["application"], key = asked.application(rest)
        found["key"] = key or [point(AMBER, "key-unknown")]
        found["countries"] = asked.countries(rest)
        found["sms"] = asked.sms(rest)
    except NotTaken as no:
        log.warning("the check of the public line was not answered", extra={"error": no.words})
    return found


def _keep(found: Points, *, at: datetime) -> None:
    with transaction.atomic():
        before = {row.code: row for row in Finding.objects.all()}
        for code, points in found.items():
            level, old = worst(points), before.get(code)
            since = old.since if old is not None and old.level == level else at
            told = [{"level": one.level, "says": one.says, **one.facts} for one in points]
            Finding.objects.update_or_create(
                code=code,
                defaults={"level": level, "points": told, "found_at": at, "since": since},
            )
        Finding.objects.exclude(code__in=found).delete()
        LineCheck.objects.filter(pk=1).update(done_at=at, setup=_setup())
    for code, points in found.items():
        if worst(points) == RED:
            log.error("the public line is not set up as it must be", extra={"kind": code})


def _setup() -> str:
    """Nothing of the settings can be read from it."""
    told = repr([getattr(settings, name) for name in NAMES])
    return hashlib.sha256(f"{settings.PEPPER}:{told}".encode()).hexdigest()


_OWN: dict[str, Callable[[], list[Point]]] = {
    "public_url": own.public_url, "signing": own.signing, "whatsapp": own.whatsapp,
    "prompts": own.prompts, "recordings": own.recordings,
}  # fmt: skip
_ASKED = ("account", "clock", "number", "application", "key", "countries", "sms")
ORDER = (
    "account", "public_url", "number", "application", "key", "signing", "countries", "clock",
    "sms", "whatsapp", "prompts", "recordings",
)  # fmt: skip
