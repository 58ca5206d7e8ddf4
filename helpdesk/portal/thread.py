"""A request as its asker sees it: what is public in it, and how far it is. Plain data for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from helpdesk.tickets import citations
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.models import Entry, GivenVersion, Ticket
from helpdesk.tickets.rules import CAUTION, Kind, State

WORDS = (Kind.QUESTION, Kind.LINE, Kind.MAIL, Kind.ANSWER, Kind.CALL)
"""Kinds that carry what somebody said; the others are events."""


@dataclass(frozen=True)
class Given:
    """An article as the answer gave it: its version of that day and the texts it leans on."""

    url: str
    """Of that very version: each edition counts its own, so the address has the edition's language."""
    language: str
    number: int
    title: str
    texts: Sequence[str]
    sources: Sequence[str]


@dataclass(frozen=True)
class Line:
    """`side` is me, us or ev (an event)."""

    number: int
    side: str
    at: datetime
    title: str
    text: str = ""
    language: str = ""
    caution: str = ""
    given: Sequence[Given] = ()
    files: Sequence[Any] = ()
    is_answer: bool = False
    key: str = ""
    """Made by the page that sent it; empty for what others wrote."""


@dataclass(frozen=True)
class Stage:
    title: str
    state: str
    at: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class Conversation:
    ticket: Ticket
    lines: Sequence[Line]
    stages: Sequence[Stage]
    word: str
    tone: str
    """Class of the state's tag: law, soon or ok."""
    changed_at: datetime
    last: int
    """Number of the newest public entry."""

    @property
    def has_answer(self) -> bool:
        return any(line.is_answer for line in self.lines)


def conversation(ticket: Ticket) -> Conversation:
    """Everything the follow page shows, in a fixed number of queries."""
    entries = public_entries(ticket)
    word, tone = _state(ticket, entries)
    return Conversation(
        ticket=ticket,
        lines=[line_of(entry) for entry in entries],
        stages=_stages(ticket, entries),
        word=word,
        tone=tone,
        changed_at=entries[-1].at if entries else ticket.opened_at,
        last=entries[-1].number if entries else 0,
    )


def public_entries(ticket: Ticket, *, after: int = 0) -> list[Entry]:
    """What the asker may see of a request, with all that its lines show, in a few queries."""
    given = GivenVersion.objects.select_related("version__edition__article")
    rows = ticket.entries.for_asker().since(after).select_related("answer", "by")
    return list(rows.prefetch_related("files", Prefetch("answer__given", given)))


def newest(ticket: Ticket) -> int:
    """Number of the newest public entry: whether the page has anything new to fetch."""
    return ticket.entries.for_asker().order_by("-number").values_list("number", flat=True)[:1].get()


def file_of(ticket: Ticket, name: str) -> Any:
    """A file of a public entry of this ticket, else None."""
    entry = ticket.entries.for_asker().filter(files__name=name).first()
    return entry.files.filter(name=name).first() if entry else None


def _state(ticket: Ticket, entries: Sequence[Entry]) -> tuple[str, str]:
    said = [entry for entry in entries if entry.kind in WORDS]
    if ticket.state == State.CLOSED:
        return _("closed"), ""
    if ticket.state == State.ANSWERED and said and said[-1].from_asker:
        return _("being studied"), "law"
    return {
        State.NEW: (_("received"), "soon"),
        State.OPEN: (_("being studied"), "law"),
        State.WAITING: (_("waiting for you"), "soon"),
        State.ANSWERED: (_("answered"), "ok"),
    }[State(ticket.state)]


def _stages(ticket: Ticket, entries: Sequence[Entry]) -> list[Stage]:
    taken = ticket.entries.filter(kind=Kind.CLAIM).order_by("number").first()
    taken_at = taken.at if taken else ticket.first_answered_at
    answered = ticket.first_answered_at
    return [
        Stage(_("Received"), "on", ticket.opened_at),
        Stage(_("Being studied"), "on" if taken_at else "off", taken_at),
        Stage(
            _("Answered"), "on" if answered else "off", answered,
            due=None if answered or ticket.is_closed else ticket.answer_due_at,
        ),
    ]  # fmt: skip


def line_of(entry: Entry) -> Line:
    """An entry as its asker reads it."""
    side = "ev" if entry.kind not in WORDS else "me" if entry.from_asker else "us"
    answer = getattr(entry, "answer", None)
    return Line(
        number=entry.number,
        side=side,
        at=entry.at,
        title=_title(entry, side),
        text=entry.text,
        language=entry.language,
        caution=CAUTION[answer.language] if answer else "",
        given=[_given(row) for row in answer.given.all()] if answer else (),
        files=list(entry.files.all()),
        is_answer=answer is not None,
        key=entry.key.rpartition(":")[2] if entry.key and entry.key.startswith("chat:") else "",
    )


def _given(row: GivenVersion) -> Given:
    version, lines = row.version, citations.parted(row)
    edition = version.edition
    with override(edition.language):
        url = reverse("articles:version", args=[edition.article.topic, version.number])
    return Given(
        url=url, language=edition.language, number=version.number, title=version.title,
        texts=lines.texts, sources=lines.sources,
    )  # fmt: skip


def _title(entry: Entry, side: str) -> str:
    if side == "me":
        return _("You")
    if side == "us":
        return _("Wasl")
    by_asker = entry.from_asker
    if entry.kind == Kind.MERGE:
        return _merged(entry.data)
    events = {
        Kind.CLOSURE: _("closed by you") if by_asker else _("closed"),
        Kind.REOPENING: _("opened again"),
        Kind.RATING: _("you told us what came of it")
        if entry.data.get("result")
        else _("rated by you"),
        Kind.PROMISE: _("we promised to call you"),
        Kind.CHAT: _chat_words(entry),
    }
    return events.get(Kind(entry.kind)) or str(Kind(entry.kind).label)


def _chat_words(entry: Entry) -> str:
    """What became of a chat, to its asker."""
    if entry.data.get("act") == "question":
        return _("the chat became a written question")
    if entry.data.get("act") == "mail":
        return _("the answer comes by e-mail")
    if entry.data.get("side") == Chat.Side.CLOCK:
        return _("the chat ended")
    return _("chat ended by you") if entry.from_asker else _("chat ended by the advisor")


def _merged(told: dict[str, Any]) -> str:
    named = {"source": told.get("source", ""), "target": told.get("target", "")}
    words = {
        "merge": _("%(source)s and %(target)s go on together"),
        "merge-undone": _("%(source)s and %(target)s are two requests again"),
        "split": _("a part of %(source)s goes on as %(target)s, with the same code"),
        "split-undone": _("%(source)s and %(target)s go on together"),
    }
    return words.get(told.get("act", ""), "") % named
