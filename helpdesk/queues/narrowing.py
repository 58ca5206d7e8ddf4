"""What the board's figures count, as lists: each figure is counted over the very rows that its list shows."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.hours.timetables import day_of
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import LIVE, Waits
from helpdesk.tickets.models import Answer, Promise
from helpdesk.tickets.opinion_models import Rating, Result
from helpdesk.tickets.rules import Channel

OPINIONS_OF = timedelta(days=30)
"""Ratings and results of so many days stand on the board."""


class Only(models.TextChoices):
    """One of the board's figures."""

    WAITING = "waiting", _("waiting, nobody has taken it")
    CALLS = "calls", _("a caller waits")
    CHATS = "chats", _("a chat waits")
    LIVE = "live", _("a caller or a chat waits")
    WRITTEN = "written", _("a written question waits")
    LEFT = "left", _("a call in vain, a message or a call-back waits")
    MISSED = "missed", _("a missed call waits")
    VOICEMAIL = "voicemail", _("a voice message waits")
    CALL_BACK = "call-back", _("a call-back waits")
    UNREACHED = "unreached", _("not reached after three calls")
    UNANSWERED = "unanswered", _("no first answer yet")
    LATE = "late", _("past its target")
    PROMISED = "promised", _("a call is owed today")
    BROKEN = "broken", _("a promised call is overdue")
    ANSWERED = "answered", _("answered today")
    FIRST = "first", _("first answered today")
    IN_TARGET = "in-target", _("first answered today, within the target")
    RELEASE = "release", _("an answer awaits release")
    RATED = "rated", _("rated in the last 30 days")
    CONTENT = "content", _("rated 4 or 5 in the last 30 days")
    PUT_OFF = "put-off", _("put off")
    CAME = "came", _("result told in the last 30 days")


def narrowed(rows: Any, only: str, *, at: datetime) -> Any:
    """Those of the requests that the figure counts."""
    if only == Only.UNANSWERED:
        return rows.unanswered()
    if only == Only.LATE:
        return rows.breached(at=at)
    if only in (Only.FIRST, Only.IN_TARGET):
        return _first_answered(rows, only, at=at)
    if only == Only.CONTENT:
        low = _rated(at).filter(score__lt=4)
        return _of(rows, _rated(at)).exclude(pk__in=low.values("ticket"))
    return _of(rows, _marks(only, at=at))


def _marks(only: str, *, at: datetime) -> Any:
    """The rows of another kind whose requests are meant."""
    start, end = day_of(at)
    waiting = Waiting.objects.now()
    marks: dict[str, Any] = {
        Only.WAITING: waiting,
        Only.CALLS: waiting.filter(channel=Channel.PHONE),
        Only.CHATS: waiting.filter(channel=Channel.CHAT),
        Only.LIVE: waiting.filter(channel__in=LIVE),
        Only.WRITTEN: waiting.here().exclude(channel__in=LIVE),
        Only.LEFT: waiting.left_behind(),
        Only.MISSED: waiting.filter(channel=Waits.MISSED),
        Only.VOICEMAIL: waiting.filter(channel=Waits.VOICEMAIL),
        Only.CALL_BACK: waiting.filter(channel=Waits.CALL_BACK),
        Only.UNREACHED: Promise.objects.unreached(),
        Only.PROMISED: Promise.objects.owed_until(end),
        Only.BROKEN: Promise.objects.late(at=at),
        Only.ANSWERED: Answer.objects.released_since(start),
        Only.RELEASE: Answer.objects.awaiting(),
        Only.RATED: _rated(at),
        Only.CAME: Result.objects.said_since(at - OPINIONS_OF),
    }
    return marks[only]


def _of(rows: Any, marks: Any) -> Any:
    return rows.filter(pk__in=marks.order_by().values("ticket"))


def _rated(at: datetime) -> Any:
    return Rating.objects.given_since(at - OPINIONS_OF)


def _first_answered(rows: Any, only: str, *, at: datetime) -> Any:
    start, end = day_of(at)
    found = rows.filter(first_answered_at__gte=start, first_answered_at__lt=end)
    if only == Only.IN_TARGET:
        in_time = Q(answer_due_at=None) | Q(first_answered_at__lte=F("answer_due_at"))
        found = found.filter(in_time)
    return found
