"""Finds the resource of a request, asks who it is, does it or fails as the faults say."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from telephony.simulator.rest import (
    account,
    calls,
    conferences,
    errors,
    faults,
    messages,
    participants,
    queues,
    recordings,
)  # fmt: skip
from telephony.simulator.rest.asked import Fields, Reply, Request, Route
from telephony.simulator.values import BadDocument

if TYPE_CHECKING:
    from telephony.simulator.simulator import Simulator

PATTERNS = {
    "AccountSid": "AC[0-9a-f]{32}",
    "RecordingSid": r"RE[0-9a-f]{32}|Twilio\.CURRENT",
    "CallSid": "[^/]+?",
    "ConferenceSid": "[^/]+?",
}
"""A participant may be named by its label, a room at its making by its name: both may hold dots."""
ASKED_SO = frozenset({"Method", "HoldMethod"})
"""Methods that may be GET here too."""
ROUTES: tuple[Route, ...] = (
    *calls.ROUTES, *conferences.ROUTES, *participants.ROUTES, *queues.ROUTES, *recordings.ROUTES,
    *messages.ROUTES, *account.ROUTES,
)  # fmt: skip


class Cut(Exception):
    """No answer arrives. `done`: but it was processed."""

    def __init__(self, *, done: bool) -> None:
        super().__init__("processed, then cut" if done else "no connection")
        self.done = done


class TooSlow(Exception):
    """An answer comes, processed, after `seconds`."""

    def __init__(self, reply: Reply, seconds: float) -> None:
        super().__init__(f"{seconds} s")
        self.reply, self.seconds = reply, seconds


@dataclass(frozen=True)
class Logged:
    """What was asked and how it went: for checks against the OpenAPI file, and for reports."""

    at: datetime
    method: str
    path: str
    fields: Mapping[str, list[str]]
    status: int
    fault: str = ""


def _compiled(path: str) -> re.Pattern[str]:
    def group(found: re.Match[str]) -> str:
        name = found.group(1)
        return f"(?P<{name}>{PATTERNS.get(name, '[^/.]+')})"

    return re.compile(re.sub(r"\{(\w+)\}", group, path.replace(".", r"\.")) + "$")


COMPILED = [(route, _compiled(route.path)) for route in ROUTES]


class Surface:
    def __init__(self, world: "Simulator") -> None:
        self.world = world
        self.faults = faults.Faults()
        self.latency = 0.0
        """Seconds an answer takes where time is real."""
        self.log: list[Logged] = []

    def handle(
        self, method: str, path: str, fields: Mapping[str, list[str]], authorization: str
    ) -> Reply:
        """Cut or TooSlow when the faults say so; Killed when the adversary ends the server."""
        found = self._route(method, path)
        name = found[0].name if found else "unknown"
        self.world.point(f"rest:{name}:before")
        fault = self.faults.of(name)
        if fault == faults.REFUSED:
            self._log(method, path, fields, 0, fault)
            raise Cut(done=False)
        with self.world.lock:
            reply = self._reply(found, path, fields, authorization, fault)
        self._log(method, path, fields, reply.status, fault)
        self.world.point(f"rest:{name}:after")
        if fault == faults.CUT:
            raise Cut(done=True)
        if fault == faults.SLOW:
            raise TooSlow(reply, self.faults.slowness)
        return reply

    def _route(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for route, pattern in COMPILED:
            if route.method == method and (match := pattern.match(path)):
                return route, match.groupdict()
        return None

    def _reply(
        self, found: tuple[Route, dict[str, str]] | None, path: str,
        fields: Mapping[str, list[str]], authorization: str, fault: str,
    ) -> Reply:  # fmt: skip
        try:
            is_open = found is not None and found[0].is_open
            if is_open and authorization:
                self.world.complain(f"{path}: the store is told who asks")
            if not is_open and not self._knows(authorization):
                raise errors.unauthorized()
            if fault == faults.LIMITED:
                raise errors.too_many()
            if fault == faults.BROKEN:
                raise errors.Refusal(self.faults.broken, 20500, "Internal Server Error")
            if found is None:
                raise errors.not_found(path)
            route, ids = found
            if ids.get("AccountSid", self.world.account.sid) != self.world.account.sid:
                raise errors.not_found(path)
            self._honoured(route, fields)
            return route.handler(Request(self.world, route.method, path, ids, Fields(fields)))
        except errors.Refusal as refusal:
            return Reply(refusal.status, refusal.shown())
        except BadDocument as wrong:
            self.world.complain(f"{path}: {wrong}")
            return Reply(400, errors.Refusal(400, 12100, str(wrong)).shown())

    def _honoured(self, route: Route, fields: Mapping[str, list[str]]) -> None:
        """Twilio would do as asked; we would lose it in silence."""
        if lost := set(fields) - route.takes:
            self.world.complain(f"{route.name}: {', '.join(sorted(lost))} not honoured")
        for name, values in fields.items():
            if name.endswith("Method") and name not in ASKED_SO and values != ["POST"]:
                self.world.complain(f"{route.name}: {name}={values[0]}, only POST is played")

    def _knows(self, authorization: str) -> bool:
        kind, _space, code = authorization.partition(" ")
        if kind.lower() != "basic":
            return False
        name, _colon, secret = base64.b64decode(code).decode().partition(":")
        account = self.world.account
        return bool(secret) and {account.sid: account.token, **account.keys}.get(name) == secret

    def _log(
        self, method: str, path: str, fields: Mapping[str, list[str]], status: int, fault: str
    ) -> None:
        kept = {name: list(values) for name, values in fields.items()}
        self.log.append(Logged(self.world.clock.now, method, path, kept, status, fault))


def encoded(reply: Reply) -> bytes:
    if reply.content is None:
        return b""
    return reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
