"""A chat as its visitor sees it: how it stands, the lines, what may be done. Plain data for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.centre.models import Centre
from helpdesk.centre.wording import clock_text, date_text, day_text, reader_language
from helpdesk.portal import thread
from helpdesk.queues import reception
from helpdesk.tickets.actions import chatting
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.models import Entry
from knowledge.search import actions as searching
from knowledge.search.hits import Hit
from knowledge.search.models import Place
from knowledge.search.query import suggestions

SUGGESTED = 3
FRESH = timedelta(hours=1)
"""Time after its first line in which what is suggested counts as one search."""


@dataclass(frozen=True)
class Said:
    """A line of the thread, and whether the other side has read it."""

    line: thread.Line
    who: str
    is_read: bool


@dataclass
class Talk:
    """`since`: the page has the lines up to this number."""

    chat: Chat
    at: datetime
    since: int = 0

    @property
    def ticket(self) -> Any:
        return self.chat.ticket

    @cached_property
    def lines(self) -> list[Said]:
        if self.ticket.last <= self.since:
            return []
        rows = thread.public_entries(self.ticket, after=self.since)
        return [self._said(entry) for entry in rows]

    def _said(self, entry: Entry) -> Said:
        line = thread.line_of(entry)
        who = first_name(entry.by) if line.side == "us" and entry.by else line.title
        read = line.side == "me" and entry.number <= self.chat.desk_read
        return Said(line, who, read)

    @property
    def last(self) -> int:
        """Number of the newest line shown."""
        return self.lines[-1].line.number if self.lines else self.since

    @property
    def state(self) -> str:
        """`waiting` for an advisor, `talking`, a written `question`, or `ended`."""
        if not self.chat.is_open:
            return "ended"
        if self.chat.turned_at is not None:
            return "question"
        return "talking" if self.ticket.assignee_id else "waiting"

    @property
    def advisor(self) -> str:
        return first_name(self.ticket.assignee) if self.ticket.assignee_id else ""

    @property
    def title(self) -> str:
        if self.state == "talking":
            return _("Chat with %(name)s, advisor") % {"name": self.advisor}
        if self.state == "question":
            return _("Your question is with us")
        return _("The chat has ended") if self.state == "ended" else _("Chat with an advisor")

    @cached_property
    def place(self) -> reception.Place | None:
        return reception.place_of(self.ticket, at=self.at) if self.state == "waiting" else None

    @property
    def wait(self) -> str:
        """The place in line, and how long it usually takes."""
        return wait_text(self.place)

    @property
    def due(self) -> str:
        """The day before which a written question is answered."""
        due = self.ticket.answer_due_at
        owed = due is not None and self.ticket.first_answered_at is None
        return date_text(due, "weekday") if owed and not self.ticket.is_closed else ""

    @property
    def why(self) -> str:
        """Why an advisor does not answer at once."""
        return (
            {
                Chat.Why.CLOSED: _("We are closed now."),
                Chat.Why.NOBODY: _("No advisor is here now."),
                Chat.Why.LONG: _("No advisor was free in ten minutes."),
                Chat.Why.LEFT: _("The advisor had to leave."),
            }.get(Chat.Why(self.chat.turned_why), "")
            if self.chat.turned_why
            else ""
        )

    @cached_property
    def is_typing(self) -> bool:
        return self.state == "talking" and chatting.is_typing(self.chat, Chat.Side.DESK)

    @property
    def mark(self) -> str:
        """Changes whenever the page would show something else than lines."""
        place = (self.place.before, self.place.minutes) if self.place else ()
        parts = (
            self.state, self.ticket.assignee_id or 0, self.chat.desk_read, int(self.is_typing), *place,
        )  # fmt: skip
        return "-".join(str(part) for part in parts)

    @property
    def is_private(self) -> bool:
        """No e-mail is stored for it yet."""
        return not self.ticket.contact_email


def wait_text(place: reception.Place | None) -> str:
    """Who stands before, and how long it usually takes; empty when nobody waits."""
    if place is None:
        return ""
    n = place.before
    words = (
        ngettext("%(n)s person before you", "%(n)s people before you", n) % {"n": n}
        if n
        else _("You are next")
    )
    if place.minutes is None:
        return words
    about = ngettext("about %(n)s minute", "about %(n)s minutes", place.minutes)
    return f"{words} · {about % {'n': place.minutes}}"


@dataclass(frozen=True)
class Hours:
    """What the page of a chat not yet begun says of the centre."""

    is_open: bool
    is_ready: bool
    line: str
    why: str = ""
    """What a supervisor wrote when pausing the queue, or for when it is closed."""


def hours(centre: Centre, *, language: str, at: datetime) -> Hours:
    return _told(reception.reception(centre, language=language, at=at))


def closed(centre: Centre, theme: Any, *, language: str, at: datetime) -> Hours | None:
    """What a closed or paused queue tells those who write a question to it; None while it is open."""
    now = reception.reception(centre, theme=theme, language=language, at=at)
    return None if now.is_open else _told(now)


def _told(now: reception.Reception) -> Hours:
    why = now.paused_for or now.closed_words
    return Hours(now.is_open, now.is_ready, hours_line(now), why)


def hours_line(now: reception.Reception) -> str:
    """`Open until 17:00`, or when it opens again."""
    if now.is_open and now.closes_at is None:
        return _("Open at any hour")
    if now.closes_at is not None:
        return _("Open until %(time)s") % {"time": f"\u2066{clock_text(now.closes_at)}\u2069"}
    if now.opens_at is None:
        return _("Closed")
    return _("Closed. We open %(day)s at %(time)s") % {
        "day": day_text(now.opens_at), "time": f"\u2066{clock_text(now.opens_at)}\u2069",
    }  # fmt: skip


def opens_aloud(opens_at: datetime | None) -> str:
    """When it opens again, for the telephone: no sign of direction in it. Empty when nobody knows."""
    if opens_at is None:
        return ""
    said = {"day": day_text(opens_at), "time": clock_text(opens_at)}
    return _("We open %(day)s at %(time)s.") % said


def articles(chat: Chat, *, at: datetime) -> tuple[Sequence[Hit], str]:
    """Articles that may answer the first line, until an advisor does; and the key by which their
    opening is told. The first page of a chat keeps the search, later ones know its number."""
    first = chat.ticket.entries.filter(number=1).values_list("text", flat=True).first() or ""
    found = suggestions(
        first, lang=reader_language(), limit=SUGGESTED, province=chat.ticket.province
    )
    hits = sorted(found.hits + found.also, key=lambda hit: -hit.score)[:SUGGESTED]
    known = f"chat-search:{chat.ticket.pk}"
    number = cache.get(known)
    if number is None and chat.ticket.opened_at > at - FRESH:
        theme = chat.ticket.theme
        kept = searching.record(
            found, place=Place.CHAT, at=at, theme=theme.code if theme else "",
            province=chat.ticket.province,
        )  # fmt: skip
        searching.suggested(hits, place=Place.CHAT, at=at)
        number = kept.pk if kept else 0
        cache.set(known, number, FRESH.total_seconds())
    return hits, searching.opening_key(number)


def first_name(user: Any) -> str:
    """An advisor's first name: enough to be spoken to, not enough to be looked for."""
    return user.shown_name.split()[0] if user.shown_name.split() else ""
