"""The programme report of one centre and period, live or frozen, as codes and told numbers.

Only periods that are over: a report of a month that goes on would be a second one of the same month
tomorrow, and their difference would be a day.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from helpdesk.accounts.models import Tongue
from helpdesk.accounts.scope import Scope
from helpdesk.centre.territory import PROVINCES
from helpdesk.supervision.periods import WHOLE, Period, period
from helpdesk.supervision.programme import counting, tallies
from helpdesk.supervision.programme.counting import Figure, Library, Section, Table
from helpdesk.tickets.rules import Channel
from knowledge.articles import working
from knowledge.articles.models import Article, UseCount
from knowledge.articles.papers import texts
from knowledge.articles.rules import Use
from knowledge.search.models import SearchRecord
from knowledge.search.rules import KEPT as SEARCHES_KEPT

MONTHS, QUARTERS, YEARS = 12, 4, 3
"""Periods offered, the newest first."""


@dataclass(frozen=True)
class Asked:
    """Empty = all."""

    centre: int
    period: Period
    province: str = ""
    language: str = ""
    channel: str = ""

    @property
    def name(self) -> str:
        """`2026-10`, `2026-Q3`, `2025`."""
        return name_of(self.period)

    def takes(self, one: tallies.Tally) -> bool:
        return (
            one.centre == self.centre
            and self.province in ("", one.province)
            and self.language in ("", one.language)
            and self.channel in ("", one.channel)
        )


@dataclass(frozen=True)
class Report:
    asked: Asked
    at: datetime
    rules: str
    sections: list[Section]
    facts_digest: str

    @property
    def content(self) -> dict[str, Any]:
        """What is frozen: nothing but codes, days and told numbers."""
        asked = self.asked
        return {
            "rules": self.rules, "at": self.at.isoformat(), "facts": self.facts_digest,
            "period": {"kind": asked.period.kind, "first": asked.period.first.isoformat()},
            "filters": {"centre": asked.centre, "province": asked.province,
                        "language": asked.language, "channel": asked.channel},
            "sections": [asdict(section) for section in self.sections],
        }  # fmt: skip

    @property
    def digest(self) -> str:
        return content_digest(self.content)


def content_digest(content: Mapping[str, Any]) -> str:
    """Of what is told, whenever it was: two reports of the same facts have the same."""
    told = {name: value for name, value in content.items() if name != "at"}
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def asked_of(user: Any, given: Mapping[str, str], *, at: datetime) -> Asked:
    """As an address asks for it; whatever it does not know is all, or the newest period."""
    scope = Scope.of(user)
    own = sorted(scope.centres)
    wanted = given.get("centre", "")
    centre = int(wanted) if wanted.isdecimal() and int(wanted[:9]) in own else (own or [0])[0]
    offered = {name_of(one): one for one in periods(at)}
    span = offered.get(given.get("period", ""), next(iter(offered.values())))
    return Asked(
        centre, span,
        _known(given.get("province", ""), provinces_of(user, centre)),
        _known(given.get("language", ""), Tongue.values),
        _known(given.get("channel", ""), Channel.values),
    )  # fmt: skip


def periods(at: datetime) -> list[Period]:
    """Months, quarters and years that are over."""
    this = timezone.localdate(at).replace(day=1)
    found = []
    for kind, most in zip(WHOLE, (MONTHS, QUARTERS, YEARS), strict=True):
        now = period(kind, this)
        for _back in range(most):
            now = now.before()
            found.append(now)
    return found


def name_of(span: Period) -> str:
    if span.kind == "quarter":
        return f"{span.first.year}-Q{(span.first.month + 2) // 3}"
    return f"{span.first:%Y}" if span.kind == "year" else f"{span.first:%Y-%m}"


def provinces_of(user: Any, centre: int) -> list[str]:
    """Those a reader may choose: all, or the ones of the own postings."""
    own = {r.province for r in Scope.of(user).reaches if r.centre == centre}
    return list(PROVINCES) if "" in own else [code for code in PROVINCES if code in own]


def report(user: Any, asked: Asked, *, at: datetime) -> Report:
    """Counted now, from everything in the reader's reach."""
    rows = [one for one in tallies.read(user, asked.period) if asked.takes(one)]
    library = _library(asked, at=at)
    found = counting.sections(rows, library, asked.period)
    told = [*rows, tallies.Tally("library", asked.period.first, asked.centre, 0, "", "", "",
                                 word=json.dumps(asdict(library), sort_keys=True))]  # fmt: skip
    return Report(asked, at, counting.RULES, found, tallies.digest(told))


def of_content(content: Mapping[str, Any]) -> Report:
    """A frozen copy as a report again."""
    first = date.fromisoformat(content["period"]["first"])
    filters = dict(content["filters"])
    asked = Asked(filters.pop("centre"), period(content["period"]["kind"], first), **filters)
    found = [
        Section(
            one["key"], [Figure(**figure) for figure in one["figures"]],
            [Table(t["key"], [(code, n) for code, n in t["rows"]]) for t in one["tables"]],
        )
        for one in content["sections"]
    ]  # fmt: skip
    at = datetime.fromisoformat(content["at"])
    return Report(asked, at, content["rules"], found, content["facts"])


def _library(asked: Asked, *, at: datetime) -> Library:
    """Readings know language and mostly no province; searches only their language; neither a channel."""
    span, pages = asked.period, asked.language in ("", "ar", "fr")
    overdue = Article.objects.for_upkeep().review_by(min(span.last, timezone.localdate(at)))
    found = Library(overdue=overdue.count(), apart=_apart())
    if asked.channel or not pages:
        return found
    rows = UseCount.objects.filter(day__gte=span.first, day__lt=span.after)
    if asked.language:
        rows = rows.filter(language=asked.language)
    if asked.province:
        rows = rows.filter(province=asked.province)
    counted = dict(rows.order_by().values_list("kind").annotate(n=Sum("times")))
    papers = [one.code for one in texts.papers("ar")]
    given = rows.filter(subject__in=papers, kind__in=(Use.DOWNLOAD, Use.PRINT)).order_by()
    found = replace(
        found, uses={kind: counted.get(kind, 0) for kind in Use.values},
        papers=dict(given.values_list("subject").annotate(n=Sum("times"))),
    )  # fmt: skip
    if asked.province or span.start < at - SEARCHES_KEPT:
        return found
    searched = SearchRecord.objects.between(span.start, span.end)
    if asked.language:
        searched = searched.filter(language=asked.language)
    return replace(
        found, searches=searched.count(), in_vain=searched.without_hits().count()
    )  # fmt: skip


def _apart() -> int:
    """Articles whose two languages do not say the same now."""
    desks = working.overview(list(Article.objects.for_upkeep()))
    return sum(any(d.is_apart for d in desk.drifted.values()) for desk in desks.values())


def _known(code: str, codes: Sequence[str]) -> str:
    return code if code in codes else ""
