"""The same surface for any `requests` session: mount it, and the real client's own code runs too.

    session.mount("https://", SimulatedAdapter(simulator.rest))

So the product's transport (timeouts, retries, form encoding, fetching of sounds) is under test.
"""

import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response

from telephony.simulator.rest.client import answered, dated
from telephony.simulator.rest.surface import Surface, encoded


class SimulatedAdapter(BaseAdapter):
    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self.surface = surface

    def send(
        self, request: PreparedRequest, stream: bool = False, timeout: Any = None,
        verify: Any = True, cert: Any = None, proxies: Any = None,
    ) -> Response:  # fmt: skip
        address = urlsplit(request.url or "")
        body = request.body or ""
        text = body.decode() if isinstance(body, bytes) else str(body)
        fields = parse_qs(address.query, keep_blank_values=True)
        fields |= parse_qs(text, keep_blank_values=True)
        patience = timeout[1] if isinstance(timeout, tuple) else timeout
        reply = answered(
            self.surface, request.method or "GET", address.path, fields,
            str(request.headers.get("Authorization", "")), patience,
        )  # fmt: skip
        response = Response()
        response.status_code = reply.status
        response.raw = io.BytesIO(encoded(reply))
        response.headers.update({**dated(self.surface), "Content-Type": reply.kind})
        if reply.leads_to:
            response.headers["Location"] = reply.leads_to
        response.url, response.request, response.encoding = request.url or "", request, "utf-8"
        return response

    def close(self) -> None:
        """Nothing is open."""
