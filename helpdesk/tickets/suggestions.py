"""The answers suggested on a request, without those that were found not to fit it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk.tickets import page
from helpdesk.tickets.suggested import RefusedSuggestion
from knowledge.articles import advising
from knowledge.search.actions import suggested
from knowledge.search.hits import Hit
from knowledge.search.models import Place
from knowledge.search.query import suggest

MOST = 4


@dataclass(frozen=True)
class Suggestions:
    """`refused`: (topic, title) of those put aside, to be taken back."""

    language: str
    hits: list[Hit]
    refused: list[tuple[str, str]] = field(default_factory=list)


def suggestions(ticket: Any, *, at: datetime) -> Suggestions:
    """For what the request asks, in the language of its answer."""
    language = "fr" if ticket.language == "fr" else "ar"
    aside = RefusedSuggestion.objects.topics_of(ticket)
    found = suggest(
        page.question_of(ticket), lang=language, limit=MOST + len(aside), province=ticket.province
    )
    hits = [hit for hit in found if hit.topic not in aside][:MOST]
    suggested(hits, place=Place.TICKET, at=at)
    return Suggestions(language, hits, _titled(aside, language))


def _titled(topics: list[str], language: str) -> list[tuple[str, str]]:
    """Of what readers see now, in that language where it exists."""
    if not topics:
        return []
    other = "ar" if language == "fr" else "fr"
    known = advising.current(topics)
    rows = [(t, known.get((t, language)) or known.get((t, other))) for t in topics]
    return [(topic, version.title) for topic, version in rows if version]
