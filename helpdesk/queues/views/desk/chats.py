"""Ending a chat from the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.queues import chats
from helpdesk.tickets import access as tickets
from helpdesk.tickets.errors import Overtaken


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has the request ends its chat; the request itself stays open."""
    user: Any = request.user
    now = timezone.now()
    ticket = tickets.handled_ticket(user, pk, at=now)
    chat = tickets.chat_of(ticket)
    if chat is None or ticket.assignee_id != user.pk:
        messages.info(request, _("Only who has the request ends its chat."))
        return redirect("tickets:ticket", pk)
    try:
        chats.end(chat, chat.Side.DESK, by=user, at=now)
    except Overtaken:
        messages.info(request, _("The chat had ended already."))
    return redirect("tickets:ticket", pk)
