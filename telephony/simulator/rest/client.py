"""The surface for `twilio.rest.Client(…, http_client=…)` in this process, without a socket."""

import base64
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ReadTimeout
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.exceptions import MaxRetryError, NewConnectionError

from telephony.simulator.rest.surface import Cut, Surface, TooSlow, encoded

if TYPE_CHECKING:
    from telephony.simulator.rest.asked import Reply

_logger = logging.getLogger("twilio.http_client")


class SimulatedHttp(HttpClient):  # type: ignore[misc]
    """Fails as the real one does: with the exceptions of `requests`. `timeout`: seconds, needed."""

    def __init__(self, surface: Surface, timeout: float) -> None:
        super().__init__(_logger, False, timeout)
        self.surface = surface

    def request(
        self, method: str, url: str, params: dict[str, object] | None = None,
        data: dict[str, object] | None = None, headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None, timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Any:  # fmt: skip
        address = urlsplit(url)
        fields = {
            **parse_qs(address.query, keep_blank_values=True),
            **_lists(params),
            **_lists(data),
        }
        code = base64.b64encode(":".join(auth).encode()).decode() if auth else ""
        reply = answered(
            self.surface, method.upper(), address.path, fields, f"Basic {code}" if auth else "",
            timeout or self.timeout,
        )  # fmt: skip
        return Response(reply.status, encoded(reply).decode("latin-1"), dated(self.surface))


def answered(
    surface: Surface, method: str, path: str, fields: dict[str, list[str]], authorization: str,
    timeout: float | None,
) -> "Reply":  # fmt: skip
    """A slow answer within the client's patience is an answer."""
    try:
        return surface.handle(method, path, fields, authorization)
    except Cut as cut:
        nobody = NewConnectionError(None, str(cut))  # type: ignore[arg-type]
        why = str(cut) if cut.done else MaxRetryError(None, path, nobody)  # type: ignore[arg-type]
        raise NoConnection(why) from cut
    except TooSlow as slow:
        if timeout is None:
            surface.world.complain("a client without a timeout waits for ever")
        if timeout is None or slow.seconds > timeout:
            raise ReadTimeout(str(slow)) from slow
        return slow.reply


def dated(surface: Surface) -> dict[str, str]:
    """By the Date of an answer a client's clock can be judged."""
    at = surface.world.clock.now
    return {"Date": at.strftime("%a, %d %b %Y %H:%M:%S GMT"), "Content-Type": "application/json"}


def _lists(given: dict[str, object] | None) -> dict[str, list[str]]:
    """As the form would be encoded: a list is a repeated key, None and empty lists are left out."""
    return {
        name: [_word(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in (given or {}).items()
        if value is not None and value != []
    }


def _word(value: object) -> str:
    return str(value)
