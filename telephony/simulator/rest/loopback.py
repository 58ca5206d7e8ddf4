"""The same surface over loopback, for a server in another process: a WSGI application.

    wsgiref.simple_server.make_server("127.0.0.1", 0, application(simulator.rest))

The real client is pointed at it by a transport that swaps scheme and host. Beside the surface, what
the outside of a centre needs: `POST /play/connect` lets a browser leg dial in.
"""

import json
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from telephony.simulator.rest.asked import Reply
from telephony.simulator.rest.client import dated
from telephony.simulator.rest.surface import Cut, Surface, TooSlow, encoded

Start = Callable[[str, list[tuple[str, str]]], Any]


def application(surface: Surface) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        text = environ["wsgi.input"].read(length).decode()
        fields = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        fields |= parse_qs(text, keep_blank_values=True)
        path = environ["PATH_INFO"]
        if path == "/play/connect":
            reply = _connect(surface, fields)
        else:
            reply = _reply(surface, environ, path, fields)
        headers = {**dated(surface), "Content-Type": reply.kind}
        if reply.leads_to:
            headers["Location"] = reply.leads_to
        start(f"{reply.status} {HTTPStatus(reply.status).phrase}", list(headers.items()))
        return [encoded(reply)]

    return answer


def _reply(
    surface: Surface, environ: dict[str, Any], path: str, fields: dict[str, list[str]]
) -> Reply:
    time.sleep(surface.latency)
    try:
        return surface.handle(
            environ["REQUEST_METHOD"], path, fields, environ.get("HTTP_AUTHORIZATION", "")
        )
    except TooSlow as slow:
        time.sleep(slow.seconds)
        return slow.reply
    except Cut as cut:
        raise ConnectionAbortedError(str(cut)) from cut


def _connect(surface: Surface, fields: dict[str, list[str]]) -> Reply:
    given = {name: values[-1] for name, values in fields.items()}
    identity, application = given.pop("identity", ""), given.pop("application", "")
    if application not in surface.world.account.applications:
        return Reply(404, json.dumps({"message": "no such application"}).encode())
    call = surface.world.connect(identity, application, None, **given)
    return Reply(201, json.dumps({"sid": call.sid}).encode())
