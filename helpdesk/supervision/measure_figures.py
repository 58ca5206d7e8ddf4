"""Each figure of the service in words: its value, its formula, and the very rows it is counted over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.centre.wording import duration_text, number_text, span_text
from helpdesk.queues.rules import Ended
from helpdesk.supervision import measures
from helpdesk.supervision.measure_rows import Rows
from helpdesk.supervision.measures import Owed, Wait, Work
from helpdesk.supervision.months import LEAST
from helpdesk.supervision.rules import LATE, OK, SOON
from helpdesk.tickets.models import Promise

Row = Wait | Work | Owed
NONE = "–"


@dataclass(frozen=True)
class Figure:
    """`number` is a share (0 to 1), seconds, or a count, by `unit`; None of nothing.

    `part` of `whole` rows were counted; `key` names the rows behind it.
    """

    key: str
    label: str
    formula: str
    number: float | None
    unit: str
    part: int
    whole: int
    more: str = ""
    state: str = ""
    """As on the board, where there is a threshold."""
    of: str = ""
    """Names the list of the whole, where there is one."""

    @property
    def value(self) -> str:
        return worded(self.number, self.unit)

    @property
    def is_small(self) -> bool:
        """So few that one of them could be told."""
        return small(self.part, self.whole)


def worded(number: float | None, unit: str) -> str:
    if number is None:
        return NONE
    if unit == "%":
        return f"\u2066{number_text(number * 100, 1)}\u00a0%\u2069"
    if unit == "s":
        return duration_text(round(number))
    return number_text(number, 1 if unit == "each" else 0)


def small(part: int, whole: int) -> bool:
    """A number of rows under five, or a share that would tell one by the rest."""
    return 0 < whole < LEAST or 0 < part < LEAST or 0 < whole - part < LEAST


ROWS: dict[str, Callable[[Rows], Sequence[Row]]] = {
    "offered": lambda r: measures.offered(r.waits),
    "stayed": lambda r: [
        one for one in measures.offered(r.waits) if one.how != Ended.SHORT
    ],
    "judged": lambda r: [
        *measures.answered(r.waits), *measures.abandoned_late(r.waits)
    ],
    "judged-strict": lambda r: [
        *measures.answered(r.waits), *measures.abandoned(r.waits)
    ],
    "answered": lambda r: measures.answered(r.waits),
    "in-time": lambda r: measures.in_time(r.waits),
    "abandoned": lambda r: measures.abandoned(r.waits),
    "short": lambda r: measures.ended(r.waits, Ended.SHORT),
    "left": lambda r: measures.ended(
        r.waits, Ended.CALL_BACK, Ended.VOICEMAIL, Ended.WRITTEN
    ),
    "handled": lambda r: r.works,
    "passed": lambda r: [one for one in r.works if one.is_passed],
    "held": lambda r: [one for one in r.works if one.hold],
    "in-hand": lambda r: r.all_works,
    "repeated": lambda r: measures.repeated(r.waits, r.later),
    "promised": lambda r: _promised(r),
    "kept": lambda r: measures.kept(_promised(r)),
    "missed": lambda r: _missed(r),
    "closed": lambda r: measures.closed_soon(_missed(r)),
    "open": lambda r: [one for one in r.of_kind(Promise.Kind.MISSED) if one.state == "open"],
}  # fmt: skip


def _promised(rows: Rows) -> list[Owed]:
    """Call-backs whose window ended in the period."""
    period, found = rows.asked.period, rows.of_kind(Promise.Kind.CALL_BACK)
    return [one for one in found if period.start <= one.until < min(period.end, rows.at)]


def _missed(rows: Rows) -> list[Owed]:
    """Missed calls of the period that were closed, or whose next working day is over."""
    period = rows.asked.period
    made = [
        one for one in rows.of_kind(Promise.Kind.MISSED) if period.start <= one.made_at < period.end
    ]
    return [one for one in made if one.ended_at or one.closed_by <= rows.at]


def figures(rows: Rows) -> list[Figure]:
    made = (
        _offered, _level, _level_strict, _speed, _abandonment, _short, _left, _handling, _occupancy,
        _held, _passed, _first_contact, _kept, _closed,
    )  # fmt: skip
    return [one(rows) for one in made]


def _count(rows: Rows, key: str) -> int:
    return len(ROWS[key](rows))


def _offered(rows: Rows) -> Figure:
    n = _count(rows, "offered")
    return Figure(
        "offered", pgettext("figure", "Offered"), _("contacts that entered the queue, each once"),
        n, "", n, n,
    )  # fmt: skip


def _level(rows: Rows) -> Figure:
    part = _count(rows, "in-time")
    whole = _count(rows, "judged")
    return Figure(
        "in-time", _("Service level"),
        _("answered within the target ÷ (answered + given up after the target)"),
        measures.service_level(rows.waits), "%", part, whole,
        state=_least(measures.service_level(rows.waits)), of="judged",
    )  # fmt: skip


def _level_strict(rows: Rows) -> Figure:
    part = _count(rows, "in-time")
    whole = _count(rows, "judged-strict")
    return Figure(
        "in-time", _("Service level, strict"),
        _("answered within the target ÷ (answered + given up)"),
        measures.service_level_strict(rows.waits), "%", part, whole, of="judged-strict",
    )  # fmt: skip


def _speed(rows: Rows) -> Figure:
    n, found = _count(rows, "answered"), measures.speed(rows.waits)
    more = ""
    if found:
        more = _("half within %(median)s, nine of ten within %(p90)s") % {
            "median": duration_text(round(found.median)), "p90": duration_text(round(found.p90)),
        }  # fmt: skip
    return Figure(
        "answered", _("Average speed of answer"),
        _("waiting time of the answered ÷ answered, until an advisor took it"),
        found.mean if found else None, "s", n, n, more,
    )  # fmt: skip


def _abandonment(rows: Rows) -> Figure:
    part = _count(rows, "abandoned")
    whole = _count(rows, "stayed")
    return Figure(
        "abandoned", _("Abandonment"),
        _("given up after 5 seconds ÷ (offered − given up at once); call-backs and messages are not given up"),
        measures.abandonment(rows.waits), "%", part, whole, of="stayed",
    )  # fmt: skip


def _short(rows: Rows) -> Figure:
    n = _count(rows, "short")
    return Figure(
        "short", _("Given up at once"), _("given up within 5 seconds, counted apart"), n, "", n, n
    )


def _left(rows: Rows) -> Figure:
    n = _count(rows, "left")
    return Figure(
        "left", _("Left a wish or a message"),
        _("asked to be called back, left a message, or became a written question"), n, "", n, n,
    )  # fmt: skip


def _handling(rows: Rows) -> Figure:
    n = _count(rows, "handled")
    return Figure(
        "handled", _("Average handling time"), _("(talk + hold + wrap-up) ÷ handled"),
        measures.handling_time(rows.works), "s", n, n,
    )  # fmt: skip


def _occupancy(rows: Rows) -> Figure:
    period, n = rows.asked.period, _count(rows, "in-hand")
    found = measures.occupancy(
        rows.all_works, rows.free, start=period.start, end=min(period.end, rows.at)
    )
    is_over = found is not None and found > measures.OCCUPANCY_MOST
    return Figure(
        "in-hand", _("Occupancy"),
        _("time with a contact in hand ÷ (that + time available); breaks count in neither; all queues and channels"),
        found, "%", n, n, _("above 85 % people tire and waits grow") if is_over else "",
        state=LATE if is_over else OK,
    )  # fmt: skip


def _held(rows: Rows) -> Figure:
    part, whole = _count(rows, "held"), _count(rows, "handled")
    return Figure(
        "held", _("Hold share"), _("time on hold ÷ (talk + hold)"),
        measures.hold_share(rows.works), "%", part, whole, of="handled",
    )  # fmt: skip


def _passed(rows: Rows) -> Figure:
    part, whole = _count(rows, "passed"), _count(rows, "handled")
    return Figure(
        "passed", _("Transfers"), _("went on with another advisor ÷ handled"),
        measures.transfers(rows.works), "%", part, whole, of="handled",
    )  # fmt: skip


def _first_contact(rows: Rows) -> Figure:
    repeats, whole = _count(rows, "repeated"), _count(rows, "answered")
    again = measures.share(repeats, whole)
    return Figure(
        "repeated", _("Settled at the first contact"),
        _("1 − answered whose person came again on the theme within 7 days ÷ answered"),
        None if again is None else 1 - again, "%", repeats, whole,
        _("the last seven days may still change"), of="answered",
    )  # fmt: skip


def _kept(rows: Rows) -> Figure:
    promised = _promised(rows)
    found = measures.kept(promised)
    tries = measures.tries(promised)
    more = ""
    if tries is not None:
        more = _("%(n)s attempts for each one reached") % {"n": number_text(tries, 1)}
    share = measures.share(len(found), len(promised))
    return Figure(
        "kept", _("Call-backs kept"), _("reached within the window promised ÷ promised"),
        share, "%", len(found), len(promised), more, state=_least(share), of="promised",
    )  # fmt: skip


def _closed(rows: Rows) -> Figure:
    missed = _missed(rows)
    found = measures.closed_soon(missed)
    still = [one.made_at for one in rows.of_kind(Promise.Kind.MISSED) if one.state == "open"]
    more = ""
    if still:
        age = max(rows.at - min(still), timedelta())
        more = _("the oldest open one waits %(age)s") % {"age": span_text(age)}
    share = measures.share(len(found), len(missed))
    return Figure(
        "closed", _("Missed calls closed"),
        _("closed by the end of the next working day ÷ missed"),
        share, "%", len(found), len(missed), more, state=_least(share), of="missed",
    )  # fmt: skip


def _least(share: float | None) -> str:
    if share is None:
        return ""
    near = measures.LEVEL_LEAST + 0.05
    return LATE if share < measures.LEVEL_LEAST else SOON if share < near else OK
