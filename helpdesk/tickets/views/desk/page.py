"""The page of a ticket, whole or with a form open on it, and the parts that follow it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from helpdesk.centre.collision import Collision
from helpdesk.live import passes, streams, viewing
from helpdesk.live.announcing import announce
from helpdesk.tickets import access, desk_access, page, papers
from helpdesk.tickets.cites import Chosen, chosen
from helpdesk.tickets.forms.composing import blank, kept_quotes
from helpdesk.tickets.suggestions import suggestions


@dataclass(frozen=True)
class Panel:
    """A form that stands where the composer is until it is sent or put away."""

    title: str
    act: str
    """Where it posts to."""
    submit: str
    form: Any = None
    template: str = "tickets/panels/form.html"
    lead: str = ""
    extra: Any = None
    seen: str = ""
    """The stamp of what its fields were filled with."""
    collision: Collision | None = None
    """Somebody else saved first."""


def show(
    request: HttpRequest,
    ticket: Any,
    *,
    panel: Panel | None = None,
    composer: Any = None,
    quotes: dict[int, tuple[str, ...]] | None = None,
    said: str = "",
    new_number: str = "",
    status: int = 200,
) -> HttpResponse:
    """The ticket's page; to htmx only the panel, when there is one. `said` is a refusal to read."""
    user: Any = request.user
    if panel is not None and request.htmx and status == 200:  # type: ignore[attr-defined]
        return render(request, "tickets/panels/frame.html", {"panel": panel, "ticket": ticket})
    shown = page.TicketPage(
        ticket=ticket, user=user, at=timezone.now(), whole="all" in request.GET, panel=panel,
        new_number=new_number,
    )  # fmt: skip
    answers = shown.is_mine and shown.may_write
    cites: list[Chosen] = []
    if shown.may_write:
        picked = kept_quotes(ticket.draft) if quotes is None else quotes
        cites = chosen(user, picked)
        shown.composer = composer or blank(ticket, draft=ticket.draft, answers=answers)
    context = {
        "page": shown, "ticket": ticket, "panel": panel, "composer": shown.composer,
        "cites": cites, "answers": answers, "said": said,
    }  # fmt: skip
    return render(request, "tickets/ticket.html", context, status=status)


def show_again(request: HttpRequest, pk: int, **shown: Any) -> HttpResponse:
    """The page after a form that could not be taken, with what was typed."""
    ticket = access.shown_ticket(request.user, pk, at=timezone.now())
    shown.setdefault("status", 422)
    return show(request, ticket, **shown)


def open_panel(request: HttpRequest, pk: int, panel: Panel, *, said: str = "") -> HttpResponse:
    """The ticket with a form open on it: fresh, or again with what could not be taken."""
    ticket = access.shown_ticket(request.user, pk, at=timezone.now())
    status = 409 if said or panel.collision else 422 if request.method == "POST" else 200
    return show(request, ticket, panel=panel, said=said, status=status)


def back(pk: int) -> HttpResponse:
    """To the ticket, after an act."""
    return redirect("tickets:ticket", pk)


@require_GET
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, access.shown_ticket(request.user, pk, at=timezone.now()))


@require_GET
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread alone, fetched when something new came while one writes."""
    user: Any = request.user
    row = access.shown_ticket(user, pk, at=timezone.now())
    shown = page.TicketPage(ticket=row, user=user, at=timezone.now())
    return render(request, "tickets/parts/thread.html", {"page": shown, "ticket": row, "oob": True})


@require_GET
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """How much others wrote since the page was made, and who is here. Never touches what is typed."""
    user, now = request.user, timezone.now()
    row = access.peeked_ticket(user, pk, at=now)
    if row.pk != pk:
        return render(request, "tickets/parts/moved.html", {"ticket": row})
    since = whole_number(request.GET.get("since", ""))
    chat = access.chat_of(row)
    appends = chat is not None and chat.is_open  # the thread of a chat appends them by itself
    is_behind = since < row.last and not appends
    count = row.entries.since(since).exclude(by=request.user).count() if is_behind else 0
    place = viewing.place_of(pk)
    if viewing.see(place, by=user, at=now):
        announce(streams.ticket(pk), kind="viewing")
    context = {
        "ticket": row, "since": since, "count": count,
        "live": passes.listening(user, streams.ticket(pk)),
        "viewers": viewing.viewers(place, but=user, at=now),
    }  # fmt: skip
    return render(request, "tickets/parts/news.html", context)


@require_GET
def around(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggested articles, facts still to say and earlier tickets, after the page itself."""
    user: Any = request.user
    row = access.handled_ticket(user, pk, at=timezone.now())
    offered = suggestions(row, at=timezone.now())
    hits = offered.hits
    context = {
        "around": page.around(row, user, hits=hits), "ticket": row, "language": offered.language,
        "team_tags": desk_access.tags_of_team(row), "suggestions": offered,
        "menu": papers.menu(row.theme, offered.language, topic=hits[0].topic if hits else ""),
    }  # fmt: skip
    return render(request, "tickets/parts/around.html", context)


def whole_number(text: str) -> int:
    """A number of an entry as it stands in an address; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
