"""What people say of themselves, and whether their desk is there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from helpdesk.queues.actions import spells
from helpdesk.queues.actions.offering import assign, withdraw
from helpdesk.queues.models import Presence
from helpdesk.queues.rules import GONE_AFTER, SEEN_EVERY

STATES = {state.value: state for state in Presence.State}
"""What one may say of oneself, by its code."""


def be(user: Any, state: Presence.State, *, at: datetime) -> Presence:
    """Say that one is available, occupied, on a break or away.

    Who becomes available is offered what waits; who leaves gives back what was offered. Saying the
    same again changes nothing: the time one has been idle goes on.
    """
    presence, _ = Presence.objects.get_or_create(
        user=user, defaults={"state": Presence.State.AWAY, "since": at}
    )
    other = Presence.objects.filter(user=user).exclude(state=state)
    if other.update(state=state, since=at, ignored=0, sent_at=None):
        spells.turn(user, state, seen_at=presence.seen_at, at=at)
        presence.refresh_from_db()
        if state != Presence.State.FREE:
            withdraw(user, at=at)
        assign(at=at)
    return presence


def step_out(user: Any, *, at: datetime) -> None:
    """Away from the real desk, to practise: what is said from now on is of the practice, until they come back."""
    if Presence.objects.filter(user=user).exists():
        be(user, Presence.State.AWAY, at=at)
        Presence.objects.filter(user=user, away_since=None).update(away_since=F("since"))


def come_back(people: Iterable[Any], *, at: datetime) -> None:
    """From a practice: each is away since they were before, and nothing is kept of what they said in it."""
    for user in people:
        withdraw(user, at=at)
    rows = Presence.objects.filter(user__in=people)
    rows.filter(away_since=None).delete()
    rows.update(
        state=Presence.State.AWAY, since=F("away_since"), away_since=None, ignored=0, sent_at=None
    )


def seen_all(people: Iterable[int], *, at: datetime) -> int:
    """The same for many at once; who never said a word of themselves is not counted. How many."""
    rows = Presence.objects.filter(user__in=set(people)).select_related("user")
    rows = rows.exclude(seen_at__gt=at - SEEN_EVERY)
    return len([seen(row.user, at=at) for row in rows])


def seen(user: Any, *, at: datetime) -> bool:
    """The person's desk spoke. True when it had been silent for a minute: it is connected again.

    Written at most each quarter of a minute, so that it may be called as often as one likes.
    """
    row = Presence.objects.filter(user=user).values("seen_at", "state").first()
    if row is None:
        new = {"state": Presence.State.AWAY, "since": at, "seen_at": at}
        Presence.objects.get_or_create(user=user, defaults=new)
        return True
    before = row["seen_at"]
    if before is not None and at - before < SEEN_EVERY:
        return False
    Presence.objects.filter(user=user).update(seen_at=at)
    is_back = before is None or at - before > GONE_AFTER
    if is_back and before is not None:
        spells.turn(user, row["state"], seen_at=before, at=at)
    if is_back and row["state"] == Presence.State.FREE:
        assign(at=at)
    return is_back
