"""The gap report: what people asked and the library did not answer, in their words, the most asked first.

Questions whose words come to the same stems are one group. Words that stand in searches only are shown
from three searches on at least two days: who typed them cannot be told apart, and a single one may hold a
name. What is rarer is one number.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from helpdesk.accounts.scope import Scope
from helpdesk.supervision.gap_sources import (
    Asked,
    Narrowed,
    Source,
    days,
    of_centre,
    requests,
    searches,
)
from helpdesk.supervision.months import told_of
from helpdesk.tickets import access as tickets
from knowledge.articles.models import Feedback, Version
from knowledge.languages import reading_language
from knowledge.search.likeness import Key, asks_for_paper, keys_of
from knowledge.search.models import Act, SuggestionCount

SEARCHES_FROM, DAYS_FROM = 3, 2
"""Searches, and days, from which their words are shown."""
MOST_WORDINGS = 4
MOST_TICKETS = 3
MOST_REMARKS = 3


@dataclass
class Group:
    """One question, however it was worded."""

    key: Key
    rows: list[Asked] = field(default_factory=list)

    @property
    def searches(self) -> list[Asked]:
        return [row for row in self.rows if row.ticket is None]

    @property
    def tickets(self) -> list[Asked]:
        """Requests to open, the newest first."""
        found = [row for row in self.rows if row.ticket is not None]
        return sorted(found, key=lambda row: row.day, reverse=True)[:MOST_TICKETS]

    @property
    def is_told(self) -> bool:
        """Whether its searches are many enough for their words to be shown."""
        rows = self.searches
        return len(rows) >= SEARCHES_FROM and len(days(rows)) >= DAYS_FROM

    @property
    def shown(self) -> list[Asked]:
        """Requests, and searches once they are many enough."""
        return self.rows if self.is_told else [row for row in self.rows if row.ticket is not None]

    @property
    def wordings(self) -> list[str]:
        """In the askers' words, the most frequent first."""
        counted = Counter(row.text for row in self.shown if row.text)
        return [text for text, _n in counted.most_common(MOST_WORDINGS)]

    @property
    def times(self) -> int:
        return len(self.shown)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(source for row in self.shown for source in row.sources)
        return {source: counted[source] for source in Source}

    @property
    def sources(self) -> list[tuple[Source, int]]:
        return [(source, self.counts[source]) for source in Source if self.counts[source]]

    @property
    def theme(self) -> str:
        """The one named most."""
        named = Counter(row.theme for row in self.shown if row.theme)
        return named.most_common(1)[0][0] if named else ""

    @property
    def languages(self) -> list[str]:
        return [code for code, _n in Counter(row.language for row in self.shown).most_common()]

    @property
    def provinces(self) -> list[str]:
        return sorted({row.province for row in self.shown if row.province})

    @property
    def last(self) -> date:
        return max(days(self.shown))


@dataclass
class Missed:
    """An article that was offered and did not help. Numbers by act, and what readers said."""

    topic: str
    title: str
    acts: dict[str, int]
    not_useful: int = 0
    useful: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return self.not_useful + self.acts[Act.REFUSED] + self.acts[Act.PASSED]


@dataclass(frozen=True)
class Report:
    """`rare`: searches whose words are not shown. `by_theme`: requests, for those who read none of them;
    None where a number is too small to be told."""

    groups: list[Group]
    rare: int
    missed: list[Missed]
    by_theme: list[tuple[str, int | None]]


def report(user: Any, what: Narrowed, *, source: str = "") -> Report:
    """For this reader; `source` leaves only groups with that one."""
    reads = user.has_perm("tickets.read_ticket")
    rows = [*searches(what), *(requests(user, what) if reads else ())]
    found = grouped(rows)
    shown = [one for one in found if one.shown and (not source or one.counts.get(source))]
    shown.sort(key=lambda one: (-one.times, -one.last.toordinal(), one.key))
    rare = sum(len(one.searches) for one in found if not one.is_told)
    return Report(shown, rare, missed(what), [] if reads else _by_theme(user, what))


def grouped(rows: Iterable[Asked]) -> list[Group]:
    """Rows with the same key together; a text without a telling word is nobody's gap."""
    rows = list(rows)
    keys = keys_of(row.text for row in rows)
    found: dict[Key, Group] = {}
    for row in rows:
        key = keys[row.text]
        if key:
            found.setdefault(key, Group(key)).rows.append(_of_paper(row, key))
    return list(found.values())


def _of_paper(row: Asked, key: Key) -> Asked:
    """A search whose words ask for a paper is that first."""
    if row.ticket is not None or not asks_for_paper(key):
        return row
    return Asked(
        row.text, (*row.sources, Source.PAPER), row.theme, row.language, row.province, row.day
    )


def missed(what: Narrowed) -> list[Missed]:
    """Articles that readers found not useful, or that were refused or passed over, the most first."""
    first, after = timezone.localdate(what.first), timezone.localdate(what.after)
    counts = SuggestionCount.objects.filter(day__gte=first, day__lt=after)
    said = Feedback.objects.filter(at__gte=what.first, at__lt=what.after)
    if what.language:
        language = "fr" if what.language == "fr" else "ar"
        counts = counts.filter(language=language)
        said = said.filter(version__edition__language=language)
    titles = _titles(what.theme)
    acts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Act.values, 0))
    for topic, act, times in counts.by_act():
        acts[topic][act] += times
    opinions: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for topic, useful, why in said.values_list("version__edition__article__topic", "useful", "why"):
        opinions[topic].append((useful, why))
    found = []
    for topic in titles.keys() & (acts.keys() | opinions.keys()):
        told = opinions[topic]
        found.append(
            Missed(
                topic, titles[topic], acts[topic],
                not_useful=sum(not useful for useful, _why in told),
                useful=sum(useful for useful, _why in told),
                remarks=[why for useful, why in told if why and not useful][:MOST_REMARKS],
            )
        )  # fmt: skip
    return sorted((one for one in found if one.weight), key=lambda one: (-one.weight, one.topic))


def _titles(theme: str) -> dict[str, str]:
    """{topic: title that readers see now, in the reader's language where it exists}."""
    rows = Version.objects.current()
    if theme:
        rows = rows.filter(edition__article__theme__code=theme)
    found: dict[str, str] = {}
    own = reading_language()
    for topic, language, title in rows.values_list(
        "edition__article__topic", "edition__language", "title"
    ):
        if language == own or topic not in found:
            found[topic] = title
    return found


def _by_theme(user: Any, what: Narrowed) -> list[tuple[str, int | None]]:
    """Of requests whose words this reader may not read: how many by theme, small numbers untold."""
    names = {theme.code: str(theme) for theme in tickets.themes()}
    scope = Scope.of(user).rows(team=None)
    counted = Counter(names.get(row.theme, "") for row in of_centre(scope, what))
    told = told_of(dict(counted))
    return sorted(told.items(), key=lambda pair: -(pair[1] or 0))
