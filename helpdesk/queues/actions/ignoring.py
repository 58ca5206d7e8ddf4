"""Offers that ran out: two in a row put an advisor on a break, so that callers wait for nobody absent.

To ignore is not to decline: whoever lets an offer go by has seen it, and begins anew.
"""

from datetime import datetime

from django.db.models import F

from helpdesk.accounts.actions import audit
from helpdesk.queues.actions import spells
from helpdesk.queues.models import Presence
from helpdesk.queues.rules import IGNORED_MOST


def ignored(user: int, *, at: datetime) -> bool:
    """A live offer to this person ran out. True when that put them on a break, with a trace."""
    rows = Presence.objects.filter(user=user)
    rows.update(ignored=F("ignored") + 1)
    free = rows.filter(ignored__gte=IGNORED_MOST, state=Presence.State.FREE)
    if not free.update(state=Presence.State.BREAK, since=at, sent_at=at):
        return False
    presence = rows.select_related("user").get()
    spells.turn(presence.user, presence.state, seen_at=presence.seen_at, at=at)
    facts = {"ignored": presence.ignored}
    audit("sent-on-break", by=None, at=at, subject=presence.user, facts=facts)
    return True


def noticed(user: int) -> None:
    """The person took or declined something: they are there."""
    Presence.objects.filter(user=user, ignored__gt=0).update(ignored=0)
