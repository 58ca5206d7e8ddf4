"""Tags on a ticket: words of the team by which it is found again. One word, one tag."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.centre.lines import clean_line
from helpdesk.tickets.desk_models import Tag, Tagging
from helpdesk.tickets.models import Ticket
from knowledge.search.folding import fold, normalise

LONGEST = 40
MOST = 12
"""Tags of one ticket."""


def key_of(name: str) -> str:
    """What two spellings of one word share: `Marché`, `marche` and `MARCHÉ`; `إيداع` and `ايداع`."""
    return " ".join(fold(word) for word in normalise(name).split())[:60]


@transaction.atomic
def tag(ticket: Ticket, name: str, *, by: Any, at: datetime) -> Tag | None:
    """Put a word on a ticket, by the spelling the team uses already. None: nothing was named.

    The same word twice, at once or in another spelling, is one tag on the ticket.
    """
    name = clean_line(name, limit=LONGEST).strip("#").strip()
    key = key_of(name)
    if not key:
        return None
    made, _created = Tag.objects.get_or_create(
        team_id=ticket.team_id, key=key, defaults={"name": name, "made_by": by, "made_at": at}
    )
    if ticket.taggings.count() < MOST:
        Tagging.objects.get_or_create(ticket=ticket, tag=made, defaults={"by": by, "at": at})
    return made


@transaction.atomic
def untag(ticket: Ticket, tag_pk: int) -> None:
    """Take a word off; one that no ticket has any more is forgotten."""
    Tagging.objects.filter(ticket=ticket, tag=tag_pk).delete()
    Tag.objects.filter(pk=tag_pk, team=ticket.team_id, taggings=None).delete()
