"""The board's figures: what waits, how long, what is owed, what was answered today.

Every figure is counted over rows the reader may open, and carries the address of just those rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Posting, Tongue
from helpdesk.accounts.scope import Scope
from helpdesk.centre.wording import span_text
from helpdesk.hours.timetables import day_of
from helpdesk.queues.models import Presence, Queue, Waiting
from helpdesk.tickets.models import Answer, Promise
from helpdesk.tickets.rules import Channel

OK, SOON, LATE = "ok", "soon", "late"
FIRST = 8
"""Rows of the list of who waits."""


@dataclass(frozen=True)
class Tile:
    """One figure. `state` is ok, soon or late and is said in words beside it."""

    name: str
    label: str
    value: str
    state: str
    said: str
    url: str


@dataclass(frozen=True)
class Line:
    """What waits on one channel, by language; `cells` are (count, address) pairs."""

    label: str
    cells: tuple[tuple[int, str], ...]
    total: tuple[int, str]
    oldest: datetime | None


@dataclass(frozen=True)
class QueueLine:
    """One queue: how many wait in it and since when."""

    name: str
    waiting: int
    oldest: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class Board:
    at: datetime
    tiles: list[Tile]
    languages: list[str]
    lines: list[Line]
    queues: list[QueueLine]
    first: list[Any]
    """The contacts that wait longest, as `Waiting` rows."""
    team: list[Any]
    """Who says what of themselves, as `Presence` rows."""

    @property
    def urgent(self) -> Any | None:
        """The contact to act on now: the one whose target passed first."""
        late = [row for row in self.first if row.due_at < self.at]
        return min(late, key=lambda row: row.due_at) if late else None


def rows(**filters: str) -> str:
    """Address of the list with just these rows."""
    return f"{reverse('queues:list')}?{urlencode(filters)}"


def board(user: Any, *, at: datetime) -> Board:
    """All figures for one reader at one instant."""
    waiting = Waiting.objects.visible_to(user).now()
    counts: Counter[tuple[str, str]] = Counter()
    oldest: dict[str, datetime] = {}
    grouped = waiting.order_by().values_list("ticket__channel", "ticket__language")
    for channel, language, number, since in grouped.annotate(n=Count("pk"), since=Min("since")):
        counts[channel, language] += number
        oldest[channel] = min(since, oldest.get(channel, since))
    languages = [code for code in Tongue.values if any(key[1] == code for key in counts)]
    return Board(
        at=at,
        tiles=_tiles(user, waiting, counts, oldest.values(), at=at),
        languages=[str(Tongue(code).label) for code in languages],
        lines=_lines(counts, languages, oldest),
        queues=_queues(user, waiting),
        first=list(waiting.for_list().order_by("due_at")[:FIRST]),
        team=list(
            Presence.objects.filter(user__in=_colleagues(user, at=at))
            .select_related("user")
            .order_by("state", "-since")[:20]
        ),
    )


def _queues(user: Any, waiting: Any) -> list[QueueLine]:
    counted = {
        pk: (number, since, due)
        for pk, number, since, due in waiting.order_by()
        .values_list("queue")
        .annotate(n=Count("pk"), since=Min("since"), due=Min("due_at"))
    }
    teams = {reach.team for reach in Scope.of(user).reaches}
    queues = Queue.objects.filter(team__in=teams)
    return [QueueLine(str(q), *counted.get(q.pk, (0, None, None))) for q in queues]


def _lines(
    counts: Mapping[tuple[str, str], int], languages: list[str], oldest: Mapping[str, datetime]
) -> list[Line]:
    found = []
    for channel in Channel:
        cells = tuple(
            (counts.get((channel, code), 0), rows(only="waiting", channel=channel, language=code))
            for code in languages
        )
        total = sum(number for number, _url in cells)
        if total:
            everything = (total, rows(only="waiting", channel=channel))
            found.append(Line(str(channel.label), cells, everything, oldest.get(channel)))
    return found


def _tiles(
    user: Any, waiting: Any, counts: Mapping[tuple[str, str], int], oldest: Iterable[datetime], *,
    at: datetime,
) -> list[Tile]:  # fmt: skip
    late = waiting.late(at=at).count()
    first = min(oldest, default=None)
    start, end = day_of(at)
    calls = Promise.objects.visible_to(user).owed_until(end).aggregate(
        broken=Count("ticket", filter=Q(window_until__lt=at), distinct=True),
        due=Count("ticket", distinct=True),
    )  # fmt: skip
    broken, due = calls["broken"], calls["due"]
    answers = Answer.objects.visible_to(user)
    answered = _requests(answers.released_since(start))
    awaiting = _requests(answers.awaiting())
    free = Presence.objects.filter(state="free", user__in=_colleagues(user, at=at)).count()
    return [
        Tile(
            "waiting", _("Waiting"), str(sum(counts.values())), LATE if late else OK,
            _("%(n)s past the target") % {"n": late} if late else _("all within the target"),
            rows(only="waiting"),
        ),
        Tile(
            "oldest", _("Oldest waiting"), span_text(at - first) if first else "–", LATE if late else OK,
            _("past the target") if late else _("within the target"),
            rows(only="waiting", sort="due"),
        ),
        Tile(
            "promises", _("Calls owed today"), str(due), LATE if broken else SOON if due else OK,
            _("%(n)s overdue") % {"n": broken} if broken else _("none overdue"),
            rows(only="promised"),
        ),
        Tile(
            "answered", _("Answered today"), str(answered), OK, _("since midnight"),
            rows(only="answered"),
        ),
        Tile(
            "release", _("Awaiting release"), str(awaiting), SOON if awaiting else OK,
            _("a second person decides") if awaiting else _("nothing waits"),
            rows(only="release"),
        ),
        Tile(
            "free", _("Advisors available"), str(free), OK if free else SOON,
            _("by their own word"), reverse("queues:desk"),
        ),
    ]  # fmt: skip


def _requests(rows: Any) -> int:
    """How many requests the rows belong to: a figure opens requests."""
    counted: int = rows.aggregate(n=Count("ticket", distinct=True))["n"]
    return counted


def _colleagues(user: Any, *, at: datetime) -> Any:
    """Users posted to the reader's teams on that day."""
    teams = {reach.team for reach in Scope.of(user).reaches}
    posted = Posting.objects.in_force(on=timezone.localdate(at)).filter(team__in=teams)
    return posted.values("user_id")
