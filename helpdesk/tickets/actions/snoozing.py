"""Putting a ticket off: it leaves one's turn until a time, or until the asker writes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.desk_models import Snooze
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Kind


class JustWrote(Refusal):
    """There is something to read that the page did not show."""

    def __init__(self) -> None:
        super().__init__(_("The person wrote in the meantime. Read it before putting it off."))


@transaction.atomic
def snooze(ticket: Ticket, *, until: datetime, base: int, by: Any, at: datetime) -> Snooze:
    """Put a ticket off for `by`. A second time moves the first.

    `base` is the number of the newest entry that was seen: raises JustWrote when the asker wrote
    after it. The entry is written first: it holds the ticket's row, so that an asker's line comes
    either before this check or after the snooze, which it then ends.
    """
    entry(
        ticket, Kind.NOTE, by=by, at=at, public=False,
        data={"about": "snooze", "until": until.isoformat()},
    )  # fmt: skip
    if ticket.entries.since(base).filter(from_asker=True).exists():
        raise JustWrote
    made, _created = Snooze.objects.update_or_create(
        ticket=ticket, user=by, ended_at=None, defaults={"until": until, "at": at}
    )
    return made


@transaction.atomic
def wake(ticket: Ticket, *, by: Any, at: datetime) -> bool:
    """Take a ticket up again before its time. False when it was not put off (any more)."""
    running = Snooze.objects.running(at=at).filter(ticket=ticket, user=by)
    if not running.update(ended_at=at):
        return False
    entry(ticket, Kind.NOTE, by=by, at=at, public=False, data={"about": "woken"})
    return True
