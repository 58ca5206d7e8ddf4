"""A draft article from a solved request: its question and what was answered, without the people in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpdesk.tickets.models import Answer, Ticket
from helpdesk.tickets.nameless import known_names, nameless
from knowledge.articles.actions.drafting import begin_draft
from knowledge.articles.models import Upkeep
from knowledge.articles.validity import UpkeepAct


def proposed(ticket: Ticket) -> dict[str, str]:
    """What the form begins with: the subject, the first words, the released answers."""
    known = known_names(ticket)
    language = "fr" if ticket.language == "fr" else "ar"
    first = ticket.entries.filter(number=1).values_list("text", flat=True).first()
    title = _line(nameless(ticket.subject, known))
    asked = _line(nameless(first, known)) if first else title
    return {
        "theme": ticket.theme.code if ticket.theme else "",
        "language": language,
        "title": title[:200],
        "question": asked[:300],
        "text": nameless("\n".join(_answers(ticket)), known)[:20_000],
    }


def is_made(ticket: Ticket) -> bool:
    """A draft was begun of it before."""
    return Upkeep.objects.filter(act=UpkeepAct.BEGUN, why=ticket.reference).exists()


def make(ticket: Ticket, said: Mapping[str, Any], *, by: Any, at: datetime) -> Any:
    """Begin the draft. Of the request only its number goes along, for those who may open it."""
    language = said["language"]
    return begin_draft(
        said["theme"],
        {language: said["title"]},
        {language: said["text"]},
        questions={language: said["question"]},
        by=by,
        at=at,
        why=ticket.reference,
    )


def _answers(ticket: Ticket) -> list[str]:
    """What was answered in writing, the oldest first. Notes for colleagues lend nothing."""
    rows = Answer.objects.filter(ticket=ticket, state=Answer.State.RELEASED).order_by("released_at")
    return [text.strip() for text in rows.values_list("text", flat=True) if text.strip()]


def _line(text: str) -> str:
    return " ".join(text.split())
