"""From tallies to what is told: each figure and table of the systems S1 to S3 of the programme.

Pure: rows in, codes and told numbers out. The words, and the rule printed beside each number, are in
`wording.py` under the same keys.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpdesk.queues.rules import Ended
from helpdesk.supervision.periods import Period
from helpdesk.supervision.programme.tallies import Tally
from helpdesk.supervision.programme.telling import (
    middle,
    nine_of_ten,
    share,
    told,
    told_table,
)
from helpdesk.tickets.rules import Channel, Outcome

RULES = "2026-11"
"""Version of what is counted how; raised with every change of this module or of `telling`."""
AGES = ((7, "week"), (30, "month"), (90, "quarter"))
TOP = 10


@dataclass(frozen=True)
class Library:
    """Of the library, which knows no requests. None = not counted under these filters."""

    uses: Mapping[str, int] | None = None
    """By `Use`."""
    papers: Mapping[str, int] | None = None
    searches: int | None = None
    in_vain: int | None = None
    overdue: int = 0
    apart: int = 0


@dataclass(frozen=True)
class Figure:
    """`number` None: under five, or (`is_counted` false) not counted at all."""

    key: str
    number: int | None
    whole: int | None = None
    unit: str = ""
    is_counted: bool = True

    @property
    def share(self) -> int | None:
        return share(self.number, self.whole)


@dataclass(frozen=True)
class Table:
    key: str
    rows: list[tuple[str, int | None]]
    """Code and told number, the largest first."""


@dataclass(frozen=True)
class Section:
    key: str
    figures: list[Figure]
    tables: list[Table] = field(default_factory=list)


def sections(tallies: Sequence[Tally], library: Library, period: Period) -> list[Section]:
    of: dict[str, list[Tally]] = {}
    for one in tallies:
        of.setdefault(one.kind, []).append(one)
    questions = of.get("question", [])
    opened = [one for one in questions if period.first <= one.day < period.after]
    closed = [one for one in questions if _falls(one.closed, period)]
    return [
        _contacts(of.get("contact", []), opened, closed, of),
        _consultations(questions, closed, of, period),
        _library(closed, library),
    ]


def _contacts(
    contacts: list[Tally], opened: list[Tally], closed: list[Tally], of: Mapping[str, list[Tally]]
) -> Section:
    live = [one for one in contacts if one.channel in (Channel.PHONE, Channel.CHAT)]
    given_up = [one for one in live if one.word == Ended.ABANDONED]
    waited = [one.seconds for one in live if one.seconds is not None]
    called = of.get("call-back", [])
    rated = of.get("rating", [])
    first = [one for one in closed if one.outcome == Outcome.SOLVED_FIRST]
    both = [*contacts, *opened]
    return Section(
        "S1",
        [
            Figure("contacts", told(len(contacts))),
            Figure("questions", told(len(opened))),
            Figure("associations", told(len({one.association for one in both} - {""}))),
            Figure("persons", told(len({one.asker for one in both} - {""}))),
            _of("answered", [one for one in live if one.good], live),
            _of("abandoned", given_up, live),
            _of("called-back", [one for one in called if one.good], called),
            _of("first-contact", first, closed),
            Figure("waiting", middle(waited), unit="s"),
            Figure("waiting-most", nine_of_ten(waited), unit="s"),
            _of("satisfied", [one for one in rated if one.good], rated),
        ],
        [
            _table("channel", contacts, lambda one: one.channel),
            _table("language", contacts, lambda one: one.language),
            _table("province", contacts, lambda one: one.province),
        ],
    )


def _consultations(
    questions: list[Tally], closed: list[Tally], of: Mapping[str, list[Tally]], period: Period
) -> Section:
    answered = [one for one in questions if _falls(one.answered, period)]
    released = of.get("release", [])
    referred = [
        one for one in closed if one.outcome in (Outcome.REFERRED_KNOWN, Outcome.REFERRED_PENDING)
    ]
    known = [one for one in referred if one.outcome == Outcome.REFERRED_KNOWN]
    still = [one for one in questions if one.closed is None or one.closed >= period.after]
    return Section(
        "S2",
        [
            Figure("consultations", told(len(answered))),
            _of("reviewed", [one for one in released if one.good], released),
            Figure("referrals", told(len(referred))),
            _of("referral-results", known, referred),
            Figure("open", told(len(still))),
            Figure("touched", told(len(of.get("touched", [])))),
        ],
        [
            _table("theme", answered, lambda one: one.theme),
            _table("help", released, lambda one: one.word),
            _table("age", still, lambda one: _age((period.last - one.day).days)),
            _table("result", of.get("result", []), lambda one: one.word),
        ],
    )


def _library(closed: list[Tally], library: Library) -> Section:
    uses = [
        Figure(f"use-{kind}", told(library.uses[kind]) if library.uses is not None else None,
               is_counted=library.uses is not None)
        for kind in ("view", "print", "download", "copy")
    ]  # fmt: skip
    searched = Figure("searches", None, is_counted=False)
    in_vain = Figure("in-vain", None, is_counted=False)
    if library.searches is not None and library.in_vain is not None:
        searched = Figure("searches", told(library.searches))
        in_vain = Figure("in-vain", told(library.in_vain), told(library.searches))
    papers = told_table(dict(Counter(library.papers or {}).most_common(TOP)))
    return Section(
        "S3",
        [
            *uses, searched, in_vain,
            Figure("overdue", library.overdue), Figure("apart", library.apart),
            _of("with-article", [one for one in closed if one.good], closed),
        ],
        [Table("papers", _largest_first(papers))],
    )  # fmt: skip


def _of(key: str, part: Sequence[Any], whole: Sequence[Any]) -> Figure:
    return Figure(key, told(len(part)), told(len(whole)))


def _table(key: str, rows: Iterable[Tally], code: Callable[[Tally], str]) -> Table:
    return Table(key, _largest_first(told_table(Counter(map(code, rows)))))


def _largest_first(found: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    """In an order that does not rank what is not told."""
    return sorted(found.items(), key=lambda row: (-(row[1] or 0), row[0]))


def _falls(day: Any, period: Period) -> bool:
    return day is not None and period.first <= day < period.after


def _age(days: int) -> str:
    return next((code for most, code in AGES if days < most), "older")
