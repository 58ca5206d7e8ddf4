"""A chat's own acts: it begins, the desk writes a line, each side reads and types, it ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.live import streams
from helpdesk.live.announcing import announce
from helpdesk.tickets.actions import targets, telling
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.errors import NotYours, Overtaken
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Kind, State

Side = Chat.Side
SEEN_EACH = timedelta(seconds=15)
"""How often it is written down that the asker's page is there."""
TYPING_FOR = 5
"""Seconds for which a sign of typing holds; a page sends one each 3 s."""


def begin(ticket: Ticket, *, at: datetime) -> Chat:
    """Open the live side of a ticket whose first line has just been received."""
    return Chat.objects.create(ticket=ticket, began_at=at, asker_seen_at=at, asker_read=ticket.last)


@transaction.atomic
def say(
    chat: Chat, text: str, *, by: Any, at: datetime, language: str, key: str,
    files: Iterable[Any] = (),
) -> Entry:  # fmt: skip
    """A line of an advisor. A written question becomes a chat again by it. The same `key` is one line.

    Who is away is told by the way they chose. Raises NotYours when the chat has ended.
    """
    if known := Entry.objects.filter(key=key).first():
        return known
    if not Chat.objects.open().filter(pk=chat.pk).update(turned_at=None, turned_why=""):
        raise NotYours(_("The chat has ended. Write an answer instead; your text is kept."))
    sent = entry(
        chat.ticket, Kind.LINE, by=by, at=at, text=text, language=language, key=key, files=files
    )
    chat.refresh_from_db()
    if chat.is_gone(at=at):
        telling.tell_asker(chat.ticket, "line-added", at=at, key=f"line:{sent.pk}")
    return sent


@transaction.atomic
def read(chat: Chat, side: Side, number: int) -> bool:
    """Entries up to `number` were shown to that side; False when it knew as much already."""
    field = f"{side}_read"
    number = min(number, Ticket.objects.values_list("last", flat=True).get(pk=chat.ticket_id))
    moved = Chat.objects.filter(pk=chat.pk, **{f"{field}__lt": number}).update(**{field: number})
    if moved:
        setattr(chat, field, number)
        _tell_both(chat, "read")
        if side == Side.DESK:  # the lists count what was not shown
            announce(streams.team(chat.ticket.team_id), kind="read")
    return bool(moved)


@transaction.atomic
def type_on(chat: Chat, side: Side) -> None:
    """Somebody types; a sign that fades by itself and is never stored."""
    if cache.add(_typing(chat, side), 1, TYPING_FOR):
        _tell_both(chat, "typing")
    else:
        cache.touch(_typing(chat, side), TYPING_FOR)


def is_typing(chat: Chat, side: Side) -> bool:
    return bool(cache.get(_typing(chat, side)))


def stop_typing(chat: Chat, side: Side) -> None:
    """The line was sent."""
    cache.delete(_typing(chat, side))


@transaction.atomic
def see_asker(chat: Chat, *, at: datetime) -> None:
    """The asker's page was heard of; the desk is told when it had been gone."""
    was_gone = chat.is_gone(at=at)
    old = Chat.objects.filter(pk=chat.pk, asker_seen_at__lt=at - SEEN_EACH)
    if old.update(asker_seen_at=at):
        chat.asker_seen_at = at
        if was_gone:
            announce(streams.ticket(chat.ticket_id), kind="back")


@transaction.atomic
def end(chat: Chat, side: Side, *, at: datetime, by: Any = None) -> Entry:
    """No more lines. The ticket stays as it is. Raises Overtaken when it had ended already."""
    moved = Chat.objects.open().filter(pk=chat.pk).update(ended_at=at, ended_by=side)
    if not moved:
        raise Overtaken
    written = entry(
        chat.ticket, Kind.CHAT, by=by, at=at, from_asker=side == Side.ASKER,
        data={"act": "ended", "side": side},
    )  # fmt: skip
    _count_as_answered(chat, at=at)
    _tell_both(chat, "end")
    chat.refresh_from_db()
    return written


def _count_as_answered(chat: Chat, *, at: datetime) -> None:
    """Who was talked with has had an answer: from the first line of an advisor, without a text of law."""
    said = chat.ticket.entries.filter(kind=Kind.LINE, from_asker=False).exclude(by=None)
    first = said.order_by("number").values_list("at", flat=True).first()
    if first is None:
        return
    rows = Ticket.objects.filter(pk=chat.ticket_id)
    rows.filter(first_answered_at=None).update(first_answered_at=first)
    if rows.filter(state__in=[State.NEW, State.OPEN, State.WAITING]).update(state=State.ANSWERED):
        targets.rest(chat.ticket, at=at)
    chat.ticket.refresh_from_db()


@transaction.atomic
def answer_by_mail(chat: Chat, address: str, *, at: datetime) -> None:
    """From now on what is written goes to an address as a link; it stays readable here."""
    ticket = chat.ticket
    Ticket.objects.filter(pk=ticket.pk).update(answer_by="email", contact_email=address)
    ticket.refresh_from_db()
    entry(ticket, Kind.CHAT, at=at, from_asker=True, data={"act": "mail"})
    telling.tell_asker(
        ticket, "question-received", at=at, key=f"received:{ticket.pk}:{ticket.last}"
    )


def _tell_both(chat: Chat, kind: str) -> None:
    announce(streams.chat(chat.ticket_id), kind=kind)
    announce(streams.ticket(chat.ticket_id), kind=kind)


def _typing(chat: Chat, side: Side) -> str:
    return f"chat:{chat.pk}:{side}:typing"
