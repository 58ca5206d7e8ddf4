"""Who would take a chat or a call now: opening hours, advisors who are there and what they speak, the
place in line and the wait, and when a call-back can be promised.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Q
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.accounts.rules import DESK
from helpdesk.hours.rules import add_working_minutes
from helpdesk.queues.actions import choose_queue
from helpdesk.queues.models import Presence, Queue, Waiting
from helpdesk.queues.opening import closing, next_opening, open_now
from helpdesk.queues.rules import LIVE
from helpdesk.tickets.rules import Channel

THERE = (Presence.State.FREE, Presence.State.BUSY)
"""An advisor who is occupied is still there: the chat waits for them."""
SILENT = timedelta(minutes=5)
"""A desk that was not heard of for so long is shut, whatever its person said last."""
SAMPLE, FEWEST = 20, 3
"""Contacts of the last days from which a wait is foretold, and how many it takes."""
RECENT = timedelta(days=7)
CALL_BACK_WITHIN = 4 * 60
"""Working minutes within which whoever left is called back."""
OVERFLOW = timedelta(minutes=10)
"""The longest wait where no queue says otherwise."""


@dataclass(frozen=True)
class Reception:
    """How a queue stands at one moment."""

    is_open: bool
    is_staffed: bool
    opens_at: datetime | None
    """The next opening; None while open, or when none is known."""
    closes_at: datetime | None
    paused_for: str = ""
    """Why it is paused, in the reader's language; then `opens_at` is the end of the pause."""
    closed_words: str = ""
    """What the queue tells whoever comes while it is closed, in the reader's language; may be empty."""

    @property
    def is_ready(self) -> bool:
        """A chat begun now would meet somebody."""
        return self.is_open and self.is_staffed


@dataclass(frozen=True)
class Place:
    """`before`: contacts of the kind that came earlier; `minutes` of waiting still expected, None where unknown."""

    before: int
    minutes: int | None


def reception(centre: Any, *, language: str, at: datetime, theme: Any = None) -> Reception:
    """The queue that a chat in this language would come into."""
    return reception_of(choose_queue(centre, theme=theme, language=language), at=at)


def reception_of(queue: Queue, *, at: datetime) -> Reception:
    is_open = open_now(queue, at=at)
    paused_for = queue.pause_text if queue.is_paused(at=at) else ""
    return Reception(
        is_open=is_open,
        is_staffed=is_staffed(queue, at=at),
        opens_at=None if is_open else next_opening(queue, at=at),
        closes_at=closing(queue, at=at),
        paused_for=paused_for,
        closed_words="" if is_open or paused_for else queue.closed_text,
    )


def is_staffed(queue: Queue, *, at: datetime) -> bool:
    """Somebody of the team says that they are there."""
    return bool(_there(queue.team, at=at).exists())


def spoken(queues: Iterable[Queue], *, at: datetime) -> dict[int, frozenset[str]]:
    """Languages (codes of accounts.Tongue) of those who are there, by the team of these queues.

    Where nobody who is there speaks the caller's, waiting leads nowhere: a call-back is promised in
    that language (`promised_window`). Whoever would rather wait may, and is taken by whom it may be.
    """
    teams = {queue.team_id: queue.team for queue in queues}
    return {
        pk: frozenset(code for one in _there(team, at=at) for code in (one.language, *one.speaks))
        for pk, team in teams.items()
    }


def _there(team: Any, *, at: datetime) -> Any:
    """Advisors of a team who say that they are there, and whose desk was heard of."""
    heard = Q(seen_at=None) | Q(seen_at__gte=at - SILENT)
    present = Presence.objects.filter(heard, state__in=THERE)
    desk = User.objects.in_team(team, on=timezone.localdate(at)).in_role(*DESK)
    return desk.filter(pk__in=present.values("user"))


def promised_window(queue: Queue, *, at: datetime) -> tuple[datetime, datetime]:
    """Between when and when a call-back can be promised: within four working hours from the next opening."""
    opens = next_opening(queue, at=at) or at
    return opens, add_working_minutes(queue.timetable, opens, CALL_BACK_WITHIN)


def longest_wait(ticket: Any) -> timedelta:
    """After so long in its queue a caller is offered a call-back or a message."""
    rows = Waiting.objects.now().filter(ticket=ticket)
    minutes = rows.values_list("queue__overflow_minutes", flat=True).first()
    return OVERFLOW if minutes is None else timedelta(minutes=minutes)


def is_there(user: Any, *, at: datetime) -> bool:
    """The person has not gone: neither by their word nor by a desk long silent. A break is no going."""
    gone = Q(state=Presence.State.AWAY) | Q(seen_at__lt=at - SILENT)
    return not Presence.objects.filter(gone, user=user).exists()


def place_of(ticket: Any, *, at: datetime) -> Place | None:
    """Where a chat or a call stands among its kind; None when it waits no longer."""
    waiting = Waiting.objects.now().filter(ticket=ticket, channel__in=LIVE).first()
    if waiting is None:
        return None
    channel = Channel(waiting.channel)
    ahead = Waiting.objects.now().filter(
        queue=waiting.queue_id, channel=channel, since__lt=waiting.since
    )
    if channel == Channel.CHAT:
        ahead = ahead.filter(
            ticket__chat__isnull=False, ticket__chat__turned_at=None, ticket__chat__ended_at=None
        )
    usual = usual_wait(waiting.queue_id, channel, at=at)
    minutes = None
    if usual is not None:
        left = usual - (at - waiting.since)
        minutes = max(1, round(left.total_seconds() / 60))
    return Place(before=ahead.count(), minutes=minutes)


def usual_wait(queue_id: int, channel: Channel = Channel.CHAT, *, at: datetime) -> timedelta | None:
    """The middle one of the last waits by that channel; None while too few were taken."""
    taken = Waiting.objects.filter(
        queue=queue_id, channel=channel, claimed_at__gte=at - RECENT
    ).order_by("-claimed_at")
    waits = [
        (end - start).total_seconds()
        for start, end in taken.values_list("since", "claimed_at")[:SAMPLE]
    ]
    return timedelta(seconds=median(waits)) if len(waits) >= FEWEST else None
