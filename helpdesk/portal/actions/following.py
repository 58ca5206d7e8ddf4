"""What an asker does with an open request: add, close, rate; and keeping what they type."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import ngettext

from helpdesk.files.actions import store
from helpdesk.live.access import owner_of
from helpdesk.live.actions import draft_of, drop_draft, save_draft
from helpdesk.queues.actions import receive
from helpdesk.tickets import querysets
from helpdesk.tickets.actions import closing, rating
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.opinion_models import Rating, Result
from helpdesk.tickets.rules import Channel


def new_key() -> str:
    """Marks one form: sent twice, it counts once."""
    return secrets.token_urlsafe(18)


def too_fast(seconds: int) -> str:
    """The sentence for somebody who sends more than one can read."""
    minutes = max(1, round(seconds / 60))
    return ngettext(
        "Many messages came from here in a short time. Your text is kept: send it in %(n)s minute.",
        "Many messages came from here in a short time. Your text is kept: send it in %(n)s minutes.",
        minutes,
    ) % {"n": minutes}


def message_place(ticket: Ticket) -> str:
    """Where the unsent message to this request is kept."""
    return querysets.message_place(ticket.pk)


def typed(request: HttpRequest, place: str) -> dict[str, str]:
    """What was typed there and not sent."""
    return draft_of(place=place, **owner_of(request, place))


def keep_message(request: HttpRequest, ticket: Ticket | None, *, at: datetime) -> None:
    """The time ran out while somebody wrote: keep the words for when the code is typed again."""
    words = request.POST.get("words", "")
    if ticket is not None and words.strip():
        place = message_place(ticket)
        save_draft(place=place, fields={"words": words}, at=at, **owner_of(request, place))


@transaction.atomic
def add_message(
    request: HttpRequest, ticket: Ticket, given: Mapping[str, Any], *, language: str, at: datetime
) -> Entry:
    """Add words and files to a request; it waits again, and opens again when it was closed.

    Raises FileRefused, and then nothing is added.
    """
    key = f"follow:{ticket.pk}:{given['key'] or new_key()}"
    if known := ticket.entries.filter(key=key).first():
        return known
    files = [store(upload.name, upload, at=at) for upload in given["files"]]
    received = receive(
        Channel.WEB, key=key, at=at, centre=ticket.centre, ticket=ticket, words=given["words"],
        language=language, files=files,
    )  # fmt: skip
    place = message_place(ticket)
    drop_draft(place=place, **owner_of(request, place))
    return received.entry


def is_live(ticket: Ticket) -> bool:
    """It is talked over now: whoever follows it is led into the chat."""
    return Chat.objects.live().filter(ticket=ticket).exists()


def close(ticket: Ticket, *, at: datetime) -> None:
    """The asker needs nothing more. Raises Overtaken when it was closed already."""
    closing.close_by_asker(ticket, at=at)


def rate(ticket: Ticket, *, score: int, at: datetime, **more: Any) -> Rating:
    """Raises TooSoon, Fixed."""
    return rating.rate(ticket, score=score, at=at, **more)


def tell_result(ticket: Ticket, code: str, *, at: datetime) -> Result:
    """Raises TooSoon, Fixed."""
    return rating.tell_result(ticket, code, at=at)
