"""What becomes of the answers suggested on a request: opened, put into an answer, found not to fit."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.tickets.suggested import RefusedSuggestion
from knowledge.search.counting import count
from knowledge.search.models import Act, Place


def refuse(
    ticket: Any, topic: str, language: str, *, at: datetime, place: Place = Place.TICKET
) -> bool:
    """The article does not fit this request; False when that was said before."""
    with transaction.atomic():
        _row, is_new = RefusedSuggestion.objects.get_or_create(
            ticket=ticket, topic=topic[:40], defaults={"place": place, "at": at}
        )
        if is_new:
            count(Act.REFUSED, [(topic, language)], place=place, at=at)
    return is_new


def take_back(ticket: Any, topic: str) -> None:
    """Suggest it here again. What was counted stays counted: it was not what was looked for at first."""
    RefusedSuggestion.objects.filter(ticket=ticket, topic=topic).delete()


def opened(topic: str, language: str, *, at: datetime) -> None:
    count(Act.OPENED, [(topic, language)], place=Place.TICKET, at=at)


def inserted(topic: str, language: str, *, at: datetime) -> None:
    """It was put into the answer being written."""
    count(Act.INSERTED, [(topic, language)], place=Place.TICKET, at=at)
