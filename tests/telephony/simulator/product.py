"""The product as a server for the simulator, in this process: Django's test client behind `Post` and `Get`.

    world = Simulator(product.post(client), get=product.get(client), account=…)
    rest = twilio.rest.Client(sid, token, http_client=SimulatedHttp(world.rest, 5))

An error of the product's own is a 500, as it would be over HTTP; a process that is killed inside a
request (`Killed`) takes its open transaction with it.
"""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from django.test import Client

from telephony.simulator.posting import Get, Post

FORM = "application/x-www-form-urlencoded"


def post(client: Client) -> Post:
    client.raise_request_exception = False

    def send(
        url: str, form: dict[str, str], headers: Mapping[str, str], /
    ) -> tuple[int, str, bytes]:
        return _asked(client, "POST", url, urlencode(form), headers)

    return send


def get(client: Client) -> Get:
    client.raise_request_exception = False

    def send(url: str, headers: Mapping[str, str], /) -> tuple[int, str, bytes]:
        return _asked(client, "GET", url, "", headers)

    return send


def _asked(
    client: Client, method: str, url: str, body: str, headers: Mapping[str, str]
) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    kept = {name: value for name, value in headers.items() if name != "Content-Type"}
    answer = client.generic(
        method, path, body, content_type=FORM if method == "POST" else "",
        headers={**kept, "Host": parts.netloc}, secure=parts.scheme == "https",
    )  # fmt: skip
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, answer.headers.get("Content-Type", ""), content
