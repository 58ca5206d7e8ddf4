"""One request to the server: signed, tried again as its address says, then by its fallback.

Called without the lock of the world: the server may ask the REST surface before it answers.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from telephony.simulator import overrides
from telephony.simulator.signing import Signer

Form = dict[str, str]


class Down(Exception):
    """Nobody answers at the address."""


class Slow(Exception):
    """The server took the request, and its answer came too late or never."""


class Killed(BaseException):
    """The server's process ends here. No `Exception`: nothing of the server may catch it."""


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    """The content type as answered."""
    body: bytes
    url: str = ""
    """Whence it came: what is relative in it is relative to this."""


class Post(Protocol):
    """The server. Raises Down or Slow; anything else it raises is an error of the server's own."""

    def __call__(
        self, url: str, form: Form, headers: Mapping[str, str], /
    ) -> tuple[int, str, bytes]: ...


class Get(Protocol):
    """The same for what is asked by GET: sounds, a static fallback."""

    def __call__(self, url: str, headers: Mapping[str, str], /) -> tuple[int, str, bytes]: ...


@dataclass
class Fate:
    """What the adversary does to one request."""

    delay: float = 0
    """Seconds before it goes out."""
    copies: int = 1
    lost: bool = False
    unreachable: int = 0
    """So many tries find nobody."""
    slow: int = 0
    """So many tries are taken by the server and their answers come too late."""
    together: bool = False
    """The copies at the same moment, from two threads."""


@dataclass
class Delivery:
    """`kind` is for reports and named points: voice, gather, wait, room:participant-join …"""

    kind: str
    url: str
    form: Form
    done: Callable[["Answer | Failure"], None]
    method: str = "POST"
    fallback: str = ""
    fallback_method: str = "POST"
    call: str = ""
    wants: bool = True
    """An answer is awaited: a document. Otherwise it only tells."""
    fate: Fate = field(default_factory=Fate)
    token: str = ""


@dataclass(frozen=True)
class Failure:
    """No answer worth the name. `code` is Twilio's: 11200 and its family."""

    code: int
    why: str
    url: str


@dataclass
class Poster:
    post: Post
    signer: Signer
    get: Get | None = None
    tried: Callable[[Delivery, str, Answer | None, str], None] = lambda delivery, url, answer, why: (
        None
    )
    """Told of every try: its answer, or what it failed with (ct, rt, 4xx, 5xx)."""
    before: Callable[[Delivery, str, Form], tuple[int, str, bytes] | None] = lambda *given: None
    """Asked before each try; an answer is somebody else's who stands before the server."""
    timer: Callable[[], float] | None = None
    """Seconds, where time is real: then an answer after the patience of its address is too late."""
    after: Callable[[Delivery], None] = lambda delivery: None
    """Asked after the server took it; raises Slow when it died with the answer."""

    def send(self, delivery: Delivery) -> Answer | Failure:
        """The answer of the last copy. A lost one is Down without a try."""
        if delivery.fate.lost:
            return Failure(11200, "lost", delivery.url)
        if delivery.fate.together:
            return self._together(delivery)
        answer = self._with_fallback(delivery)
        for _copy in range(delivery.fate.copies - 1):
            answer = self._with_fallback(delivery)
        return answer

    def _together(self, delivery: Delivery) -> Answer | Failure:
        answers: list[Answer | Failure] = []
        start = threading.Barrier(2)

        def one() -> None:
            start.wait(5)
            answers.append(self._with_fallback(delivery))

        other = threading.Thread(target=one)
        other.start()
        one()
        other.join()
        return answers[0]

    def _with_fallback(self, delivery: Delivery) -> Answer | Failure:
        answer = self._tries(delivery, delivery.url, delivery.form, delivery.method)
        if isinstance(answer, Answer) or not delivery.fallback or not delivery.wants:
            return answer
        form = {**delivery.form, "ErrorCode": str(answer.code), "ErrorUrl": answer.url}
        return self._tries(delivery, delivery.fallback, form, delivery.fallback_method)

    def _tries(self, delivery: Delivery, url: str, form: Form, method: str) -> Answer | Failure:
        address, how = overrides.read(url)
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "X-Home-Region": "us1",
            "I-Twilio-Idempotency-Token": delivery.token,
        }
        why, left, began = "", how.retries + 1, self._now()
        while left and (self._now() - began) * 1000 < how.total:
            left -= 1
            asked = self._now()
            answer, why = self._try(delivery, url, address, form, method, headers)
            if not why and (self._now() - asked) * 1000 > how.read:
                why = overrides.READ
            self.tried(delivery, address, answer, why)
            if not why and answer is not None:
                return answer
            if not how.repeats(why):
                break
        return Failure(11200 if why != overrides.CONNECT else 11205, why, address)

    def _now(self) -> float:
        return self.timer() if self.timer else 0.0

    def _try(
        self, delivery: Delivery, url: str, address: str, form: Form, method: str,
        headers: dict[str, str],
    ) -> tuple[Answer | None, str]:  # fmt: skip
        if delivery.fate.unreachable > 0:
            delivery.fate.unreachable -= 1
            return None, overrides.CONNECT
        try:
            instead = self.before(delivery, address, form)
            if instead:
                status, kind, body = instead
            else:
                status, kind, body = self._ask(url, address, form, method, headers)
                self.after(delivery)
        except Down:
            return None, overrides.CONNECT
        except (Slow, Killed):
            return None, overrides.READ
        answer = Answer(status, kind, body, address)
        if delivery.fate.slow > 0:
            delivery.fate.slow -= 1
            return answer, overrides.READ
        if status >= 500:
            return answer, overrides.STATUS_5XX
        return answer, overrides.STATUS_4XX if status >= 400 else ""

    def _ask(
        self, url: str, address: str, form: Form, method: str, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        if method == "GET":
            return self._got(url, address, form, headers)
        signed = {**headers, **self.signer.headers(url, form)}
        signed["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        return self.post(address, dict(form), signed)

    def _got(
        self, url: str, address: str, form: Form, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        if self.get is None:
            raise Down("this server is only posted to")
        mark = "&" if "?" in address else "?"
        asked, _hash, fragment = url.partition("#")
        full = f"{asked}{mark}{urlencode(form)}"
        signed = self.signer.headers(f"{full}#{fragment}" if fragment else full, {})
        return self.get(full, {**headers, **signed})
