"""What the programme report counts, row by row and without persons.

Words: a *tally* is one thing that happened (a contact, a question, an answer let go …) with only what
figures are made of: days, territory, language, channel, theme, kind of help, outcome. Who asked is in it
as a digest that holds within one year and cannot be followed back without the installation's pepper, so
that "each association once" can be counted. When a request goes by the retention schedule its tallies
are kept (`models.KeptTally`), and figures read both: they are the same before and after.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from helpdesk.accounts.scope import Scope
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import LIVE, Ended
from helpdesk.supervision.models import KeptTally
from helpdesk.supervision.periods import Period
from helpdesk.tickets.models import Answer, GivenVersion, Promise, Ticket
from helpdesk.tickets.opinion_models import Rating, Result
from helpdesk.tickets.recalls import Recalled
from helpdesk.tickets.rules import CONTENT

INNER = (Ended.NO_VOICE, Ended.SETTLED, Ended.CAME_BACK)
"""Waits that went on in another row: no contact of their own."""
_PLACE = ("ticket__centre", "ticket__team", "ticket__province", "ticket__language")
_THEME = "ticket__theme__code"


_line = json.JSONEncoder(sort_keys=True, default=date.isoformat, ensure_ascii=True).encode


@dataclass(frozen=True)
class Tally:
    """`day` is that of the kind: came, opened, let go, owed, said. Days are those of Casablanca."""

    kind: str
    day: date
    centre: int
    team: int
    province: str
    language: str
    channel: str
    theme: str = ""
    asker: str = ""
    association: str = ""
    word: str = ""
    """How a contact ended, the kind of help, or what came of a request."""
    outcome: str = ""
    good: bool = False
    """Answered, read by a second person, kept in time, satisfied, closed with an article."""
    seconds: int | None = None
    answered: date | None = None
    closed: date | None = None

    def line(self) -> str:
        """One written form on any machine."""
        return _line(vars(self))


def read(user: Any, period: Period) -> list[Tally]:
    """Everything of a period that lies in the reader's postings: of requests that are here, and kept."""
    rows = Scope.of(user).rows(team=None)
    kept = KeptTally.objects.within(period.first, period.after).filter(rows)
    found = [*of(Ticket.objects.filter(rows), period.start, period.end), *map(unpacked, kept)]
    return [one for one in found if _falls_in(one, period)]


def of(tickets: Any, start: datetime | None = None, end: datetime | None = None) -> Iterator[Tally]:
    """The tallies of these requests; between two instants, or all of them."""
    yield from _contacts(tickets, _within("since", start, end))
    yield from _questions(tickets, start, end)
    yield from _releases(tickets, _within("released_at", start, end))
    yield from _call_backs(tickets, _within("window_until", start, end))
    yield from _touched(tickets, _within("recall__opened_at", start, end))
    yield from _ratings(tickets, _within("at", start, end))
    yield from _results(tickets, _within("said_at", start, end))


def digest(tallies: Iterable[Tally]) -> str:
    """SHA-256 over all of them, in whatever order they were read."""
    return hashlib.sha256("\n".join(sorted(one.line() for one in tallies)).encode()).hexdigest()


def packed(one: Tally) -> KeptTally:
    """As a row that stays when the request goes."""
    data = json.loads(one.line())
    return KeptTally(
        kind=one.kind, centre_id=one.centre, team_id=one.team, province=one.province,
        from_day=one.day, until_day=max(one.day, one.answered or one.day, one.closed or one.day),
        data=data,
    )  # fmt: skip


def unpacked(row: KeptTally) -> Tally:
    known = {field.name for field in fields(Tally)}
    data = {name: value for name, value in row.data.items() if name in known}
    days = {
        name: date.fromisoformat(data[name])
        for name in ("day", "answered", "closed")
        if data.get(name)
    }
    return Tally(**{**data, **days})


def _falls_in(one: Tally, period: Period) -> bool:
    """A question counts on several days: opened, answered, closed, and while it is open."""
    if one.kind == "question":
        return one.day < period.after and (one.closed is None or one.closed >= period.first)
    return period.first <= one.day < period.after


def _contacts(tickets: Any, within: Q) -> Iterator[Tally]:
    rows = Waiting.objects.of(tickets).here().filter(within, is_again=False)
    rows = rows.exclude(ended_how__in=INNER).order_by()
    for since, ended, how, channel, person, association, theme, *place in rows.values_list(
        "since", "ended_at", "ended_how", "channel", "ticket__person", "ticket__association",
        _THEME, *_PLACE,
    ):  # fmt: skip
        taken = how == Ended.CLAIMED
        waited = int((ended - since).total_seconds()) if taken and channel in LIVE else None
        yield Tally(
            "contact", _day(since), *_placed(place), channel, theme=theme or "",
            asker=who("person", person, since), association=who("association", association, since),
            word=how, good=taken, seconds=waited,
        )  # fmt: skip


def _questions(tickets: Any, start: datetime | None, end: datetime | None) -> Iterator[Tally]:
    rows = tickets.unmerged().order_by()
    if start and end:
        rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=start), opened_at__lt=end)
    given = GivenVersion.objects.filter(
        answer__ticket=OuterRef("pk"), answer__state=Answer.State.RELEASED
    )
    rows = rows.annotate(has_article=Exists(given))
    for opened, answered, closed, help, outcome, person, association, article, *rest in (
        rows.values_list(
            "opened_at", "first_answered_at", "closed_at", "help", "outcome", "person",
            "association", "has_article", "theme__code", "channel", "centre", "team", "province",
            "language",
        )
    ):  # fmt: skip
        theme, channel, *place = rest
        yield Tally(
            "question", _day(opened), *_placed(place), channel, theme=theme or "",
            asker=who("person", person, opened),
            association=who("association", association, opened), word=help, outcome=outcome,
            good=article, answered=_day(answered) if answered else None,
            closed=_day(closed) if closed else None,
        )  # fmt: skip


def _releases(tickets: Any, within: Q) -> Iterator[Tally]:
    rows = Answer.objects.filter(_theirs(tickets), within, state=Answer.State.RELEASED)
    rows = rows.exclude(released_at=None).order_by()
    for at, help, author, by, channel, theme, *place in rows.values_list(
        "released_at", "help", "author", "released_by", "ticket__channel", _THEME, *_PLACE
    ):
        yield Tally(
            "release", _day(at), *_placed(place), channel, theme=theme or "", word=help,
            good=by is not None and by != author,
        )  # fmt: skip


def _call_backs(tickets: Any, within: Q) -> Iterator[Tally]:
    rows = Promise.objects.filter(_theirs(tickets), within, kind=Promise.Kind.CALL_BACK)
    rows = rows.exclude(state=Promise.State.DROPPED).order_by()
    for until, state, ended, channel, *place in rows.values_list(
        "window_until", "state", "ended_at", "ticket__channel", *_PLACE
    ):
        kept = state == Promise.State.KEPT and ended is not None and ended <= until
        yield Tally("call-back", _day(until), *_placed(place), channel, good=kept)


def _touched(tickets: Any, within: Q) -> Iterator[Tally]:
    rows = Recalled.objects.filter(_theirs(tickets), within).order_by()
    for at, channel, *place in rows.values_list("recall__opened_at", "ticket__channel", *_PLACE):
        yield Tally("touched", _day(at), *_placed(place), channel)


def _ratings(tickets: Any, within: Q) -> Iterator[Tally]:
    rows = Rating.objects.filter(_theirs(tickets), within).order_by()
    for at, score, channel, *place in rows.values_list("at", "score", "ticket__channel", *_PLACE):
        yield Tally("rating", _day(at), *_placed(place), channel, good=score >= CONTENT)


def _results(tickets: Any, within: Q) -> Iterator[Tally]:
    rows = Result.objects.filter(_theirs(tickets), within).exclude(code="")
    rows = rows.exclude(said_at=None).order_by()
    for at, code, channel, *place in rows.values_list(
        "said_at", "code", "ticket__channel", *_PLACE
    ):
        yield Tally("result", _day(at), *_placed(place), channel, word=code)


def who(kind: str, pk: int | None, at: datetime) -> str:
    """The same text for the same asker within a year; empty for nobody known."""
    if pk is None:
        return ""
    words = f"tally:{kind}:{pk}:{_day(at).year}"
    return hmac.digest(settings.PEPPER.encode(), words.encode(), "sha256").hex()[:20]


def _theirs(tickets: Any) -> Exists:
    """Rows of these requests, asked row by row: a list of all of them is read for a handful of a month."""
    return Exists(tickets.order_by().filter(pk=OuterRef("ticket")))


def _within(field: str, start: datetime | None, end: datetime | None) -> Q:
    if start is None or end is None:
        return Q()
    return Q(**{f"{field}__gte": start, f"{field}__lt": end})


def _placed(place: list[Any]) -> tuple[int, int, str, str]:
    centre, team, province, language = place
    return centre, team, province or "", language


def _day(at: datetime) -> date:
    """As `localdate`, which asks for the zone of the thread each time: half of a large month's report."""
    return at.astimezone(timezone.get_default_timezone()).date()
