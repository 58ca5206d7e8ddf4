"""The socket's way in: our own pages only, with the session of the person."""

from typing import Any
from urllib.parse import urlsplit

from channels.auth import AuthMiddlewareStack
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connection
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.live.consumer import LiveConsumer
from helpdesk.live.hub import hub

PATH = "/live/"
_consumer = AuthMiddlewareStack(LiveConsumer.as_asgi())


async def socket(scope: Any, receive: Any, send: Any) -> None:
    """ASGI application of `websocket` scopes."""
    if scope["path"] != PATH or not is_ours(scope):
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await _consumer(scope, receive, send)


def is_ours(scope: Any) -> bool:
    """Whether a page of this very host opens the socket. Browsers always say where a page is from."""
    heads = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
    host = heads.get(b"host", "")
    origin = urlsplit(heads.get(b"origin", ""))
    domain, _port = split_domain_port(host)
    return bool(host) and origin.netloc == host and validate_host(domain, settings.ALLOWED_HOSTS)


def still_there(known: set[tuple[int, str, int]]) -> set[tuple[int, str, int]]:
    """Of (person, session key, rights version): those signed in and with the same rights as then."""
    close_old_connections()
    try:
        keys = {session for _person, session, _rights in known}
        now = timezone.now()
        sessions = set(
            Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list(
                "session_key", flat=True
            )
        )
        rights = dict(
            User.objects.filter(pk__in={person for person, _, _ in known}, is_active=True)
            .values_list("pk", "rights_version")
        )  # fmt: skip
    finally:
        connection.close()
    return {who for who in known if who[1] in sessions and rights.get(who[0]) == who[2]}


hub.still_there = still_there
