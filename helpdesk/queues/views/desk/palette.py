"""The command palette's finds: requests, people and associations, answers of the library."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from helpdesk.queues import access
from helpdesk.queues.lists import ICONS, who
from helpdesk.tickets import finding
from knowledge.languages import reading_language
from knowledge.search.query import search
from knowledge.search.snippets import marked

TICKETS, NAMES, ANSWERS = 5, 3, 4
"""Lines of each group: what fits on a screen without scrolling far."""


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """What a text finds, as lines to choose from; commands of the open page are added by the page."""
    user: Any = request.user
    rows = access.listed_tickets(user)
    text = " ".join(request.GET.get("q", "").split())[: finding.LONGEST]
    if len(text) < 2:
        return render(request, "queues/palette.html", {"text": ""})
    found = finding.tickets(rows, user, text)
    language = reading_language()
    answers = search(text, lang=language, limit=ANSWERS)
    context = {
        "text": text,
        "tickets": [
            {
                "ticket": ticket, "icon": ICONS[ticket.channel], "who": who(ticket),
                "subject": marked(ticket.subject, found.stems) if found.stems else ticket.subject,
            }
            for ticket in access.first_of(found, TICKETS)
        ],
        "people": finding.people(user, text)[:NAMES],
        "associations": finding.associations(user, text)[:NAMES],
        "answers": [*answers.hits, *answers.also][:ANSWERS],
        "open_pk": _number(request.GET.get("ticket", "")),
    }  # fmt: skip
    return render(request, "queues/palette.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else None
