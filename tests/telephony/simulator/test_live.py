"""Over loopback and in real time: the same world, a server in other threads, the real transport."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message
from socketserver import ThreadingMixIn
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import requests
from django.core.management import CommandError, call_command
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from telephony.simulator import load
from telephony.simulator.clock import WallClock
from telephony.simulator.live import Live, Reach
from telephony.simulator.people import Scripted
from telephony.simulator.posting import Down, Slow
from telephony.simulator.rest import faults
from telephony.simulator.signing import Signer
from telephony.simulator.traffic import Traffic
from telephony.simulator.truth import compare, tell
from tests.telephony.simulator.centre import APPLICATION, NUMBER, Server, simulator
from tests.telephony.simulator.whole import Centre
from tests.telephony.simulator.words import BASE, twiml

CALLER = "+212600000001"


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *given):
        pass


@contextmanager
def served(server: Server) -> Iterator[str]:
    """The tiny server over HTTP, under its public name."""
    lock = threading.Lock()

    def answer(environ, start):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        form = dict(parse_qsl(environ["wsgi.input"].read(length).decode(), keep_blank_values=True))
        headers = Message()
        for name, value in environ.items():
            if name.startswith("HTTP_"):
                headers[name[5:].replace("_", "-")] = value
        with lock:
            status, kind, body = server(BASE + environ["PATH_INFO"], form, headers)
        start(f"{status} -", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    http = make_server("127.0.0.1", 0, answer, Threaded, Quiet)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()


class Swapped(HTTPAdapter):
    """Twilio's host, found on this machine."""

    def __init__(self, address):
        super().__init__()
        self.address = address

    def send(self, request, **more):
        request.url = request.url.replace("https://api.twilio.com", self.address)
        return super().send(request, **more)


def pointed(live: Live, account) -> Client:
    http = TwilioHttpClient(timeout=5)
    http.session.mount("https://", Swapped(live.address))
    return Client(account.sid, account.token, http_client=http)


@pytest.mark.long
def test_calls_run_their_whole_way_over_loopback():
    centre = Centre()
    with served(centre) as base:
        world = simulator(Reach(base, BASE).post, clock=WallClock())
        world.lengths = lambda verb: 0.2
        centre.world = world
        plan = load.Load(
            calls=3, minutes=0.03,
            callers=load.Callers(patience=30, short=0, silent=0, leaves=0, talk=0.1),
            advisors=load.Advisors(number=3, react=0.2, wrap=0.1, holds=0),
        )  # fmt: skip
        with Live(world) as live:
            centre.client = pointed(live, world.account)
            traffic = Traffic(world, plan, centre, number=NUMBER, application=APPLICATION)
            traffic.begin()
            live.run(
                40, until=lambda: len(traffic.callers) == 3 and all(c.over for c in traffic.callers)
            )
            live.run(0.5)
    truth = tell(world.history, world.clock.now, whole=True)
    assert world.complaints == []
    assert centre.refused == []
    assert truth.outcomes() == {"talked": 3}
    assert compare(truth, centre.said()) == []


def test_the_surface_answers_refuses_and_is_cut_over_http():
    server = Server({"/voice": twiml('<Pause length="60"/>')})
    with served(server) as base:
        world = simulator(Reach(base, BASE).post, clock=WallClock())
        with Live(world) as live:
            rest = pointed(live, world.account)
            call = world.ring(CALLER, NUMBER, Scripted())
            live.run(5, until=lambda: call.status == "in-progress")
            world.rest.latency = 0.15
            began = time.monotonic()
            assert rest.calls(call.sid).fetch().status == "in-progress"
            assert time.monotonic() - began >= 0.15
            world.rest.faults.then(faults.CUT)
            with pytest.raises(requests.exceptions.ConnectionError):
                rest.calls(call.sid).update(status="completed")
            assert call.status == "completed"


def test_a_browser_leg_may_be_asked_for_from_outside():
    server = Server({"/desk": twiml('<Pause length="60"/>')})
    with served(server) as base:
        world = simulator(Reach(base, BASE).post, clock=WallClock())
        with Live(world) as live:
            form = {"identity": "advisor_1", "application": APPLICATION, "claim": "c1"}
            answer = requests.post(f"{live.address}/play/connect", data=form, timeout=5)
            call = world.calls[answer.json()["sid"]]
            live.run(5, until=lambda: call.status == "in-progress")
    assert server.asked("/desk")[0]["claim"] == "c1"


def test_a_server_that_does_not_answer_in_time_is_too_slow():
    def voice(form):
        time.sleep(0.4)
        return twiml()

    server = Server({"/voice": voice})
    with served(server) as base:
        world = simulator(Reach(base, BASE).post, clock=WallClock())
        numbers = world.account.numbers
        numbers[NUMBER] = replace(numbers[NUMBER], voice=f"{BASE}/voice#rt=200&rc=1&rp=rt")
        with Live(world) as live:
            call = world.ring(CALLER, NUMBER)
            live.run(5, until=lambda: call.over)
    assert len(server.asked("/voice")) == 2
    assert len(server.asked("/fallback")) == 1


def test_nobody_there_and_a_connection_that_breaks_are_told_apart():
    def gone(form):
        raise ConnectionAbortedError

    with served(Server({"/voice": gone})) as base:
        signed = Signer("token-of-the-account").headers(f"{BASE}/voice", {})
        headers = {**signed, "I-Twilio-Idempotency-Token": "t"}
        with pytest.raises(Slow):
            Reach(base, BASE).post(f"{BASE}/voice", {}, headers)
    with pytest.raises(Down):
        Reach(base, BASE).post(f"{BASE}/voice", {}, headers)


@pytest.fixture
def ours(settings):
    """The account as the tiny server has it."""
    settings.TWILIO_ACCOUNT_SID = f"AC{1:032x}"
    settings.TWILIO_AUTH_TOKEN = "token-of-the-account"


def test_the_command_drives_a_server_and_reports(capsys, ours):
    hang_up = Server({"/voice": twiml("<Hangup/>")})
    with served(hang_up) as base:
        call_command(
            "simulate", calls=2, minutes=0.02, base=base, public=BASE, port=0, number=NUMBER,
            voice="/voice", status="/status", seed=5, advisors=0,
        )  # fmt: skip
    told = capsys.readouterr().out
    assert "2 calls: 2 early" in told
    assert "0 callers lost" in told


def test_the_command_names_what_twilio_would_not_have_taken(ours):
    server = Server({"/voice": twiml("<Dance/>")})
    with served(server) as base, pytest.raises(CommandError, match="1 complaints, 1 callers lost"):
        call_command(
            "simulate", calls=1, minutes=0.02, base=base, public=BASE, port=0, number=NUMBER,
            voice="/voice", status="/status", advisors=0,
        )  # fmt: skip
