"""Who is asked first: what waits is offered to one free advisor after the other, twenty seconds each.

An offer takes nothing away: the row stands in the open list all the while, and whoever claims it
first has it. Run again whenever somebody becomes free, and by a sweep for offers that ran out; who lets
two live ones run out in a row is put on a break.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.live import streams
from helpdesk.live.announcing import announce
from helpdesk.queues.actions.ignoring import ignored, noticed
from helpdesk.queues.models import Presence, Waiting
from helpdesk.queues.rules import LIVE, ROUND, Advisor, best_first
from helpdesk.tickets.models import Ticket

AT_ONCE = 50


def assign(*, at: datetime) -> int:
    """Offer what waits without an offer, the oldest first; how many offers were made."""
    made, free = 0, {}
    for waiting in Waiting.objects.to_offer(at=at)[:AT_ONCE]:
        team = waiting.ticket.team_id
        if team not in free:
            free[team] = free_advisors(team, at=at)
        if (chosen := _offer(waiting, free[team], at=at)) is not None:
            made += 1
            free = {one: [a for a in rows if a.pk != chosen] for one, rows in free.items()}
    return made


def drop_vain(*, at: datetime) -> int:
    """Take back offers that ran out where their queue offers nothing any more."""
    return Waiting.objects.offered_in_vain(at=at).update(offered_to=None)


def decline(ticket: Ticket, *, by: Any, at: datetime) -> bool:
    """Let an offer go by; the next one is asked at once. False when it was not theirs any more."""
    row = (
        Waiting.objects.now().select_related("ticket").filter(ticket=ticket, offered_to=by).first()
    )
    if row is None or not _take_back(row):
        return False
    noticed(by.pk)
    assign(at=at)
    return True


def withdraw(user: Any, *, at: datetime) -> None:
    """Take back what was offered to somebody who left."""
    for row in Waiting.objects.now().select_related("ticket").filter(offered_to=user):
        _take_back(row)


def free_advisors(team: int, *, at: datetime) -> list[Advisor]:
    """Who of a team said so, is connected, has room in hand and no offer yet."""
    rows = Presence.objects.free(team, at=at, on=timezone.localdate(at))
    return [
        Advisor(
            pk=row.user_id, speaks=frozenset([row.user.language, *row.user.speaks]),
            themes=frozenset(theme.pk for theme in row.user.themes.all()),
            provinces=frozenset(posting.province for posting in row.user.current),
            serves=row.serves,
            load=row.load, idle_since=max(row.since, row.last_done or row.since),
        )
        for row in rows
    ]  # fmt: skip


def _offer(waiting: Waiting, free: Sequence[Advisor], *, at: datetime) -> int | None:
    """Offer one row to the best that was not asked yet in this round; who that was."""
    ticket = waiting.ticket
    asked = set(waiting.passed) | ({waiting.offered_to_id} if waiting.offered_to_id else set())
    order = best_first(
        free,
        queue=waiting.queue_id,
        language=ticket.language,
        theme=ticket.theme_id,
        province=ticket.province,
    )
    left = [one for one in order if one.pk not in asked and _may_read(one, ticket)]
    if not left and waiting.offered_at and at - waiting.offered_at >= ROUND:
        left, asked = [one for one in order if _may_read(one, ticket)], set()
    for one in left:
        try:
            with transaction.atomic():
                if not _as_read(waiting).update(
                    offered_to=one.pk, offered_at=at, passed=sorted(asked)
                ):
                    return None  # claimed, or offered by another process just now
                _ran_out(waiting, at=at)
                announce(streams.team(ticket.team_id), kind="call")
                return one.pk
        except IntegrityError:
            continue  # somebody offered them another contact just now
    if waiting.offered_to_id and _take_back(waiting):
        _ran_out(waiting, at=at)
    return None


def _ran_out(waiting: Waiting, *, at: datetime) -> None:
    """Of what was offered before: whoever it was, they ignored somebody who is there."""
    if waiting.offered_to_id and waiting.channel in LIVE:
        ignored(waiting.offered_to_id, at=at)


def _take_back(waiting: Waiting) -> int:
    passed = sorted({*waiting.passed, waiting.offered_to_id})
    announce(streams.team(waiting.ticket.team_id), kind="call")
    return _as_read(waiting).update(offered_to=None, passed=passed)


def _as_read(waiting: Waiting) -> Any:
    return Waiting.objects.now().filter(
        pk=waiting.pk, offered_to=waiting.offered_to_id, offered_at=waiting.offered_at
    )


def _may_read(advisor: Advisor, ticket: Ticket) -> bool:
    """Where the level is not ordinary: asked of the one door to rows."""
    if not ticket.level:
        return True
    user = Presence.objects.select_related("user").get(user=advisor.pk).user
    return Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
