"""The same world in real time, against a server in another process: over loopback, both ways.

Requests to the server go out from a pool of threads, as Twilio's come: many at once, in any order.
"""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import requests
from urllib3.exceptions import NewConnectionError

from telephony.simulator.posting import Down, Form, Slow
from telephony.simulator.rest.loopback import application
from telephony.simulator.simulator import Simulator

NAP = 0.02
"""Seconds between two looks at the clock."""


class Reach:
    """The server at `base`, asked under its public name: what is signed is the public address."""

    def __init__(self, base: str, public: str, timeout: tuple[float, float] = (5, 15)) -> None:
        self.base, self.public, self.timeout = base.rstrip("/"), public.rstrip("/"), timeout
        self._mine = threading.local()

    def post(self, url: str, form: Form, headers: Mapping[str, str], /) -> tuple[int, str, bytes]:
        return self._ask("POST", url, form, headers)

    def get(self, url: str, headers: Mapping[str, str], /) -> tuple[int, str, bytes]:
        return self._ask("GET", url, None, headers)

    def _ask(
        self, method: str, url: str, form: Form | None, headers: Mapping[str, str]
    ) -> tuple[int, str, bytes]:
        parts = urlsplit(self.public)
        carried = {**headers, "Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        try:
            answer = self._session().request(
                method, url.replace(self.public, self.base, 1), data=form, headers=carried,
                timeout=self.timeout, allow_redirects=False,
            )  # fmt: skip
        except requests.exceptions.RequestException as broken:
            raise (Down if _nobody(broken) else Slow) from broken
        return answer.status_code, answer.headers.get("Content-Type", ""), answer.content

    def _session(self) -> requests.Session:
        if not hasattr(self._mine, "session"):
            self._mine.session = requests.Session()
        return self._mine.session


def _nobody(broken: requests.exceptions.RequestException) -> bool:
    """No connection came about; otherwise the server may have taken the request."""
    if isinstance(broken, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(broken.args[0], "reason", None) if broken.args else None
    return isinstance(reason, NewConnectionError)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Numbers of callers stand in addresses; nothing is written."""


class Live:
    """`with Live(simulator) as live:` the REST surface is served; `live.run(seconds)` lets it happen."""

    def __init__(self, simulator: Simulator, *, port: int = 0, threads: int = 16) -> None:
        self.simulator = simulator
        simulator.strict = False
        simulator.poster.timer = time.monotonic
        self._server = make_server(
            "127.0.0.1", port, application(simulator.rest), _Server, _Quiet
        )  # fmt: skip
        self._pool = ThreadPoolExecutor(threads)
        simulator.work = self._submit  # type: ignore[method-assign]
        self.stopping = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Live":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *ended: object) -> None:
        self.stopping.set()
        self._pool.shutdown(wait=True)
        self._server.shutdown()
        self._server.server_close()

    def run(self, seconds: float, *, until: Callable[[], bool] = lambda: False) -> None:
        """For so long, or until something holds, or until `stopping` is set."""
        end = self.simulator.clock.now + timedelta(seconds=seconds)
        while not self.stopping.is_set() and self.simulator.clock.now < end and not until():
            if not self.simulator.step(self.simulator.clock.now):
                time.sleep(NAP)

    def _submit(self, work: Callable[[], None]) -> None:
        self._pool.submit(self._guarded, work)

    def _guarded(self, work: Callable[[], None]) -> None:
        """An error in a thread would vanish: it is a complaint."""
        try:
            work()
        except Exception as wrong:
            self.simulator.complain(f"{type(wrong).__name__}: {wrong}")
