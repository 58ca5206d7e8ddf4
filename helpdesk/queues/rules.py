"""Who is asked first, and for how long; what counts as connected and as load. No query here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.tickets.rules import Channel


class Waits(models.TextChoices):
    """What stands in a queue beside the channels: left behind by a caller who is gone."""

    MISSED = "missed", _("missed call")
    VOICEMAIL = "voicemail", _("voice message")
    CALL_BACK = "call-back", _("call-back")


class Ended(models.TextChoices):
    """How a contact left the line."""

    CLAIMED = "claimed", _("taken")
    ABANDONED = "abandoned", _("given up")
    SHORT = "short", _("given up at once")
    CALL_BACK = "call-back", _("asked to be called back")
    VOICEMAIL = "voicemail", _("left a message")
    WRITTEN = "written", _("became a written question")
    NO_VOICE = "no-voice", _("taken, but no voice came")
    """It goes on in a row of its own, in the same place."""
    CAME_BACK = "came-back", _("called again")
    SETTLED = "settled", _("settled with another contact")


LIVE = (Channel.PHONE, Channel.CHAT)
"""Contacts of people who are there now."""
OFFERED_FOR = timedelta(seconds=20)
"""How long an offer stands before the next advisor is asked."""
ROUND = timedelta(seconds=60)
"""When everybody let it go by, this long after the last offer they are asked again."""
IGNORED_MOST = 2
"""So many live offers ignored in a row put an advisor on a break."""
GONE_AFTER = timedelta(seconds=60)
"""A desk not heard of for so long is not connected: shown grey, offered nothing."""
SEEN_EVERY = timedelta(seconds=15)
"""How often a desk that speaks is noted."""
WRAP_UP = timedelta(minutes=2)
"""After a conversation its advisor is left in peace for so long, unless they end it before."""
FORGOTTEN = timedelta(hours=4)
"""Work on a contact in which nothing was said for so long is no load any more."""


@dataclass(frozen=True)
class Advisor:
    """Somebody free, as far as offering goes. `provinces` of their postings; empty text = all."""

    pk: int
    speaks: frozenset[str]
    themes: frozenset[int]
    """Empty = every theme."""
    provinces: frozenset[str]
    load: int
    idle_since: datetime
    serves: int | None = None
    """The queue put first for today."""


def best_first(
    advisors: Iterable[Advisor], *, queue: int, language: str, theme: int | None, province: str
) -> list[Advisor]:
    """Those who reach the province: who serves the queue today, then language before theme before
    territory, then the longest idle.

    A language that nobody speaks is no reason to leave somebody waiting: matches only set the order.
    """

    def order(one: Advisor) -> Any:
        return (
            one.serves != queue,
            language not in one.speaks,
            bool(theme and one.themes and theme not in one.themes),
            bool(province) and province not in one.provinces,
            one.load,
            one.idle_since,
            one.pk,
        )

    return sorted((a for a in advisors if reaches(a, province)), key=order)


def reaches(advisor: Advisor, province: str) -> bool:
    """Whether the postings let the advisor read a request of that province (empty = everybody's)."""
    return not province or "" in advisor.provinces or province in advisor.provinces


def is_pushed(queue: Any, channel: str) -> bool:
    """Whether the queue offers what comes by that channel, or leaves it to be picked."""
    return bool(queue.push_live if channel in LIVE else queue.push_written)
