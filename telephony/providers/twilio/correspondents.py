"""Who has written by SMS or WhatsApp: since when free words may be sent, and who wants no more of them."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings

from telephony.providers.twilio.models import Correspondent

DAY = timedelta(hours=24)
"""For so long after their last message WhatsApp lets us write what we like."""
MARKS = {chr(code): "" for code in range(0x064B, 0x0653)} | {"ـ": "", "أ": "ا", "إ": "ا", "آ": "ا"}
FOLD = str.maketrans(MARKS)
STOP = {
    "stop", "arret", "arrêt", "stopper", "desabonner", "désabonner", "توقف", "قف", "ايقاف", "الغاء",
    "حبس", "وقف",
}  # fmt: skip
"""Whole messages by which somebody asks for no more; written folded."""
START = {"start", "reprendre", "ابدا", "استئناف", "رجع"}


def wish(text: str) -> str:
    """`stop`, `start`, or nothing of the kind."""
    word = text.strip().strip(".!،؟?").casefold().translate(FOLD)
    return "stop" if word in STOP else "start" if word in START else ""


def digest(number: str) -> str:
    """What stands for a number: the same for the same, and nothing of it is readable."""
    key = f"text:{settings.PEPPER}".encode()
    return hmac.new(key, number.encode(), sha256).hexdigest()


def heard(number: str, channel: str, *, at: datetime, wants: str = "") -> None:
    """They wrote. What they asked for before stands until they ask for the other."""
    row, _new = Correspondent.objects.get_or_create(digest=digest(number), channel=channel)
    if row.heard_at is None or row.heard_at < at:
        row.heard_at = at
    if wants:
        row.stopped_at = at if wants == "stop" else None
    row.save()


def stopped(number: str, channel: str, *, at: datetime) -> None:
    """The network says that they want no more."""
    rows = Correspondent.objects
    row, _new = rows.get_or_create(digest=digest(number), channel=channel)
    rows.filter(pk=row.pk, stopped_at=None).update(stopped_at=at)


def told_of(numbers: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What is known of these numbers, for another installation, whose digests differ: {"number", "channel",
    "heard_at", "stopped_at"}, times as ISO texts in UTC."""
    by_digest = {digest(number): number for number in numbers}
    rows = Correspondent.objects.order_by("pk").iterator(chunk_size=500)
    known = [(by_digest[row.digest], row.channel, row) for row in rows if row.digest in by_digest]
    for number, channel, row in sorted(known, key=lambda one: one[:2]):
        times = {name: getattr(row, name) for name in ("heard_at", "stopped_at")}
        said = {name: at and at.astimezone(UTC).isoformat() for name, at in times.items()}
        yield {"number": number, "channel": channel, **said}


def bring(told: Mapping[str, Any]) -> None:
    """Keep what another installation knew of a number."""
    times = {name: told[name] for name in ("heard_at", "stopped_at")}
    said = {name: at and datetime.fromisoformat(at) for name, at in times.items()}
    Correspondent.objects.update_or_create(
        digest=digest(told["number"]), channel=told["channel"], defaults=said
    )


def wants_none(number: str, channel: str) -> bool:
    rows = Correspondent.objects.filter(digest=digest(number), channel=channel)
    return rows.exclude(stopped_at=None).exists()


def is_open(number: str, channel: str, *, at: datetime) -> bool:
    """Whether free words may go to them now."""
    if channel != "whatsapp":
        return True
    rows = Correspondent.objects.filter(digest=digest(number), channel=channel)
    return rows.filter(heard_at__gt=at - DAY).exists()
