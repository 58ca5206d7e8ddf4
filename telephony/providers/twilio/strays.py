"""Recordings at Twilio that no caller agreed to: looked for at every start and each night, and told until seen to."""

import logging
from datetime import datetime, timedelta

from telephony.providers.twilio.account import account
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.reaching import NotTaken
from telephony.providers.twilio.tape_models import Stray, Tape

log = logging.getLogger("wasl.line")
LOOKED_BACK = timedelta(days=8)
"""A week in which nobody looked is made good."""
YOUNG = timedelta(minutes=10)
"""Ours may not be written down yet."""
MESSAGE = "RecordVerb"
"""Who leaves a message has spoken after a tone, and knows."""


def look(*, at: datetime) -> int:
    """Sweep: how many are there now."""
    ours = account()
    if ours is None:
        return 0
    try:
        there = Rest(ours).recordings_since(at - LOOKED_BACK)
    except NotTaken:
        log.warning("recordings at Twilio could not be looked at")
        return 0
    made = {sid for sid, source, since in there if source != MESSAGE and since <= at - YOUNG}
    strange = made - set(Tape.objects.filter(sid__in=made).values_list("sid", flat=True))
    for sid in strange:
        Stray.objects.get_or_create(sid=sid, defaults={"found_at": at})
    Stray.objects.filter(gone_at=None, found_at__gte=at - LOOKED_BACK).exclude(
        sid__in=strange
    ).update(gone_at=at)
    if strange:
        log.error("recordings without consent at Twilio: %d", len(strange))
    return len(strange)


def open_strays() -> int:
    return Stray.objects.filter(gone_at=None).count()
