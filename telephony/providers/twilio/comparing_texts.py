"""Written messages in Twilio's list of a day, beside our rows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from helpdesk.centre import practice
from telephony.comparisons import Difference as Kind
from telephony.providers.twilio import holding, texting, written
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Text

EDGE = timedelta(minutes=10)
"""What left so near to midnight may be in the list of the day beside."""
BEFORE = timedelta(days=3)
"""So long before its text left a notice may have been written: it is tried for two hours at most."""


def compare(
    listed: list[Any], start: datetime, end: datetime, *, at: datetime
) -> Iterator[tuple[Kind, str, bool]]:
    names = {one.sid for one in listed}
    known = {text.sid: text for text in Text.objects.filter(sid__in=names)}
    for one in listed:
        text = known.get(one.sid)
        if one.direction == "inbound":
            if text is None:
                yield Kind.TEXT, one.sid, _came(one, at=at)
        elif text is None or text.notice_id is None:
            yield Kind.TEXT, one.sid, _ours(one, start)
        elif texting.became(text, one.status, str(one.error_code or "")):
            yield Kind.STATE, one.sid, True
    sent = Text.objects.filter(
        notice__sent_at__gte=start + EDGE, notice__sent_at__lt=end - EDGE
    ).exclude(sid__in=names)
    for sid in sent.values_list("sid", flat=True):
        yield Kind.NO_TEXT, sid, False


@transaction.atomic
def _came(one: Any, *, at: datetime) -> bool:
    """It comes in as it should have, by the moment it is known; before the opening nothing does."""
    sent = {
        "MessageSid": one.sid, "From": one.from_, "To": one.to, "Body": one.body or "",
        "NumMedia": str(one.num_media or 0),
    }  # fmt: skip
    moment = one.date_sent or one.date_created
    if not practice.was_open(holding.line(), at=moment):
        return False
    written.came(Said(sent, min(moment, at), True, at))
    return True


@transaction.atomic
def _ours(one: Any, start: datetime) -> bool:
    """It left, though no answer said so: whether its notice is known now."""
    is_whatsapp = one.to.startswith(written.WHATSAPP)
    if not texting.belongs(
        one.sid, channel="whatsapp" if is_whatsapp else "sms", words=one.body or "",
        to=one.to.removeprefix(written.WHATSAPP), since=start - BEFORE,
    ):  # fmt: skip
        return False
    texting.became(Text.objects.get(sid=one.sid), one.status, str(one.error_code or ""))
    return True
