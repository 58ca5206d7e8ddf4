"""The numbers of the board for one reader: one query for all that is not waiting now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, Subquery, Value
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.associations.models import LegalDeadline
from helpdesk.queues.models import Waiting
from helpdesk.queues.narrowing import Only, narrowed
from helpdesk.queues.rules import LIVE
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Channel
from helpdesk.tickets.subqueries import Capped

COUNTED = (
    Only.UNANSWERED, Only.LATE, Only.PROMISED, Only.BROKEN, Only.ANSWERED, Only.FIRST,
    Only.IN_TARGET, Only.RELEASE,
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """What waits on one channel, in one language and queue. `came_by` is how the request came first."""

    channel: str
    came_by: str
    language: str
    queue: int
    count: int
    since: datetime
    due: datetime
    late: int
    next_due: datetime | None

    @property
    def is_live(self) -> bool:
        return self.channel in LIVE


@dataclass(frozen=True)
class Read:
    """Counts by `Only`, and the instants that matter."""

    counts: Mapping[str, int]
    waiting: list[Group]
    calls_to_make: int
    """Rows of the day-61 list."""
    passed: int
    """Of them, delays that have passed."""
    oldest_at: datetime | None
    oldest_due: datetime | None
    """Of the unanswered, the nearest (or longest past) target."""
    turns: list[datetime]
    """Instants to come at which a figure changes though nothing is written."""

    def waits(self, *channels: str) -> int:
        return sum(one.count for one in self.waiting if not channels or one.channel in channels)


def read(user: Any, *, at: datetime) -> Read:
    """Everything counted, in two queries."""
    seen = Ticket.objects.visible_to(user, at=at).unmerged()
    waiting = _groups(user, at=at)
    unanswered = seen.unanswered()
    owed = Promise.objects.visible_to(user).owed()
    calls = LegalDeadline.objects.visible_to(user).to_call(on=timezone.localdate(at))
    row = User.objects.filter(pk=user.pk).order_by().values(
        **{f"n_{only.name}": Capped(narrowed(seen, only, at=at)) for only in COUNTED},
        n_calls=Capped(calls), n_passed=Capped(calls.filter(state="passed")),
        oldest_at=_least(unanswered, "opened_at"),
        oldest_due=_first_due(unanswered.filter(answer_due_at__isnull=False)),
        next_due=_first_due(unanswered.filter(answer_due_at__gt=at)),
        next_promise=_least(owed.filter(window_until__gt=at), "window_until"),
    ).get()  # fmt: skip
    counts = {only.value: row[f"n_{only.name}"] for only in COUNTED}
    total = sum(group.count for group in waiting)
    by_channel = {
        Only.WAITING: total,
        Only.CALLS: sum(g.count for g in waiting if g.channel == Channel.PHONE),
        Only.CHATS: sum(g.count for g in waiting if g.channel == Channel.CHAT),
        Only.LIVE: sum(g.count for g in waiting if g.is_live),
        Only.WRITTEN: sum(g.count for g in waiting if not g.is_live),
    }
    turns = [row["next_due"], row["next_promise"], *(group.next_due for group in waiting)]
    return Read(
        counts={**counts, **{only.value: n for only, n in by_channel.items()}},
        waiting=waiting, calls_to_make=row["n_calls"], passed=row["n_passed"],
        oldest_at=row["oldest_at"], oldest_due=row["oldest_due"],
        turns=[turn for turn in turns if turn],
    )  # fmt: skip


def _groups(user: Any, *, at: datetime) -> list[Group]:
    rows = Waiting.objects.visible_to(user).now().order_by()
    return [
        Group(*row)
        for row in rows.values_list("channel", "ticket__channel", "ticket__language", "queue").annotate(
            n=Count("pk"), first=Min("since"), due=Min("due_at"),
            late=Count("pk", filter=Q(due_at__lt=at)),
            next_due=Min("due_at", filter=Q(due_at__gte=at)),
        )
    ]  # fmt: skip


def _first_due(rows: Any) -> Subquery:
    """The nearest target: those without an answer lie in its order."""
    return Subquery(rows.order_by("answer_due_at").values("answer_due_at")[:1])


def _least(rows: Any, column: str) -> Subquery:
    """The smallest value, found by counting through the few rows and not by walking an index."""
    one = rows.order_by().annotate(same=Value(1)).values("same")
    return Subquery(one.annotate(least=Min(column)).values("least"))
