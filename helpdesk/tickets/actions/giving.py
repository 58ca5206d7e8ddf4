"""Giving outside an answer, a paper or an article told on the telephone: kept in the thread, so that
one can prove what was handed over and said."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Kind
from knowledge.articles import citing
from knowledge.articles.papers import texts
from knowledge.articles.rules import Mark, Section

SOURCE = "source"


def give_paper(
    ticket: Ticket, code: str, *, language: str, form: str, is_filled: bool, by: Any,
    at: datetime, key: str,
) -> Entry:  # fmt: skip
    """Note the paper given. The same `key` twice is one giving."""
    titles = {
        f"title_{tongue}": found.title
        for tongue in ("ar", "fr")
        if (found := texts.paper(code, tongue))
    }
    data = {
        "about": "paper", "paper": code, "language": language, "form": form,
        "filled": is_filled, **titles,
    }  # fmt: skip
    return entry(
        ticket, Kind.NOTE, by=by, at=at, public=False, data=data,
        key=f"paper:{ticket.pk}:{key}:{code}:{language}:{form}",
    )  # fmt: skip


def by_word_of_mouth(versions: Iterable[Any]) -> list[dict[str, Any]]:
    """What the entry of a call keeps of the articles told: version, and the citations of that day.

    Told are the short answer and the lines to read aloud; what is not certain never is. Legal texts
    stand before other sources.
    """
    found = []
    for version in versions:
        rows = version.statements.filter(section__in=(Section.IN_SHORT, Section.SPOKEN))
        keys = list(rows.exclude(mark=Mark.UNSURE).values_list("key", flat=True))
        frozen = citing.frozen(version, keys=keys) if keys else []
        lines = sorted(frozen, key=lambda one: one.get("kind") == SOURCE)
        found.append({
            "topic": version.edition.article.topic,
            "language": version.edition.language,
            "title": version.title,
            "version": version.number,
            "checked": version.checked_on.isoformat(),
            "statements": keys,
            "frozen": frozen,
            "citations": list(dict.fromkeys(one["text"] for one in lines)),
        })  # fmt: skip
    return found
