"""The doorway to an open chat: by the pass in a header (a page without cookies), or by the request
that is open in this browser. Never by an address, and never by both: a page that shows a pass is
known by it alone.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from helpdesk.portal import access
from helpdesk.tickets.chats import Chat

HEADER = "X-Wasl-Chat"
_SALT = "wasl.chat"
KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Visit:
    """An open page of a chat. `token` is empty on our own pages, which have a session."""

    chat: Chat
    token: str = ""

    @property
    def who(self) -> str:
        """For counting how fast it writes."""
        return f"c{self.chat.pk}"


def token_of(chat: Chat) -> str:
    """What the page without cookies shows with every request."""
    return signing.dumps([chat.ticket_id, chat.nonce], salt=_SALT)


def visit_of(request: HttpRequest, *, at: datetime, extend: bool = False) -> Visit | None:
    """The chat this page may see, else None. `extend`: somebody did something on it."""
    if HEADER in request.headers:
        token = request.headers[HEADER]
        chat = chat_of_token(token)
        return Visit(chat, token) if chat else None
    found = access.followed(request, at=at, extend=False)
    if found is None or not found.is_open:
        return None
    chat = _rows().filter(ticket=found.ticket).first()
    if chat is not None and extend:
        access.keep_open(request, found.ticket, at=at)
    return Visit(chat) if chat else None


def chat_of_token(token: str) -> Chat | None:
    """The chat of a pass, else None."""
    try:
        number, nonce = signing.loads(token[:300], salt=_SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = _rows()
    chat = rows.filter(ticket=number).first() or rows.filter(ticket__absorbed=number).first()
    if chat is None or not secrets.compare_digest(chat.nonce.encode(), str(nonce).encode()):
        return None
    return chat


def _rows() -> Any:
    return Chat.objects.select_related("ticket__assignee", "ticket__centre", "ticket__theme")


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Protection against forms of other sites; a request with the header needs none, because no other
    site can send it.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        open_way = view if HEADER in request.headers else protected
        return open_way(request, *args, **kwargs)

    return chosen


def is_from_here(request: HttpRequest) -> bool:
    """The request was sent by a page of our own host, as the browser says."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.get_host()
