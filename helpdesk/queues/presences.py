"""Who is there: what colleagues say of themselves, whether their desk is heard of, whether they are in a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.queues.models import Handling, Presence
from helpdesk.tickets.rules import Channel


@dataclass(frozen=True)
class Present:
    """One colleague now."""

    user: Any
    state: Presence.State
    """Away also where the desk is not heard of."""
    is_in_call: bool

    @property
    def is_free(self) -> bool:
        return self.state == Presence.State.FREE and not self.is_in_call


def of(people: Sequence[Any], *, at: datetime) -> list[Present]:
    """These people, who can take something first; two queries."""
    states = dict(
        Presence.objects.connected(at=at)
        .filter(user__in=[user.pk for user in people])
        .values_list("user", "state")
    )
    calls = Handling.objects.in_hand(at=at).filter(user__in=people, channel=Channel.PHONE)
    busy = set(calls.values_list("user", flat=True))
    away = Presence.State.AWAY
    found = [
        Present(user, Presence.State(states.get(user.pk, away)), user.pk in busy) for user in people
    ]
    return sorted(found, key=lambda one: (not one.is_free, one.state == away, one.user.username))
