"""What is shipped for production: settings that Django has nothing to say about, and a proxy that is strict."""

import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.production import Centre, Proxy, told_of
from tests.server import ROOT, environment, free_port

STRONG = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
WEAK = "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA"


@pytest.mark.long
@pytest.mark.parametrize("form", ["one", "several"])
def test_django_has_nothing_to_say_about_the_shipped_settings(form: str, tmp_path: Path) -> None:
    told = told_of(form)
    assert told["PROFILE"] == "centre"
    assert "DEBUG" not in told
    if form == "several":
        assert told["SWEEPS_INSIDE"] == "0"
        told |= {
            "DATABASE_URL": "postgres://wasl:x@127.0.0.1:1/wasl",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=ROOT, env=environment(tmp_path, **told | {"DATA_DIR": str(tmp_path)}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # The two that are put to rest are about names beside ours (config/proxied.py).
    assert "no issues (2 silenced)" in done.stdout + done.stderr


@pytest.mark.parametrize("form", ["one", "several"])
def test_services_may_do_no_more_than_they_must(form: str) -> None:
    files = list((ROOT / "config/deploy" / form).glob("*.service"))
    assert files
    for file in files:
        lines = set(file.read_text("utf-8").splitlines())
        assert {"User=wasl", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"} <= lines


@pytest.fixture(scope="module")
def alone() -> Iterator[Centre]:
    """The proxy of the shipped file, with no server behind it."""
    with tempfile.TemporaryDirectory(prefix="wasl-proxy-") as folder:
        Path(folder).chmod(0o755)
        nobody = str(free_port())
        centre = Centre(Path(folder), "one", {}, ports={"8000": nobody, "8001": nobody})  # type: ignore[dict-item]
        centre.proxy = Proxy(centre)
        centre.proxy.start()
        try:
            _until_it_listens(centre.port)
            yield centre
        finally:
            centre.proxy.kill()


def _until_it_listens(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the proxy does not listen")


def shakes_hands(
    port: int, ciphers: str = "", newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> str:
    """Version that was agreed on, empty when none was."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(f"{ciphers or 'ALL'}:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, newest
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as peer,
            context.wrap_socket(peer) as talk,
        ):
            return talk.version() or ""
    except ssl.SSLError:
        return ""


def said_to(port: int, sent: str) -> str:
    """The first kilobytes of the answer to what no client would send."""
    context = ssl._create_unverified_context()
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as peer,
        context.wrap_socket(peer) as talk,
    ):
        talk.sendall(sent.encode())
        return talk.recv(4096).decode()


@pytest.mark.full
class TestProxy:
    def test_only_strong_ciphers_of_tls_1_2_and_1_3(self, alone: Centre) -> None:
        assert shakes_hands(alone.port) == "TLSv1.3"
        assert shakes_hands(alone.port, STRONG, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
        assert shakes_hands(alone.port, WEAK, ssl.TLSVersion.TLSv1_2) == ""
        assert shakes_hands(alone.port, newest=ssl.TLSVersion.TLSv1_1) == ""

    def test_people_are_led_to_https_and_programs_are_refused(self, alone: Centre) -> None:
        plain = f"http://127.0.0.1:{alone.plain_port}"
        led = httpx.get(f"{plain}/fr/ask/?a=1")
        assert (led.status_code, led.headers["location"]) == (301, "https://127.0.0.1/fr/ask/?a=1")
        for path in ("/api/requests", "/hooks/twilio/voice/", "/live/"):
            assert httpx.post(f"{plain}{path}").status_code == 403

    def test_its_own_answers_have_the_headers_too(self, alone: Centre) -> None:
        with httpx.Client(base_url=alone.url, verify=False) as browser:
            answers = [
                browser.get("/"),
                browser.get("/metrics"),
                browser.post("/hooks/twilio/voice/"),
            ]
        assert [one.status_code for one in answers] == [502, 404, 200]
        large = said_to(
            alone.port, "POST /ask/ HTTP/1.1\r\nHost: x\r\nContent-Length: 13000000\r\n\r\n"
        )
        assert large.startswith("HTTP/1.1 413")
        assert "strict-transport-security: max-age=31536000" in large.lower()
        for one in answers:
            assert one.headers["strict-transport-security"] == "max-age=31536000"
            assert one.headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in one.headers["content-security-policy"]
            assert one.headers["server"] == "nginx"

    def test_a_message_of_two_lengths_and_a_trace_are_refused(self, alone: Centre) -> None:
        head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        assert said_to(alone.port, head).split()[1] == "400"
        assert said_to(alone.port, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n").split()[1] == "405"
