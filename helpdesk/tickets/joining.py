"""Whether two requests may become one, and what would move: looked at before anything is done.

Nobody gets to read more by it: the asker must be the same, a lower level is refused, and of two
sealed requests the one that goes on must be open to nobody new.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from helpdesk.tickets import conflicts
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.facts import label
from helpdesk.tickets.models import Answer, Ticket
from helpdesk.tickets.rules import Level

CONTACT = ("contact_email", "contact_number")


@dataclass(frozen=True)
class Obstacle:
    """Why not. `persons` when the two would first have to be one person."""

    text: str
    persons: tuple[int, int] | None = None


@dataclass(frozen=True)
class Preview:
    """What merging would do, in numbers."""

    source: Ticket
    target: Ticket
    obstacle: Obstacle | None
    entries: int = 0
    answers: int = 0
    unsent: int = 0
    promises: int = 0
    files: int = 0
    facts: int = 0
    clashes: list[str] = field(default_factory=list)
    """Facts that both tell differently: those of the target stay."""


def obstacle(source: Ticket, target: Ticket, *, at: datetime) -> Obstacle | None:
    """The first thing that stands against putting `source` into `target`."""
    if source.pk == target.pk:
        return Obstacle(_("This is the same request."))
    if source.centre_id != target.centre_id:
        return Obstacle(_("Requests of two centres are not merged."))
    if not source.is_closed and target.is_closed:
        return Obstacle(_("The request that would go on is closed. Reopen it, or keep the other."))
    if Chat.objects.live().filter(ticket=source).exists():
        return Obstacle(_("A chat is going on in this request. End it first, or keep this one."))
    if source.level > target.level:
        return Obstacle(
            _("What few may read is not put where more can. Keep the more confidential request.")
        )
    if source.level == Level.SEALED and _readers(target, at) - _readers(source, at):
        return Obstacle(
            _(
                "More people are named for the other request than for this one. Make the names equal first."
            )
        )
    sides = {conflicts.side_of(source), conflicts.side_of(target)} - {""}
    if len(sides) == 2:
        return Obstacle(_("The two stand on different sides of a dispute."))
    if source.association_id and target.association_id not in (None, source.association_id):
        return Obstacle(_("The two are for different associations."))
    return _of_persons(source, target)


def _of_persons(source: Ticket, target: Ticket) -> Obstacle | None:
    """Only the same asker: whoever follows one would read the other."""
    mine, theirs = source.person_id, target.person_id
    if mine and theirs and mine != theirs:
        return Obstacle(
            _("Two different persons ask. If they are one person, merge the persons first."),
            (mine, theirs),
        )
    if mine and mine == theirs:
        return None
    if not mine and not theirs and any(_shared(source, target, name) for name in CONTACT):
        return None
    return Obstacle(
        _("It is not known that the same person asks. Say who asks in both requests first.")
    )


def _shared(source: Ticket, target: Ticket, name: str) -> bool:
    value = getattr(source, name)
    return bool(value) and value == getattr(target, name)


def _readers(ticket: Ticket, at: datetime) -> set[int]:
    rows = ticket.grants.filter(Q(ends_at=None) | Q(ends_at__gt=at))
    return set(rows.values_list("user_id", flat=True))


def preview(source: Ticket, target: Ticket, *, at: datetime) -> Preview:
    """What would move, for the person who decides."""
    told = dict(source.facts.values_list("code", "value"))
    known = dict(target.facts.values_list("code", "value"))
    clashes = [label(code) for code, value in told.items() if known.get(code, value) != value]
    files = source.entries.model.files.through.objects.filter(entry__ticket=source)
    return Preview(
        source=source, target=target, obstacle=obstacle(source, target, at=at),
        entries=source.entries.count(),
        answers=source.answers.filter(state=Answer.State.RELEASED).count(),
        unsent=len(source.answers.unsent()),
        promises=source.promises.owed().count(),
        files=files.count(),
        facts=len(told.keys() - known.keys()),
        clashes=clashes,
    )  # fmt: skip
