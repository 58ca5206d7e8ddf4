"""What was asked and not answered by the library: one row for each search and request, without its person.

Words of requests come without names, and only of ordinary requests that the reader may open; restricted
and sealed ones are not read here at all. Words of searches are cleaned when they are kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.tickets.models import Entry, GivenVersion, Ticket
from helpdesk.tickets.nameless import nameless, names_of_group
from helpdesk.tickets.rules import UNASKED, Help, Kind, Level, Outcome
from helpdesk.tickets.suggested import RefusedSuggestion
from knowledge.search.likeness import is_ordinary
from knowledge.search.models import SearchRecord
from knowledge.search.rules import cleaned

MOST = 5_000
"""Searches, and requests, that are read at most for one report: the newest."""


class Source(TextChoices):
    """Why it counts as a gap."""

    NOTHING = "nothing", _("nothing found")
    UNOPENED = "unopened", _("nothing opened")
    PASSED = "passed", _("sent all the same")
    CLOSED = "closed", _("closed without an article")
    NO_ANSWER = "no-answer", _("no answer in the library")
    REFUSED = "refused", _("suggestion did not fit")
    PAPER = "paper", _("paper asked for")


_UNANSWERED = (*UNASKED, Outcome.WAITING_DOCUMENTS)


@dataclass(frozen=True)
class Asked:
    """One search, or one request. `ticket` is None for a search."""

    text: str
    sources: tuple[Source, ...]
    theme: str
    language: str
    province: str
    day: date
    ticket: int | None = None
    reference: str = ""
    is_closed: bool = False


@dataclass(frozen=True)
class Narrowed:
    """Days from `first` until before `after`, and what the list is narrowed to; empty = all."""

    first: datetime
    after: datetime
    theme: str = ""
    language: str = ""
    province: str = ""


def searches(what: Narrowed) -> Iterator[Asked]:
    rows = SearchRecord.objects.missed().between(what.first, what.after)
    rows = _narrow(rows, what, theme="theme", language="language")
    fields = ("text", "hits", "passed", "theme", "language", "province", "at")
    for text, hits, passed, theme, language, province, at in rows.values_list(*fields)[:MOST]:
        source = Source.PASSED if passed else Source.UNOPENED if hits else Source.NOTHING
        yield Asked(text, (source,), theme, language, province, timezone.localdate(at))


def requests(user: Any, what: Narrowed) -> Iterator[Asked]:
    """Ordinary requests that the reader may open, closed in that time or with a suggestion refused."""
    ours = Ticket.objects.visible_to(user).filter(level=Level.ORDINARY).unmerged()
    yield from _gaps_of(ours, what)


def of_centre(scope: Q, what: Narrowed) -> Iterator[Asked]:
    """The same without a word of any request, to be counted by theme only."""
    rows = Ticket.objects.filter(scope, level=Level.ORDINARY).unmerged()
    yield from _gaps_of(rows, what, wordless=True)


def _gaps_of(rows: Any, what: Narrowed, *, wordless: bool = False) -> Iterator[Asked]:
    closed = Q(closed_at__gte=what.first, closed_at__lt=what.after)
    refused = RefusedSuggestion.objects.filter(at__gte=what.first, at__lt=what.after)
    rows = _narrow(rows, what, theme="theme__code", language="language")
    rows = rows.filter(closed | Q(pk__in=refused.values("ticket"))).order_by("-moved_at")
    found = list(rows.select_related("theme", "person", "association")[:MOST])
    keys = [ticket.pk for ticket in found]
    said = _Said(keys, set(refused.filter(ticket__in=keys).values_list("ticket", flat=True)))
    for ticket in found:
        is_closed = ticket.closed_at and what.first <= ticket.closed_at < what.after
        sources = said.sources(ticket, is_closed=bool(is_closed))
        if sources:
            day = timezone.localdate(ticket.closed_at if is_closed else ticket.moved_at)
            text = "" if wordless else words_of(ticket)
            theme = ticket.theme.code if ticket.theme else ""
            yield Asked(
                text, sources, theme, ticket.language, ticket.province, day, ticket.pk,
                ticket.reference, bool(is_closed),
            )  # fmt: skip


def words_of(ticket: Ticket) -> str:
    """What was asked, in one line, without names and numbers."""
    person, group = ticket.person, ticket.association
    known = [name for name in (person.name, person.other_name) if name] if person else []
    groups = names_of_group(group) if group else []
    return cleaned(nameless(ticket.subject, known, groups=groups, ordinary=is_ordinary))


class _Said:
    """What these requests were given: articles and papers, in three questions."""

    def __init__(self, tickets: list[int], refused: set[int]) -> None:
        self.refused = refused
        given = GivenVersion.objects.filter(answer__ticket__in=tickets, answer__state="released")
        self.articles = set(given.values_list("answer__ticket", flat=True))
        self.papers: set[int] = set()
        entries = Entry.objects.filter(ticket__in=tickets, kind__in=[Kind.CALL, Kind.NOTE])
        for ticket, kind, data in entries.values_list("ticket", "kind", "data"):
            if kind == Kind.CALL and data.get("given"):
                self.articles.add(ticket)
            elif data.get("about") == "paper":
                self.papers.add(ticket)

    def sources(self, ticket: Ticket, *, is_closed: bool) -> tuple[Source, ...]:
        found = []
        if is_closed and ticket.outcome == Outcome.NO_ANSWER:
            found.append(Source.NO_ANSWER)
        elif is_closed and ticket.outcome not in _UNANSWERED and ticket.pk not in self.articles:
            found.append(Source.CLOSED)
        if ticket.pk in self.refused:
            found.append(Source.REFUSED)
        if is_closed and ticket.pk not in self.papers and self._wanted_paper(ticket):
            found.append(Source.PAPER)
        return tuple(found)

    def _wanted_paper(self, ticket: Ticket) -> bool:
        return ticket.help == Help.DRAFTING or ticket.outcome == Outcome.DOCUMENT


def _narrow(rows: QuerySet[Any], what: Narrowed, *, theme: str, language: str) -> Any:
    wanted = {theme: what.theme, language: what.language, "province": what.province}
    return rows.filter(**{field: value for field, value in wanted.items() if value})


def days(rows: Iterable[Asked]) -> set[date]:
    return {row.day for row in rows}
