"""What the API says of a request, field by field: what its asker may read, less where it is kept back."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from ninja import Schema
from pydantic import ConfigDict, Field

from helpdesk.portal import thread
from helpdesk.portal.api.fields import Language, Paged, _
from helpdesk.tickets.rules import Kind

SHOWN = (Kind.QUESTION, Kind.LINE, Kind.ANSWER)
"""Kinds of entries that go out: the words of both sides, no calls and no acts of the desk."""


class NewRequest(Schema):
    """A question, as an organisation's program sends it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    words: Annotated[str, Field(min_length=1, max_length=5000)]
    language: Language = "ar"
    subject: Annotated[str, Field(max_length=120)] = ""
    theme: Annotated[
        str, Field(max_length=1, description=_("Code of a theme, such as A; empty = not known."))
    ] = ""
    province: Annotated[
        str, Field(max_length=6, description=_("HCP code of a province, such as 07.351."))
    ] = ""
    association: Annotated[
        str, Field(max_length=200, description=_("Name of the association that asks."))
    ] = ""


class RequestShape(Schema):
    """A request of the organisation. `is_kept_back`: only number and stage are told."""

    reference: str
    state: Literal["new", "open", "waiting", "answered", "closed"]
    is_kept_back: bool
    subject: str
    language: str
    theme: str
    province: str
    opened_at: datetime
    moved_at: datetime
    answer_due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    url: str


class RequestPage(Paged):
    items: list[RequestShape]


class GivenShape(Schema):
    """An article as the answer gave it, with the texts it leans on."""

    title: str
    language: str
    version: int
    url: str
    texts: list[str]
    sources: list[str]


class LineShape(Schema):
    """One message. `side`: asker or centre; an answer carries its articles and its caution."""

    number: int
    side: Literal["asker", "centre"]
    at: datetime
    text: str
    language: str
    is_answer: bool
    caution: str
    given: list[GivenShape]


class WholeRequest(RequestShape):
    lines: list[LineShape]


def one(ticket: Any) -> dict[str, Any]:
    """A row of `TicketQuerySet.sent_by`."""
    back = ticket.is_kept_back
    return {
        "reference": ticket.reference, "state": ticket.state, "is_kept_back": back,
        "subject": "" if back else ticket.subject, "language": ticket.language,
        "theme": ticket.theme.code if ticket.theme and not back else "",
        "province": "" if back else ticket.province, "opened_at": ticket.opened_at,
        "moved_at": ticket.moved_at, "answer_due_at": ticket.answer_due_at,
        "answered_at": ticket.first_answered_at, "closed_at": ticket.closed_at,
        "url": address_of(ticket.reference),
    }  # fmt: skip


def whole(ticket: Any) -> dict[str, Any]:
    """The same with what both sides said; nothing where it is kept back."""
    entries = [] if ticket.is_kept_back else thread.public_entries(ticket)
    lines = [thread.line_of(entry) for entry in entries if entry.kind in SHOWN]
    return {**one(ticket), "lines": [_line(line) for line in lines]}


def address_of(reference: str) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/requests/{reference}/"


def _line(line: thread.Line) -> dict[str, Any]:
    return {
        "number": line.number, "side": "asker" if line.side == "me" else "centre", "at": line.at,
        "text": line.text, "language": line.language, "is_answer": line.is_answer,
        "caution": line.caution,
        "given": [
            {"title": one.title, "language": one.language, "version": one.number,
             "url": f"{settings.PUBLIC_URL}{one.url}", "texts": list(one.texts),
             "sources": list(one.sources)}
            for one in line.given
        ],
    }  # fmt: skip
