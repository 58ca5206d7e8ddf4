"""Notices go out by SMS and WhatsApp, and what becomes of them is told back.

A text that may have left is never sent again: two of the same are worse than one that is told as not sent.
Only after 429, and where no connection came about, is it tried once more.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from helpdesk.notices.actions import settle
from helpdesk.notices.models import Notice
from telephony.providers.twilio import correspondents
from telephony.providers.twilio.account import account, address
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Text
from telephony.providers.twilio.reaching import NotTaken
from telephony.providers.twilio.rendering import TOLD

log = logging.getLogger("wasl.notices")
State = Notice.State
CHANNELS = ("sms", "whatsapp")
LEASE = timedelta(minutes=5)
TRIES = 5
WAITS = (30, 120, 600, 3600)
"""Seconds before the second, third, fourth and fifth attempt."""
STEPS = {
    "accepted": 0, "scheduled": 0, "queued": 0, "sending": 0, "sent": 1, "undelivered": 2,
    "failed": 2, "canceled": 2, "delivered": 3, "read": 4,
}  # fmt: skip
"""How far each state is; one told later that is less far is no news."""
BECOMES = {1: State.SENT, 2: State.FAILED, 3: State.DELIVERED, 4: State.DELIVERED}
UNSURE = ("no answer", "unsure")
"""Why a notice failed that may have left all the same; Twilio's own trouble (5xx) beside."""
OPTED_OUT = 21610
"""Twilio's number for who has asked the network itself for no more texts."""


def send_due(*, at: datetime) -> int:
    """Sweep: send what is due by the channels of texts; how many left."""
    ours = account()
    if ours is None:
        return 0
    sent = 0
    for channel in CHANNELS:
        if channel in settings.NOTICE_CHANNELS:
            batch = Notice.objects.filter(channel=channel).take(at=at, lease=LEASE)
            sent += sum(_send(notice, Rest(ours), at=at) for notice in batch)
    return sent


def _send(notice: Notice, rest: Rest, *, at: datetime) -> bool:
    channel, to = notice.channel, notice.address
    what = _words(notice, at=at)
    if notice.unsure:
        settle(notice, state=State.FAILED, failed_why="unsure")
    elif correspondents.wants_none(to, channel):
        settle(notice, state=State.FAILED, failed_why="asked for no more")
    elif not what:
        settle(notice, state=State.NO_CHANNEL, failed_why="no template")
    else:
        try:
            sid = rest.text(
                _at(channel, to), _at(channel, _sender(channel)),
                told=address("/hooks/twilio/text/status/") + TOLD, **what,
            )  # fmt: skip
        except NotTaken as no:
            _not_taken(notice, no, at=at)
        else:
            _left(notice, sid, at=at)
            return True
    return False


def _words(notice: Notice, *, at: datetime) -> dict[str, str]:
    """What is sent: the words, or the template that stands for them; empty when neither may."""
    if correspondents.is_open(notice.address, notice.channel, at=at):
        return {"body": notice.text}
    template = settings.TWILIO_WHATSAPP_TEMPLATES.get(f"{notice.kind}.{notice.language}", "")
    return {"content_sid": template} if template else {}


@transaction.atomic
def _left(notice: Notice, sid: str, *, at: datetime) -> None:
    settle(notice, state=State.SENT, sent_at=at, failed_why="")
    text, _new = Text.objects.get_or_create(sid=sid)
    text.notice = notice
    text.save(update_fields=["notice"])
    _tell(Text.objects.select_for_update().get(pk=text.pk))


def _not_taken(notice: Notice, no: NotTaken, *, at: datetime) -> None:
    if no.code == OPTED_OUT:
        correspondents.stopped(notice.address, notice.channel, at=at)
    log.warning("notice not sent", extra={"notice": notice.pk, "channel": notice.channel})
    if no.is_unsent and notice.tries < TRIES:
        wait = timedelta(seconds=WAITS[min(notice.tries, len(WAITS)) - 1])
        settle(notice, due_at=at + wait, failed_why=no.words)
    else:
        settle(notice, state=State.FAILED, failed_why=no.words)


def status(said: Said) -> None:
    """What became of a text: told in any order, and also before our own request was answered."""
    text, _new = Text.objects.get_or_create(sid=said["MessageSid"])
    became(text, said["MessageStatus"], said["ErrorCode"])


@transaction.atomic
def became(text: Text, state: str, error: str) -> bool:
    """Whether that was news."""
    text = Text.objects.select_for_update().get(pk=text.pk)
    step = STEPS.get(state)
    if step is None or (text.state and STEPS[text.state] >= step):
        return False
    text.state, text.error = state, error
    text.save(update_fields=["state", "error"])
    _tell(text)
    return True


@transaction.atomic
def belongs(sid: str, *, channel: str, to: str, words: str, since: datetime) -> bool:
    """A text that left though its answer was lost belongs to the one notice that it can be; whether there
    is one. It is told as sent from then on, and what becomes of it is its notice's."""
    may_have_left = Q(failed_why__in=UNSURE) | Q(failed_why__startswith="5")
    rows = Notice.objects.filter(
        may_have_left, channel=channel, address=to, state=State.FAILED, texts=None,
        written_at__gte=since,
    )  # fmt: skip
    found = [one for one in rows if channel == Notice.Channel.WHATSAPP or one.text == words]
    if len(found) != 1:
        return False
    text, _new = Text.objects.get_or_create(sid=sid)
    Text.objects.filter(pk=text.pk).update(notice=found[0])
    _tell(Text.objects.select_for_update().get(pk=text.pk))
    return True


def _tell(text: Text) -> None:
    """The notice stands as its text does; delivered is never undone."""
    state = BECOMES.get(STEPS.get(text.state, 0))
    if text.notice_id is None or state is None:
        return
    rows = Notice.objects.filter(pk=text.notice_id).exclude(state=State.DELIVERED)
    rows.update(state=state, failed_why=text.error if state == State.FAILED else "")


def _sender(channel: str) -> str:
    return settings.TWILIO_WHATSAPP_FROM if channel == "whatsapp" else settings.TWILIO_SMS_FROM


def _at(channel: str, number: str) -> str:
    """A number as Twilio writes it for the channel."""
    return f"whatsapp:{number}" if channel == "whatsapp" else number
