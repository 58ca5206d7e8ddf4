"""Twilio's REST API for tests: each request is checked against its description, kept, and answered as told."""

import io
import json
import re
import wave
from typing import Any

from requests.exceptions import ConnectionError as NoConnection
from twilio.http import HttpClient
from twilio.http.response import Response

from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import openapi_check


def wav(seconds: int) -> bytes:
    """Silence of that length, as a telephone network records it."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000 * seconds))
    return kept.getvalue()


SOUND = wav(12)
SOUND_OF = re.compile(
    rf"{re.escape(openapi_check.HOST)}/2010-04-01/Accounts/{c.ACCOUNT}/Recordings/RE[0-9a-f]{{32}}\.wav"
)
LOST = "lost"
"""No answer comes."""


class Answers(HttpClient):
    """`next` holds what becomes of the next requests: a status, (status, Twilio's number), or LOST; with
    nothing there each succeeds. `asked` is what came: name of the operation, last part of the address, data.
    """

    def __init__(self) -> None:
        super().__init__(__import__("logging").getLogger("answers"), False, 5)
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.next: list[Any] = []
        self.bodies: dict[str, Any] = {"ListConference": {"conferences": []}}
        self.auths: set[Any] = set()
        self.date = ""
        """What answers tell as the time."""
        self.refuses: dict[str, int] = {}
        """Operation, or name of who asks, to the status it gets each time."""
        self.session = self

    def request(
        self, method: str, url: str, params: Any = None, data: Any = None, headers: Any = None,
        auth: Any = None, timeout: Any = None, allow_redirects: bool = False,
    ) -> Response:  # fmt: skip
        name = openapi_check.check(method, url, params, data)
        self.asked.append((name, url.rsplit("/", 1)[-1].removesuffix(".json"), dict(data or {})))
        self.auths.add(auth)
        told = self.next.pop(0) if self.next else 200
        if told == LOST:
            raise NoConnection("nothing came")
        status, code = told if isinstance(told, tuple) else (told, 0)
        status = self.refuses.get(name, self.refuses.get((auth or [""])[0], status))
        if status >= 400:
            return Response(status, json.dumps({"code": code, "message": "no", "status": status}))
        if method == "DELETE":
            return Response(204, "")
        body = self.bodies.get(name, {})
        body = body(params or {}) if callable(body) else body
        return Response(status, json.dumps(body), {"Date": self.date})

    # --- the sound of a recording, which the library does not fetch ------------------------------

    def get(self, url: str, **how: Any) -> Any:
        if not SOUND_OF.fullmatch(url) or (how["timeout"], how["allow_redirects"]) != (5, False):
            raise openapi_check.Wrong(f"{url} {how}")
        self.asked.append(("Sound", url.rsplit("/", 1)[-1], {}))
        self.auths.add(how["auth"])
        told = self.next.pop(0) if self.next else 200
        if told == LOST:
            raise NoConnection("nothing came")
        return Sound(told)


class Sound:
    """What a session answers for a recording; `told` may be bytes that are sent instead."""

    def __init__(self, told: Any) -> None:
        self.status_code = told if isinstance(told, int) else 200
        self.content = told if isinstance(told, bytes) else SOUND
        self.headers = {"Content-Length": str(len(SOUND))}

    def __enter__(self) -> "Sound":
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def iter_content(self, size: int) -> Any:
        yield from (self.content[at : at + size] for at in range(0, len(self.content), size))
