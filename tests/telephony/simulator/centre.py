"""A tiny server that is told what to answer, so that the simulator is tested without the product.

Every request's signature is checked by Twilio's own validator.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.rest import Client

from telephony.simulator.rest.client import SimulatedHttp
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Account, Hooks
from tests.telephony.simulator.words import BASE, twiml

NUMBER, APPLICATION = "+212520000001", "AP" + "a" * 32
STATUS = "#rt=4000&rc=3&rp=all"
ASK = "#rt=7000&rc=1&rp=all"


def account() -> Account:
    hooks = Hooks(
        f"{BASE}/voice{ASK}", f"{BASE}/fallback", f"{BASE}/status{STATUS}", f"{BASE}/text"
    )
    desk = Hooks(f"{BASE}/desk{ASK}", "", f"{BASE}/status{STATUS}")
    return Account(
        "AC" + "0" * 31 + "1", "token-of-the-account", {"SK" + "b" * 32: "secret-of-a-key-of-the-account-long-enough"},
        {NUMBER: hooks, "whatsapp:" + NUMBER: hooks}, {APPLICATION: desk},
    )  # fmt: skip


@dataclass
class Seen:
    path: str
    form: dict[str, str]
    token: str


class Server:
    """Answers by path: a document, or a function of the form that gives one."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.answers = dict(answers or {})
        self.seen: list[Seen] = []
        self.refused: list[str] = []
        self.secrets = {"": "token-of-the-account", "webhooks_key_1": "shared-key"}

    def __call__(
        self, url: str, form: dict[str, str], headers: Mapping[str, str]
    ) -> tuple[int, str, bytes]:
        path = url.removeprefix(BASE)
        if not self._signed(url, form, headers):
            self.refused.append(path)
            return 403, "text/plain", b""
        self.seen.append(Seen(path, form, headers["I-Twilio-Idempotency-Token"]))
        answer = self.answers.get(path.partition("?")[0], twiml())
        if callable(answer):
            answer = answer(form)
        if isinstance(answer, tuple):
            return answer
        return 200, "text/xml; charset=utf-8", answer.encode()

    def _signed(self, url: str, form: dict[str, str], headers: Mapping[str, str]) -> bool:
        settings = headers.get("X-Twilio-Webhooks-Signature-Settings", "")
        key = settings.partition("key=")[2].partition(",")[0]
        validator = RequestValidator(self.secrets[key])
        how = get_signature_algorithm(settings)
        return validator.validate(url, form, headers["X-Twilio-Signature"], how)

    def asked(self, path: str) -> list[dict[str, str]]:
        return [one.form for one in self.seen if one.path == path]


def simulator(server: Callable[..., Any], **more: Any) -> Simulator:
    return Simulator(server, account=account(), **more)


def client(world: Simulator, timeout: float = 5) -> Client:
    known = world.account
    return Client(known.sid, known.token, http_client=SimulatedHttp(world.rest, timeout))
