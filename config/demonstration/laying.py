"""What a start of the demonstration does to its tickets.

Of each story: laid today and untouched since, its times move up to now; worked on by a visitor less
than six hours after it was laid, it stays as they left it; else it is told anew. Then every promise of
the demonstration that no ticket keeps any more is kept by telling its stories anew.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.demonstration import searching, week
from config.demonstration import who as people
from config.demonstration.cast import lay_cast, lay_centre
from config.demonstration.stories import Carries, Story, stories
from config.demonstration.telling import KEY, Teller, span
from config.demonstration.who import Who
from helpdesk.accounts.models import User
from helpdesk.associations.models import Association, LegalDeadline, Person
from helpdesk.centre.models import Centre
from helpdesk.notices.models import Notice
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling, Presence, Waiting
from helpdesk.tickets.jobs import tell_late
from helpdesk.tickets.models import (
    Answer,
    Dispute,
    Entry,
    Grant,
    IntakeFact,
    Promise,
    Target,
    Ticket,
)
from helpdesk.tickets.opinion_models import Rating, Result
from helpdesk.tickets.rules import Kind
from telephony.models import Call

KEPT = timedelta(hours=6)
"""How long a visitor's work on a story stays."""
WAITING_AT_LEAST = 3

_TIMES: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...] = (
    (Entry, "ticket__in", ("at",)),
    (Answer, "ticket__in", ("written_at", "released_at")),
    (Promise, "ticket__in",
     ("window_from", "window_until", "made_at", "last_attempt_at", "ended_at")),
    (IntakeFact, "ticket__in", ("at",)),
    (Rating, "ticket__in", ("at",)),
    (Result, "ticket__in", ("asked_at", "said_at")),
    (Grant, "ticket__in", ("given_at",)),
    (Target, "ticket__in",
     ("counted_at", "rests_since", "answer_near_at", "resolve_near_at", "resolve_due_at",
      "reckoned_at", "answer_told_at", "resolve_told_at")),
    (Waiting, "ticket__in", ("since", "due_at", "claimed_at", "ended_at", "offered_at")),
    (Handling, "ticket__in", ("started_at", "answered_at", "ended_at", "wrapped_at")),
    (Call, "ticket__in", ("started_at", "answered_at", "ended_at", "wrapped_at")),
    (Notice, "subject_id__in", ("written_at", "due_at", "sent_at")),
    (Ticket, "pk__in",
     ("opened_at", "moved_at", "answer_due_at", "first_answered_at", "closed_at")),
)  # fmt: skip


@dataclass(frozen=True)
class Laid:
    """How many stories were told anew, moved to now, and left as a visitor had them; calls laid."""

    told: int
    moved: int
    left: int
    calls: int = 0


@transaction.atomic
def lay(*, at: datetime, fresh: bool = False, calls: bool = False) -> Laid:
    """Bring the demonstration up to now; `fresh` tells every story anew, `calls` lays a week of them."""
    at = at.replace(microsecond=0)
    centre = lay_centre(at=at)
    users = lay_cast(centre, at=at)
    who = people.lay(centre, users, at=at)
    people.date_again(who, users, at=at)
    known = _tickets()
    all_stories = stories()
    anew = [s for s in all_stories if fresh or _is_over(s, known.get(s.slug), at=at)]
    kept = [s for s in all_stories if s not in anew]
    untouched = [s for s in kept if not _is_touched(s, known[s.slug])]
    behind = defaultdict(list)
    for story in untouched:
        behind[at - _laid_at(story, known[story.slug])].append(known[story.slug].pk)
    for length, tickets in behind.items():
        _move(tickets, by=length)
    _tell(anew, known, centre, users, who, at=at)
    mended = [s for s in kept if s.carries in _broken(at=at)]
    _tell(mended, known, centre, users, who, at=at)
    if calls:
        _forget(week.outdated(at=at))
    laid = week.lay(centre, users, at=at) if calls else 0
    _take_seats(users, at=at)
    searching.lay(at=at)
    tell_late(at=at)  # now, or the sweep would tell it in a moment as if a visitor had been here
    moved = len([s for s in untouched if s not in mended])
    told = len(anew) + len(mended)
    return Laid(told=told, moved=moved, left=len(all_stories) - told - moved, calls=laid)


def _tickets() -> dict[str, Ticket]:
    """The tickets of the stories by slug."""
    firsts = Entry.objects.filter(number=1, key__startswith=KEY).select_related("ticket")
    return {(entry.key or "").removeprefix(KEY): entry.ticket for entry in firsts}


def _laid_at(story: Story, ticket: Ticket) -> datetime:
    return ticket.opened_at + span(story.opened)


def _is_touched(story: Story, ticket: Ticket) -> bool:
    """A visitor did something to it: an entry later than any the story tells."""
    return ticket.moved_at > _laid_at(story, ticket)


def _is_over(story: Story, ticket: Ticket | None, *, at: datetime) -> bool:
    """Not there, told on another day, or worked on by a visitor hours ago."""
    if ticket is None:
        return True
    laid = _laid_at(story, ticket)
    if laid > at or timezone.localdate(laid) != timezone.localdate(at):
        return True
    return _is_touched(story, ticket) and at - laid > KEPT


def _move(tickets: list[int], *, by: timedelta) -> None:
    """All their times, by one length. Days (of deadlines, of facts told) stay: it is the same day."""
    if not by:
        return
    for model, lookup, fields in _TIMES:
        rows = model._default_manager.filter(**{lookup: tickets})
        if model is Notice:
            rows = rows.filter(subject_kind="ticket")
        rows.update(**{field: F(field) + by for field in fields})
    told = (Kind.PROMISE, Kind.ESCALATION)
    for entry in Entry.objects.filter(ticket__in=tickets, kind__in=told):
        for end in ("from", "until", "due_at"):
            if moment := parse_datetime(entry.data.get(end, "")):
                entry.data[end] = (moment + by).isoformat()
        entry.save(update_fields=["data"])


def _tell(
    told: list[Story], known: dict[str, Ticket], centre: Centre, users: dict[str, User], who: Who,
    *, at: datetime,
) -> None:  # fmt: skip
    _forget([known[story.slug].pk for story in told if story.slug in known])
    for story in told:
        teller = Teller(story.slug, story.case, story.opened, centre, users, who, at)
        story.tell(teller)


def _forget(tickets: list[int]) -> None:
    """Delete tickets of the demonstration with all that hangs on them."""
    if not tickets:
        return
    rows = Ticket.objects.filter(pk__in=tickets)
    nameless: Any = Association.objects.filter(in_formation=True, tickets__in=tickets)
    unknown: Any = Person.objects.filter(user=None, name="", phones=None, tickets__in=tickets)
    made = list(nameless.values_list("pk", flat=True)), list(unknown.values_list("pk", flat=True))
    Answer.objects.filter(ticket__in=tickets).delete()
    Call.objects.filter(ticket__in=tickets).delete()
    Notice.objects.filter(subject_kind="ticket", subject_id__in=tickets).delete()
    LegalDeadline.objects.filter(ticket_id__in=tickets).delete()
    rows.delete()
    Dispute.objects.filter(sides=None).delete()
    Association.objects.filter(pk__in=made[0], tickets=None).delete()
    Person.objects.filter(pk__in=made[1], tickets=None).delete()


def _broken(*, at: datetime) -> set[Carries]:
    """Promises of the demonstration that no ticket keeps now."""
    owed = Promise.objects.owed().filter(window_until__gt=at)
    kept = {
        Carries.WAITING: Waiting.objects.now().count() >= WAITING_AT_LEAST,
        Carries.CALL_OWED: owed.filter(window_until__lte=at + timedelta(hours=1)).exists(),
        Carries.LATE: Ticket.objects.late(at=at).exists(),
        Carries.RELEASE: Answer.objects.awaiting().exists(),
    }
    return {promise for promise, is_kept in kept.items() if not is_kept}


def _take_seats(users: dict[str, User], *, at: datetime) -> None:
    for name, state in (
        ("amina", Presence.State.FREE), ("salma", Presence.State.FREE),
        ("brahim", Presence.State.BUSY),
    ):  # fmt: skip
        queues.be(users[name], state, at=at)
