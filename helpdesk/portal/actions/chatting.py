"""What a visitor does in a chat: begin it, write lines, go on by e-mail, take a new code."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from helpdesk.associations import actions as associations
from helpdesk.files.actions import store
from helpdesk.live import pace
from helpdesk.portal.access import the_centre
from helpdesk.portal.actions.asking import Sent, code_for, entry_key, sent_before
from helpdesk.portal.chat_doors import Visit
from helpdesk.queues import chats, reception
from helpdesk.queues.actions import receive
from helpdesk.tickets.actions import chatting, naming, rating
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.errors import NotYours, Overtaken
from helpdesk.tickets.models import Entry
from helpdesk.tickets.rules import Channel

Side = Chat.Side
LINE_ID = re.compile(r"^[A-Za-z0-9_-]{8,60}$")
"""What a page may call its line; made there, unique within the chat."""
BEGIN_ID = re.compile(r"^[A-Za-z0-9_-]{20,60}$")
"""What a page without cookies calls the chat it begins: long, because the code follows from it."""


class Ended(NotYours):
    """The chat takes no more lines."""


def begin(
    said: Mapping[str, Any], *, visitor: str, key: str, at: datetime, user: Any = None
) -> Sent:
    """Receive the first line as a ticket with its live side. The same key is the same chat.

    When nobody would take it now it is a written question at once.
    """
    if known := sent_before(visitor, key):
        return known
    with transaction.atomic():
        _begin(said, visitor=visitor, key=key, at=at, user=user)
    sent = sent_before(visitor, key)
    assert sent is not None
    return sent


def _begin(said: Mapping[str, Any], *, visitor: str, key: str, at: datetime, user: Any) -> None:
    centre = the_centre()
    if centre is None:
        raise LookupError("an installation has a centre: run setup")
    person = getattr(user, "person", None) if user is not None else None
    if person is None and said["name"]:
        person = associations.person_for(
            centre=centre, at=at, name=said["name"], language=said["language"]
        )
    received = receive(
        Channel.CHAT, key=entry_key(visitor, key), at=at, centre=centre, words=said["words"],
        language=said["language"], person=person, code=code_for(visitor, key),
    )  # fmt: skip
    if not received.created:
        return
    chat = chatting.begin(received.ticket, at=at)
    now = reception.reception(centre, language=said["language"], at=at)
    if not now.is_ready:
        why = Chat.Why.NOBODY if now.is_open else Chat.Why.CLOSED
        chats.turn_into_question(chat, why, at=at)


def line_key(chat: Chat, line: str) -> str:
    return f"chat:{chat.ticket_id}:{line}"


@transaction.atomic
def add_line(chat: Chat, given: Mapping[str, Any], *, language: str, at: datetime) -> Entry:
    """One more line, with its files. The same id changes nothing and gives the entry of the first time.

    Raises FileRefused and Ended, and then nothing is added.
    """
    ticket = chat.ticket
    key = line_key(chat, given["line"] or secrets.token_urlsafe(18))
    if known := ticket.entries.filter(key=key).first():
        return known
    if not Chat.objects.open().filter(pk=chat.pk).exists():
        raise Ended
    files = [store(upload.name, upload, at=at) for upload in given["files"]]
    received = receive(
        Channel.CHAT, key=key, at=at, centre=ticket.centre, ticket=ticket, words=given["words"],
        language=language, files=files, waits=ticket.assignee_id is None,
    )  # fmt: skip
    chatting.stop_typing(chat, Side.ASKER)
    return received.entry


def seconds_to_wait(request: HttpRequest, visit: Visit) -> int:
    return pace.seconds_to_wait(request, pace.CHAT, who=visit.who)


def end(chat: Chat, *, at: datetime) -> None:
    """The asker ends it; that it ended already is what they wanted."""
    try:
        chats.end(chat, Side.ASKER, at=at)
    except Overtaken:
        chat.refresh_from_db()


def by_mail(chat: Chat, address: str, *, at: datetime) -> None:
    """Go on by e-mail: what is written is announced there."""
    chatting.answer_by_mail(chat, address, at=at)


def new_code(chat: Chat, key: str, *, at: datetime) -> str:
    """A new code for the request, made by the open chat itself; empty for a key used before."""
    return naming.new_code(
        chat.ticket, by=None, at=at, how="chat", key=f"code:{chat.ticket_id}:{key}"[:120]
    )


def rate(chat: Chat, *, score: int, at: datetime, **more: Any) -> None:
    """Raises TooSoon, Fixed."""
    rating.rate(chat.ticket, score=score, at=at, **more)
