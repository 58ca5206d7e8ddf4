"""The page of the service for one reader and one period, and the lists behind its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.accounts.scope import Scope
from helpdesk.centre.wording import date_text, duration_text, moment_text
from helpdesk.queues.models import Queue
from helpdesk.queues.rules import Ended
from helpdesk.supervision import measure_lines, periods, queue_lines
from helpdesk.supervision.measure_figures import ROWS, Figure, Row, figures
from helpdesk.supervision.measure_lines import Hour, Table
from helpdesk.supervision.measure_rows import Asked, read
from helpdesk.supervision.measures import Owed, Wait
from helpdesk.supervision.models import RetentionRule
from helpdesk.supervision.periods import Period
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Channel

CHANNELS = (Channel.PHONE, Channel.CHAT)


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Bar:
    """One hour of the chart, in its own units: heights of what was in time, late and given up."""

    x: float
    width: float
    in_time: float
    late: float
    given_up: float
    label: str
    middle: float
    said: str

    @property
    def late_y(self) -> float:
        return HEIGHT - self.in_time - self.late

    @property
    def in_time_y(self) -> float:
        return HEIGHT - self.in_time

    @property
    def given_up_y(self) -> float:
        return HEIGHT - self.in_time - self.late - self.given_up


@dataclass(frozen=True)
class Shown:
    period: Period
    title: str
    query: str
    """Of the address, without a page or a figure."""
    before: str
    following: str
    """Addresses' queries; empty when that is still to come."""
    kinds: list[Choice]
    queues: list[Choice]
    languages: list[Choice]
    channels: list[Choice]
    figures: list[Figure]
    heads: list[str]
    hours: list[Hour]
    bars: list[Bar]
    tables: list[Table]
    at: datetime

    @property
    def is_empty(self) -> bool:
        return not self.figures[0].number and not any(one.whole for one in self.figures)


HEIGHT, WIDTH, GAP = 120, 720, 4
"""Units of the chart."""


def shown(user: Any, given: Any, *, at: datetime, right_to_left: bool) -> Shown:
    """Everything of the page; `given` are the parameters of the address."""
    held = queue_lines.queues(user)
    asked = asked_by(user, given, held, at=at)
    rows = read(user, asked, at=at)
    period, hours = asked.period, measure_lines.hours(rows)
    following = period.following()
    return Shown(
        period=period, title=title_of(period), query=query_of(asked, period),
        before=query_of(asked, period.before()),
        following=query_of(asked, following) if following.start <= at else "",
        kinds=_kinds(period), queues=_queue_choices(held, asked), languages=_languages(asked),
        channels=[Choice(one, str(one.label), one == asked.channel) for one in CHANNELS],
        figures=figures(rows), heads=measure_lines.heads(), hours=hours,
        bars=_bars(hours, right_to_left=right_to_left), tables=measure_lines.tables(rows, held),
        at=at,
    )  # fmt: skip


def asked_by(user: Any, given: Any, held: Sequence[Queue], *, at: datetime) -> Asked:
    """What the address asks for; what it does not know is left out."""
    channel = next((one for one in CHANNELS if one == given.get("channel")), Channel.PHONE)
    chosen = next((one.pk for one in held if str(one.pk) == given.get("queue")), None)
    language = given.get("language", "")
    span = periods.asked(given.get("period", ""), given.get("on", ""), at=at)
    first = oldest(user, at=at)
    if (
        first is not None and span.first < first
    ):  # rows of it may be gone: no number, not a smaller one
        span = periods.period(span.kind, timezone.localdate(at))
    return Asked(span, channel, chosen, language if language in Tongue.values else "")


def oldest(user: Any, *, at: datetime) -> date | None:
    """From this day on every request is still here; None where none is ever deleted."""
    rules = RetentionRule.objects.in_force().filter(
        kind="tickets", centre__in=Scope.of(user).centres
    )
    days = min((rule.days for rule in rules), default=None)
    return None if days is None else timezone.localdate(at) - timedelta(days=days)


def title_of(period: Period) -> str:
    if period.kind == "month":
        return date_text(period.first, "month")
    if period.kind == "week":
        return _("%(first)s to %(last)s") % {
            "first": date_text(period.first, "short"), "last": date_text(period.last),
        }  # fmt: skip
    return date_text(period.first, "weekday")


def query_of(asked: Asked, period: Period) -> str:
    parts = {
        "period": period.kind, "on": period.first.isoformat(), "channel": asked.channel,
        "queue": asked.queue or "", "language": asked.language,
    }  # fmt: skip
    return urlencode({name: value for name, value in parts.items() if value})


def _kinds(period: Period) -> list[Choice]:
    labels = {"day": _("day"), "week": _("week"), "month": _("month")}
    return [Choice(kind, labels[kind], kind == period.kind) for kind in periods.KINDS]


def _queue_choices(held: Sequence[Queue], asked: Asked) -> list[Choice]:
    every = Choice("", _("all queues"), asked.queue is None)
    return [every, *(Choice(str(one.pk), str(one), one.pk == asked.queue) for one in held)]


def _languages(asked: Asked) -> list[Choice]:
    every = Choice("", _("all languages"), not asked.language)
    return [
        every,
        *(Choice(one, str(one.label), one == asked.language) for one in Tongue),
    ]


def _bars(hours: Sequence[Hour], *, right_to_left: bool) -> list[Bar]:
    """Time runs as the reader reads; the tallest hour fills the height."""
    most = max((one.in_time + one.late + one.abandoned for one in hours), default=0)
    if not most:
        return []
    step, scale = WIDTH / max(len(hours), 6), HEIGHT / most
    found = []
    for n, one in enumerate(hours):
        left = WIDTH - (n + 1) * step if right_to_left else n * step
        found.append(
            Bar(
                round(left + GAP / 2, 1), round(step - GAP, 1), round(one.in_time * scale, 1),
                round(one.late * scale, 1), round(one.abandoned * scale, 1), f"{one.hour}",
                round(left + step / 2, 1), one.label,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Listed:
    """One row behind a figure."""

    ticket: Any
    cells: list[str]


def rows_of(user: Any, given: Any, *, at: datetime) -> tuple[str, list[Row], Asked]:
    """Which list, its rows and what was asked; an unknown figure is the first one."""
    key = given.get("figure", "")
    key = key if key in ROWS else "offered"
    asked = asked_by(user, given, queue_lines.queues(user), at=at)
    return key, list(ROWS[key](read(user, asked, at=at))), asked


def labels() -> dict[str, str]:
    """What each list holds."""
    return {
        "offered": _("contacts that entered the queue"),
        "stayed": _("contacts without those given up at once"),
        "judged": _("answered, or given up after the target"),
        "judged-strict": _("answered or given up"), "answered": _("answered contacts"),
        "in-time": _("answered within the target"), "abandoned": _("given up"),
        "short": _("given up at once"), "left": _("left a wish or a message"),
        "handled": _("handled contacts"), "passed": _("went on with another advisor"),
        "held": _("handled, with a hold"), "in-hand": _("handled contacts of every channel"),
        "repeated": _("came again on the theme within 7 days"),
        "promised": _("call-backs promised"), "kept": _("call-backs kept"),
        "missed": _("missed calls"), "closed": _("missed calls closed in time"),
        "open": _("missed calls still open"),
    }  # fmt: skip


def heads_of(rows: Sequence[Row]) -> list[str]:
    if rows and isinstance(rows[0], Wait):
        return [_("Waiting since"), _("Waited"), _("How it ended")]
    if rows and isinstance(rows[0], Owed):
        return [_("Made"), _("Until"), _("Ended"), _("Attempts"), _("State")]
    return [_("Begun"), _("Talk"), _("On hold"), _("Wrap-up")]


def listed(rows: Sequence[Row]) -> list[Listed]:
    """One page of them, with their requests in one query."""
    known = Ticket.objects.in_bulk({row.ticket for row in rows})
    return [Listed(known.get(row.ticket), _cells(row)) for row in rows]


def _cells(row: Row) -> list[str]:
    if isinstance(row, Wait):
        how = str(Ended(row.how).label) if row.how else _("waiting")
        return [moment_text(row.since, "short"), duration_text(int(row.seconds)), how]
    if isinstance(row, Owed):
        ended = moment_text(row.ended_at, "short") if row.ended_at else "–"
        return [
            moment_text(row.made_at, "short"), moment_text(row.until, "short"), ended,
            str(row.attempts), str(Promise.State(row.state).label),
        ]  # fmt: skip
    return [
        moment_text(row.started_at, "short"), duration_text(row.talk), duration_text(row.hold),
        duration_text(row.wrapup),
    ]  # fmt: skip
