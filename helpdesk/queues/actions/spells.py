"""The history of presence: one row a stretch, from which it is told how long people were there for work."""

from datetime import datetime
from typing import Any

from helpdesk.queues.models import Presence, PresenceSpell
from helpdesk.queues.rules import GONE_AFTER


def turn(user: Any, state: str, *, seen_at: datetime | None, at: datetime) -> None:
    """From now on another state, or the same after a silence; `seen_at` is when the desk last spoke.

    What went on before ends now, or when the desk counted as gone. Who practises is there for nobody:
    figures of presence tell a person of the real desk.
    """
    row = PresenceSpell.objects.going_on().filter(user=user).first()
    if row is not None:
        gone = at if seen_at is None else min(at, seen_at + GONE_AFTER)
        PresenceSpell.objects.filter(pk=row.pk, ended_at=None).update(
            ended_at=max(row.began_at, gone)
        )
    if state != Presence.State.AWAY and getattr(user, "practising_id", None) is None:
        begun = PresenceSpell(user_id=getattr(user, "pk", user), state=state, began_at=at)
        # Two pages of one person may say it at the same moment: one row is enough.
        PresenceSpell.objects.bulk_create([begun], ignore_conflicts=True)
