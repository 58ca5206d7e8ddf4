"""The desk's side of a chat: new entries append themselves, each side sees how far the other has read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from helpdesk.live import viewing
from helpdesk.tickets import access, page
from helpdesk.tickets.actions import chatting
from helpdesk.tickets.views.desk.page import whole_number


@require_GET
def chat(request: HttpRequest, pk: int) -> HttpResponse:
    """Entries after `?since=` and how the chat stands; 204 when the page shows all of it."""
    user, now = request.user, timezone.now()
    since = whole_number(request.GET.get("since", ""))
    row = access.peeked_ticket(user, pk, at=now)
    found, fresh = access.chat_of(row), row.last > since
    if found is None:
        return HttpResponse(status=204)
    if fresh:
        row = access.ticket_for(user, pk, at=now)
    shown = page.TicketPage(ticket=row, user=user, at=now, since=since)
    if not fresh and shown.talk and shown.talk.mark == request.GET.get("mark"):
        return HttpResponse(status=204)
    context = {
        "page": shown, "ticket": row, "talk": shown.talk, "fresh": fresh,
        "viewers": viewing.viewers(viewing.place_of(pk), but=user, at=now) if fresh else (),
    }  # fmt: skip
    return render(request, "tickets/parts/chat_news.html", context)


@require_POST
def marks(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs of the advisor who has it: shown up to a number, typing. Of others none is kept."""
    user: Any = request.user
    ticket = access.handled_ticket(user, pk, at=timezone.now())
    found = access.chat_of(ticket)
    if found is not None and ticket.assignee_id == user.pk:
        if number := whole_number(request.POST.get("read", "")):
            chatting.read(found, found.Side.DESK, number)
        if request.POST.get("typing") and found.is_open:
            chatting.type_on(found, found.Side.DESK)
    return HttpResponse(status=204)
