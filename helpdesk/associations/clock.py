"""The procedure clock: from an event to the day something falls due. No query here.

Each rule carries the text it comes from and how sure that is; a rule marked *unsure* is shown to
staff only. A due day is the last day that is still in time: "before 1 March" falls due on the last
of February.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise as Lazy
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.wording import date_text
from helpdesk.hours.rules import Timetable, add_months, add_working_days
from knowledge.articles.rules import Mark

Text = str | Lazy
Due = Callable[[date, Timetable], date]


@dataclass(frozen=True)
class Rule:
    """`due` computes the last day in time; `span` says how it is counted, in words."""

    code: str
    event: Text
    label: Text
    span: Text
    due: Due
    citation: str
    cited: Text
    mark: Mark
    topic: str
    awaited: bool = False
    """Somebody else must act, and the association waits for it."""


def _days(count: int) -> Due:
    return lambda event, timetable: event + timedelta(days=count)


def _months(count: int) -> Due:
    return lambda event, timetable: add_months(event, count)


def _working_days(count: int) -> Due:
    return lambda event, timetable: add_working_days(timetable, event, count)


def _before(month: int, day: int) -> Due:
    """The day before that date of the year after the event."""
    return lambda event, timetable: date(event.year + 1, month, day) - timedelta(days=1)


_ART_5 = _("dahir 1-58-376, art. 5")
_ALL = (
    Rule("provisional-receipt", _("file deposited"), _("provisional receipt"), _("same day"),
         _days(0), "dahir-1-58-376 art. 5", _ART_5, Mark.SEEN, "T03-receipt", awaited=True),
    Rule("final-receipt", _("file deposited"), _("final receipt"), _("60 days"),
         _days(60), "dahir-1-58-376 art. 5", _ART_5, Mark.SEEN, "T03-receipt", awaited=True),
    Rule("declare-change", _("change decided"), _("declaration of the change"), _("1 month"),
         _months(1), "dahir-1-58-376 art. 5", _ART_5, Mark.SECONDARY, "T05-changes"),
    Rule("declare-branch", _("branch opened"), _("declaration of the branch"), _("1 month"),
         _months(1), "dahir-1-58-376 art. 5", _ART_5, Mark.SECONDARY, "T06-branches"),
    Rule("foreign-aid", _("foreign aid received"),
         _("declaration of foreign aid to the General Secretariat of the Government"),
         _("30 days"), _days(30), "dahir-1-58-376 art. 32 bis",
         _("dahir 1-58-376, art. 32 bis"), Mark.GENERAL, "T17-foreign-funds"),
    Rule("collection-report", _("collection ended"), _("report on the collection"),
         _("30 days"), _days(30), "law-18-18", _("law 18-18"), Mark.SECONDARY,
         "T20-public-generosity"),
    Rule("aid-distribution", _("distribution of aid planned"),
         _("step with the governor before the distribution"), _("10 days before"), _days(-10),
         "law-18-18", _("law 18-18"), Mark.UNSURE, "T21-aid-distribution"),
    Rule("first-hire", _("first employee hired"), _("affiliation to the CNSS"), _("1 month"),
         _months(1), "dahir-law-1-72-184 art. 15", _("dahir-law 1-72-184, art. 15"),
         Mark.SECONDARY, "T22-employment"),
    Rule("information", _("information requested"), _("answer to the request for information"),
         _("20 working days"), _working_days(20), "law-31-13", _("law 31-13"), Mark.SECONDARY,
         "T25-access-information", awaited=True),
    Rule("information-urgent", _("information requested, urgent"),
         _("answer to the urgent request for information"), _("3 days"), _days(3),
         "law-31-13", _("law 31-13"), Mark.SECONDARY, "T25-access-information", awaited=True),
    Rule("public-utility", _("public-utility file deposited"),
         _("decision on public utility"), _("6 months"), _months(6),
         "dahir-1-58-376 art. 9", _("dahir 1-58-376, art. 9"), Mark.SEEN, "T09-public-utility",
         awaited=True),
    Rule("public-meeting", _("receipt of the meeting's declaration"),
         _("public meeting possible"), _("24 hours"), _days(1), "dahir-1-58-377",
         _("dahir 1-58-377"), Mark.SEEN, "T31-public-meetings", awaited=True),
    Rule("petition-region", _("petition filed with the region"),
         _("answer of the region to the petition"), _("2 months"), _months(2),
         "organic-law-111-14", _("organic law 111-14"), Mark.SECONDARY, "T28-local-petitions",
         awaited=True),
    Rule("petition-commune", _("petition filed with the commune"),
         _("answer of the commune to the petition"), _("3 months"), _months(3),
         "organic-law-113-14", _("organic law 113-14"), Mark.SECONDARY, "T28-local-petitions",
         awaited=True),
    Rule("petition-national", _("national petition filed"),
         _("opinion of the petitions commission"), _("60 days"), _days(60),
         "organic-law-44-14", _("organic law 44-14"), Mark.SECONDARY, "T26-petitions",
         awaited=True),
    Rule("salary-declaration", _("salaries paid in the year"), _("declaration of salaries"),
         _("before 1 March"), _before(3, 1), "cgi art. 79-I",
         _("General Tax Code, art. 79-I"), Mark.SECONDARY, "T19-tax"),
    Rule("public-aid", _("public aid received in the year"),
         _("account of the aid to the Court of Accounts"), _("before 15 March"),
         _before(3, 15), "circular-13-2022", _("circular 13/2022"), Mark.SECONDARY,
         "T16-subsidy-accounts"),
    Rule("mandate-end", _("end of the board's mandate"),
         _("renewal of the board and its declaration"), _("the day of the mandate's end"),
         _days(0), "dahir-1-58-376 art. 5", _ART_5, Mark.GENERAL, "T05-changes"),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.code: rule for rule in _ALL}

RECEIPT = ("provisional-receipt", "final-receipt")
"""What a deposited file sets going."""

_RECENT = timedelta(days=366)


class UnknownRule(ValueError):
    """No rule has this code."""


def rule_of(code: str) -> Rule:
    """Raises UnknownRule."""
    if code not in RULES:
        raise UnknownRule(code)
    return RULES[code]


def due_on(code: str, event_on: date, timetable: Timetable) -> date:
    """The last day that is in time. `timetable` holds the confirmed holidays. Raises UnknownRule."""
    return rule_of(code).due(event_on, timetable)


def choices(*, staff: bool) -> list[tuple[str, str]]:
    """Rules by the event that sets them going; unsure ones for staff only."""
    return [
        (r.code, f"{r.event}: {r.label} ({r.span})") for r in _ALL if staff or r.mark != Mark.UNSURE
    ]


def label(code: str) -> str:
    """What falls due; a rule that is gone keeps its code."""
    rule = RULES.get(code)
    return str(rule.label) if rule else code


def citation_text(code: str, citation: str) -> str:
    """The citation in the reader's language, as long as the rule still has the one stored."""
    rule = RULES.get(code)
    return str(rule.cited) if rule and rule.citation == citation else citation


def mark_text(mark: str) -> str:
    """How sure the rule is. What is not certain says what is done about it."""
    if mark == Mark.UNSURE:
        return gettext("not certain, being checked")
    return str(Mark(mark).label) if mark in Mark.values else mark


@dataclass(frozen=True)
class Progress:
    """A clock as `parts/clock.html` draws it: positions are percent of the bar's length."""

    title: str
    start: date
    start_label: str
    due: date
    due_label: str
    today: date
    today_label: str
    elapsed: float
    limit: float
    over: float
    state: str
    """`late`, `soon` (a week or less) or empty."""
    sentence: str
    source: str

    @property
    def is_passed(self) -> bool:
        return self.today > self.due

    @property
    def place(self) -> int:
        """Where the middle label stands, in tenths of the bar: the limit once passed, else today."""
        return round((self.limit if self.is_passed else self.elapsed) / 10)


_FULL = 92.0
"""Where the limit stands while it is still to come: the rest of the bar is what lies beyond."""
_LEAD = timedelta(days=30)


def progress(code: str, event_on: date, due: date, citation: str, *, today: date) -> Progress:
    """Where `today` stands between the event and the last day.

    Of a step due *before* its event the bar shows the ten days that lead up to it, of one due on
    the day itself the month before, as long as that day is to come.
    """
    rule = RULES.get(code)
    late = (today - due).days
    start = event_on if event_on <= due else due - (event_on - due)
    if start == due and late < 0:
        start = due - _LEAD
    whole, gone = (due - start).days, max((today - start).days, 0)
    if late > 0:
        limit = 100.0 * whole / gone
        elapsed, over = 100.0, 100.0 - limit
    else:
        limit, over = _FULL, 0.0
        elapsed = _FULL if whole == 0 else min(_FULL * gone / whole, _FULL)
    return Progress(
        title=label(code),
        start=start,
        start_label=str(rule.event) if rule and start == event_on else "",
        due=due,
        due_label=str(rule.span) if rule else "",
        today=today,
        today_label=gettext("day %(n)s") % {"n": gone}
        if start == event_on
        else date_text(today, "short"),
        elapsed=round(elapsed, 1),
        limit=round(limit, 1),
        over=round(over, 1),
        state="late" if late > 0 else "soon" if late >= -7 else "",
        sentence=sentence(code, due, today=today),
        source=f"{citation_text(code, citation)} · {mark_text(rule.mark)}" if rule else citation,
    )


def sentence(code: str, due: date, *, today: date) -> str:
    """The clock in one line: what, until when, how long still or since when."""
    facts = {"what": capfirst(label(code)), "day": date_text(due)}
    left = (due - today).days
    if left == 0:
        return gettext("%(what)s: today is the last day.") % facts
    if left > 0:
        text = ngettext(
            "%(what)s: %(n)s day left, until %(day)s.",
            "%(what)s: %(n)s days left, until %(day)s.",
            left,
        )
        return text % {**facts, "n": left}
    text = ngettext(
        "%(what)s: the delay passed %(n)s day ago, on %(day)s.",
        "%(what)s: the delay passed %(n)s days ago, on %(day)s.",
        -left,
    )
    return text % {**facts, "n": -left}


def is_plausible(event_on: date, *, today: date) -> bool:
    """An event of the last years or the next one: a mistyped year must not set a clock going."""
    return today - 10 * _RECENT <= event_on <= today + 5 * _RECENT
