"""How the library is used: readings, prints, downloads, copies and answers given, by month.

Readings are the numbers that knowledge keeps without persons; answers given are asked of the answers
themselves, so that no second count can differ from them. Months are those of the centre's clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.accounts.scope import Scope
from helpdesk.centre.territory import province_name
from helpdesk.hours.rules import add_months
from helpdesk.tickets.models import GivenVersion, Ticket
from knowledge.articles import access as library
from knowledge.articles.counting import LIBRARY
from knowledge.articles.models import UseCount
from knowledge.articles.papers import texts
from knowledge.articles.rules import Use

ANSWER = "answer"
KINDS = (*Use.values, ANSWER)
MONTHS = 13
"""So that a month stands beside the same one a year before."""


@dataclass
class Line:
    """One subject in one language and province, or a sum of such lines; `times` by kind."""

    month: date
    subject: str
    title: str
    language: str
    province: str
    times: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def numbers(self) -> list[int]:
        return [self.times[kind] for kind in KINDS]

    @property
    def language_name(self) -> str:
        return str(Tongue(self.language).label)

    @property
    def province_name(self) -> str:
        return province_name(self.province) or _("not said")


@dataclass(frozen=True)
class Report:
    """`start` is None for all months together."""

    start: date | None
    months: list[date]
    lines: list[Line]

    @property
    def heads(self) -> list[str]:
        return [str(Use(kind).label) if kind != ANSWER else _("given in answers") for kind in KINDS]

    @property
    def by_article(self) -> list[Line]:
        return _summed(self.lines, lambda line: (line.subject, line.language))

    @property
    def by_province(self) -> list[Line]:
        return _summed(self.lines, lambda line: (line.province,))

    @property
    def total(self) -> Line | None:
        found = _summed(self.lines, lambda _line: ())
        return found[0] if found else None


def report(user: Any, wanted: str, *, at: datetime) -> Report:
    """One month, `YYYY-MM`, of the last thirteen; this one when it is none of them."""
    months = _months(at)
    start = next((month for month in months if f"{month:%Y-%m}" == wanted), months[0])
    return Report(start, months, _lines(user, start, add_months(start, 1)))


def whole(user: Any, *, at: datetime) -> Report:
    """All thirteen months, line by line, for the workbook."""
    months = _months(at)
    return Report(None, months, _lines(user, months[-1], add_months(months[0], 1)))


def _months(at: datetime) -> list[date]:
    this = timezone.localdate(at).replace(day=1)
    return [add_months(this, -back) for back in range(MONTHS)]


def _lines(user: Any, first: date, after: date) -> list[Line]:
    titles = _titles()
    found: dict[tuple[Any, ...], Line] = {}
    for month, subject, language, province, kind, times in (
        *_read(first, after), *_given(user, first, after),
    ):  # fmt: skip
        key = (month, subject, language, province)
        title = titles.get((subject, language)) or titles.get((subject, "ar")) or subject
        line = found.setdefault(key, Line(month, subject, title, language, province))
        line.times[kind] += times
    return [found[key] for key in sorted(found, key=lambda k: (-k[0].toordinal(), *k[1:]))]


def _read(first: date, after: date) -> Iterable[tuple[Any, ...]]:
    rows = UseCount.objects.filter(day__gte=first, day__lt=after)
    return rows.annotate(month=TruncMonth("day")).values_list(
        "month", "subject", "language", "province", "kind"
    ).annotate(n=Sum("times")).order_by()  # fmt: skip


def _given(user: Any, first: date, after: date) -> Iterable[tuple[Any, ...]]:
    """Versions given in released answers of requests within the person's scope."""
    tickets = Ticket.objects.filter(Scope.of(user).rows())
    rows = GivenVersion.objects.filter(
        answer__state="released", answer__ticket__in=tickets,
        answer__released_at__gte=_midnight(first), answer__released_at__lt=_midnight(after),
    )  # fmt: skip
    counted = rows.annotate(month=TruncMonth("answer__released_at")).values_list(
        "month", "version__edition__article__topic", "version__edition__language",
        "answer__ticket__province",
    ).annotate(n=Count("pk")).order_by()  # fmt: skip
    for month, topic, language, province, times in counted:
        yield timezone.localtime(month).date(), topic, language, province, ANSWER, times


def _titles() -> dict[tuple[str, str], str]:
    found = {(LIBRARY, "ar"): _("the whole library"), (LIBRARY, "fr"): _("the whole library")}
    for language in ("ar", "fr"):
        found |= {(paper.code, language): paper.title for paper in texts.papers(language)}
        for version in library.shelf(language=language):
            found[version.edition.article.topic, language] = version.title
    return found


def _summed(lines: Iterable[Line], key: Any) -> list[Line]:
    """The lines added up by a key, the most used first."""
    found: dict[tuple[str, ...], Line] = {}
    for line in lines:
        into = found.setdefault(
            key(line), Line(line.month, line.subject, line.title, line.language, line.province)
        )
        for kind in KINDS:
            into.times[kind] += line.times[kind]
    return sorted(found.values(), key=lambda line: (-sum(line.numbers), line.subject))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
