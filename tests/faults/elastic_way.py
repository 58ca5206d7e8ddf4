"""A real HTTP server on the way to Elasticsearch, which passes everything on until it is told not to."""

import socket
import ssl
import struct
import threading
import time
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

FAULTS = ("slow", "trickle", "429", "503", "reset", "garbage", "half", "stranger")
SLOW = 30.0
_HEADS = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}


class Way:
    """`fault` is one of FAULTS, or empty: then requests go on to `node` and its answers come back."""

    def __init__(self, node: str = "", *, certificate: tuple[Path, Path] | None = None) -> None:
        """With a certificate and its key it speaks TLS in front of a node that does not."""
        self.node, self.fault = node, ""
        self.keys: list[str] = []
        """What each request showed as its right to come in."""
        self.requests: list[tuple[str, str]] = []
        """(method, path) of each, as they came."""
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.scheme = "https"
        self.port = self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> "Way":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


def _handler_of(way: Way) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the screen."""

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            way.requests.append((self.command, self.path))
            way.keys.append(self.headers.get("Authorization", ""))
            match way.fault:
                case "":
                    self._pass_on(body)
                case "slow":
                    way.ended.wait(SLOW)
                    self.close_connection = True
                case "trickle":
                    self._trickle()
                case "429" | "503":
                    self._say(int(way.fault), b'{"error":{"type":"es_rejected"},"status":429}')
                case "reset":
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.close_connection = True
                    self.connection.close()
                case "garbage":
                    self._say(200, b"\x00\xff<html>" * 500)
                case "half":
                    self._say(200, b'{"responses":[{"hits":{}}],"took":"x","hits":[1]}')
                case "stranger":
                    self._say(200, b'{"responses":[]}', {"Content-Type": "application/json"})

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any

        def _pass_on(self, body: bytes) -> None:
            to = urlsplit(way.node)
            onward = HTTPConnection(to.hostname or "", to.port, timeout=60)
            try:
                heads = {k: v for k, v in self.headers.items() if k.lower() != "host"}
                onward.request(self.command, self.path, body or None, heads)
                answer = onward.getresponse()
                kept = {
                    k: v for k, v in answer.getheaders()
                    if k.lower() not in ("content-length", "transfer-encoding", "connection")
                }  # fmt: skip
                self._say(answer.status, answer.read(), kept)
            except (OSError, HTTPException):
                self.close_connection = True  # the node is gone: so is the way to it
            finally:
                onward.close()

        def _say(self, status: int, body: bytes, heads: dict[str, str] = _HEADS) -> None:
            self.send_response(status)
            for name, value in heads.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _trickle(self) -> None:
            """A byte now and then: no single wait is long, and there is no end."""
            self.close_connection = True
            self.send_response(200)
            for name, value in _HEADS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            began = time.monotonic()
            while time.monotonic() - began < SLOW and not way.ended.wait(0.2):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

    return Handler
