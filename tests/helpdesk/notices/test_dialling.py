"""Sending to public addresses only: what is refused, and a real TLS server that is reached pinned."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from helpdesk.notices import dialling
from helpdesk.notices.dialling import Dialler, NotAllowed, is_public, parsed

NAME = "hooks.example.org"
PRIVATE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "localhost", "", "nonsense",
]  # fmt: skip
ADDRESSES = {
    "http://hooks.example.org/": "https", "ftp://hooks.example.org/": "https",
    "https://127.0.0.1/": "number", "https://[::1]/": "number", "https://169.254.169.254/x": "number",
    "https://2130706433/": "host", "https://0x7f.1/": "host", "https://localhost/": "host",
    "https://a@hooks.example.org/": "address", "https://hooks.example.org:22/": "port",
    "https://hooks.example.org:99999/": "address", "https://hooks.example.org/#x": "address",
    "https://hooks.example.org/a b": "https", "https://hooks.example.org/\r\nX: y": "https",
    "https:///x": "host", "https://[::1": "address", "https://hooks..org/": "host",
    "https://hooks.example.org.": "host", "//hooks.example.org": "https", "": "https",
}  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_open_network(address: str):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["196.12.203.4", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_what_is_of_the_open_network(address: str):
    assert is_public(address)


@pytest.mark.parametrize("url", ADDRESSES)
def test_addresses_that_are_refused_as_they_stand(url: str):
    with pytest.raises(NotAllowed) as no:
        parsed(url)
    assert str(no.value) == ADDRESSES[url]


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["169.254.169.254"], []], ids=str
)
def test_a_name_that_leads_inside_is_never_connected(found: list[str], monkeypatch: Any):
    dialled: list[Any] = []
    monkeypatch.setattr(dialling.socket, "create_connection", lambda *a, **k: dialled.append(a))
    with pytest.raises(NotAllowed):
        Dialler(resolve=lambda host, port: found).post(f"https://{NAME}/", b"", {})
    assert dialled == []


def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch: Any):
    """DNS rebinding: the connection goes to the address that was looked at."""
    answers, dialled = [["8.8.8.8"], ["127.0.0.1"]], []

    def refuse(address: Any, timeout: float) -> Any:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(dialling.socket, "create_connection", refuse)
    with pytest.raises(ConnectionRefusedError):
        Dialler(resolve=lambda host, port: answers.pop(0)).post(f"https://{NAME}/", b"", {})
    assert dialled == [("8.8.8.8", 443)]
    assert answers == [["127.0.0.1"]]


class Server(HTTPServer):
    """A receiver with a certificate for NAME."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.got: list[tuple[str, str, bytes]] = []
        self.status = 204
        self.authority = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def dialler(self, *, trusts: bool = True) -> Dialler:
        def context() -> ssl.SSLContext:
            return ssl.create_default_context(cafile=str(self.authority) if trusts else None)

        return Dialler(
            resolve=lambda host, port: ["127.0.0.1"], allows=lambda address: True,
            context=context, ports=(self.server_port,),
        )  # fmt: skip

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that does not trust hangs up."""


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.got.append((self.headers["Host"], self.path, body))
        self.send_response(server.status)
        self.send_header("Location", f"https://{NAME}:{server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("tls"))
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_real_server_is_reached_by_its_name_at_the_checked_address(server: Server):
    url = f"https://{NAME}:{server.server_port}/wasl?x=1"
    assert server.dialler().post(url, b"{}", {"Wasl-Event": "x"}) == 204
    assert server.got[-1] == (f"{NAME}:{server.server_port}", "/wasl?x=1", b"{}")


def test_a_redirect_is_an_answer_and_is_not_followed(server: Server):
    server.status, before = 302, len(server.got)
    try:
        status = server.dialler().post(f"https://{NAME}:{server.server_port}/", b"{}", {})
    finally:
        server.status = 204
    assert (status, len(server.got)) == (302, before + 1)


def test_a_certificate_of_another_name_or_of_nobody_is_refused(server: Server):
    before = len(server.got)
    for host, trusts in ((NAME, False), ("other.example.org", True)):
        with pytest.raises(ssl.SSLCertVerificationError):
            server.dialler(trusts=trusts).post(f"https://{host}:{server.server_port}/", b"", {})
    assert len(server.got) == before


def test_a_receiver_that_drips_is_left(server: Server, monkeypatch: Any):
    monkeypatch.setattr(dialling, "WHOLE", 0.2)
    blocked = threading.Event()
    monkeypatch.setattr(Answering, "do_POST", lambda self: blocked.wait(2))
    began = datetime.now(UTC)
    with pytest.raises((OSError, dialling.http.client.HTTPException)):
        server.dialler().post(f"https://{NAME}:{server.server_port}/", b"{}", {})
    blocked.set()
    assert datetime.now(UTC) - began < timedelta(seconds=2)


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
