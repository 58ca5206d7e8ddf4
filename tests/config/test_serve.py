"""The real `manage.py serve`: its last line, its second start, its end, and what it refuses."""

import os
import socket
import sqlite3
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from tests.server import Server

pytestmark = pytest.mark.long

START_SECONDS = 5.0
"""Processor time of a second start. Beside other work the clock on the wall says nothing."""
HUGE = 200 * 1024 * 1024


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("installation")


@pytest.fixture(scope="module")
def first(data: Path) -> Iterator[Server]:
    """A demonstration on its first start."""
    server = Server(data, PROFILE="demo").start()
    yield server
    server.kill()


def test_the_last_line_is_the_address(first: Server) -> None:
    assert first.announced == f"http://localhost:{first.port}"
    page = httpx.get(f"{first.url}/", timeout=30)
    assert page.status_code == 200
    assert 'lang="ar"' in page.text
    assert httpx.get(f"{first.url}/fr/", timeout=30).status_code == 200


def test_health_says_ok_and_nothing_more(first: Server) -> None:
    answer = httpx.get(f"{first.url}/healthz", timeout=30)
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert httpx.post(f"{first.url}/healthz", timeout=30).status_code in (403, 405)


def test_health_fails_while_nothing_can_be_saved(first: Server) -> None:
    assert httpx.get(f"{first.url}/healthz", timeout=30).status_code == 200
    with closing(sqlite3.connect(first.data / "wasl.sqlite3", isolation_level=None)) as other:
        other.execute("ALTER TABLE live_draft RENAME TO gone")
        assert httpx.get(f"{first.url}/healthz", timeout=30).status_code == 503
        other.execute("ALTER TABLE gone RENAME TO live_draft")
    assert httpx.get(f"{first.url}/healthz", timeout=30).status_code == 200


def test_every_answer_tells_a_browser_what_to_do_with_it(first: Server) -> None:
    """Pages, files, machines, refusals: whatever layer answers."""
    root = first.data / "static"
    sheet = next(root.glob("css/portal.*.css")).relative_to(root)
    mark = next(root.glob("identity/wasl-mark.*.svg")).relative_to(root)
    paths = (
        "/", "/fr/library/", "/nix/", "/desk/", "/healthz", "/api/openapi.json", "/api/nix", "/widget.js",
        "/account/login/", "/hooks/line/events/", f"/static/{sheet}", f"/static/{mark}", "/static/nix.css",
    )  # fmt: skip
    with httpx.Client(base_url=first.url, timeout=30) as browser:
        answers = [browser.get(path) for path in paths]
    for path, answer in zip(paths, answers, strict=True):
        policy = answer.headers["content-security-policy"]
        for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy, path
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "same-origin", path
        kind = answer.headers.get("content-type", "")
        assert not answer.content or kind, path
        assert not kind.startswith("text/") or "utf-8" in kind.lower(), path
        shared = answer.headers.get("access-control-allow-origin")
        assert shared == ("*" if path in ("/api/openapi.json", "/widget.js") else None), path
    pages = [a for a in answers if a.headers.get("content-type", "").startswith("text/html")]
    assert {a.headers.get("cross-origin-opener-policy") for a in pages} == {"same-origin"}


def test_nothing_beside_our_pages_and_files_is_handed_out(first: Server) -> None:
    for path in (
        "/.git/config", "/.git/HEAD", "/manage.py", "/config/settings.py", "/secret_key", "/static/",
        "/static/css/", "/static/../secret_key", "/static/%2e%2e/secret_key", "/static/..%2fpepper", "/admin/",
        "/files/1/",  "/server-status",
    ):  # fmt: skip
        answer = httpx.get(f"{first.url}{path}", timeout=30)
        assert answer.status_code in (302, 404), path
        assert answer.status_code == 404 or "/account/login/" in answer.headers["location"], path
    traced = httpx.request("TRACE", f"{first.url}/", headers={"X-Mark": "heard"}, timeout=30)
    assert (traced.status_code, "heard" in traced.text) == (405, False)


def test_a_huge_body_is_refused_before_it_is_read(first: Server) -> None:
    with socket.create_connection(("127.0.0.1", first.port), timeout=20) as peer:
        head = f"POST /ask/theme/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {HUGE}\r\n\r\n"
        peer.sendall(head.encode())
        answer = peer.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "x-content-type-options: nosniff" in answer.lower()
    assert "frame-ancestors 'none'" in answer
    assert "ما كتبتموه ما زال في الاستمارة" in answer
    assert "Revenez en arrière" in answer


def test_a_huge_body_in_pieces_is_refused_on_the_way(first: Server) -> None:
    sent = []
    with socket.create_connection(("127.0.0.1", first.port), timeout=30) as peer:

        def send() -> None:
            piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
            with suppress(OSError):
                while sum(sent) < HUGE:
                    peer.sendall(piece)
                    sent.append(0x10000)

        peer.sendall(
            b"POST /ask/theme/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        sender = threading.Thread(target=send)
        sender.start()
        assert peer.recv(200).startswith(b"HTTP/1.1 413")
    sender.join(30)
    assert sum(sent) < HUGE / 2


def test_a_body_in_pieces_is_read(first: Server) -> None:
    """WSGI alone would see an empty form."""
    with httpx.Client(base_url=first.url, timeout=30) as browser:
        browser.get("/ask/")
        token = browser.cookies["csrftoken"]
        form = f"csrfmiddlewaretoken={token}&theme=A".encode()
        answer = browser.post(
            "/ask/theme/", content=iter([form[:10], form[10:]]),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert answer.request.headers["transfer-encoding"] == "chunked"
        assert answer.status_code == 302, answer.text[:500]


def test_it_ends_when_asked_and_starts_again_in_time(first: Server) -> None:
    assert first.stop() in (0, -15)
    assert "Traceback" not in first.output
    first.start()
    assert first.cpu_seconds() <= START_SECONDS
    assert first.announced == f"http://localhost:{first.port}"


def test_a_taken_port_is_one_sentence(first: Server) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = Server(first.data, PROFILE="demo", PORT=str(taken.getsockname()[1]))
        with pytest.raises(AssertionError):
            server.start()
        assert server.process is not None
        assert server.process.wait(60) != 0
        assert "Traceback" not in server.output


def test_on_the_local_network_it_serves_https(first: Server) -> None:
    server = Server(first.data, PROFILE="demo", LAN="1")
    try:
        server.start()
        address = server.announced
        assert address.startswith("https://")
        assert address.endswith(f":{server.port}")
        context = ssl.create_default_context(
            cafile=str(next(p for p in first.data.glob("lan-*.pem")))
        )
        context.check_hostname = False
        host = address.split("//")[1].rsplit(":", 1)[0]
        page = httpx.get(
            f"{server.url}/account/login/?lang=fr",
            verify=context,
            headers={"Host": host},
            timeout=30,
        )
        assert page.status_code == 200
        assert page.headers["strict-transport-security"].startswith("max-age=31536000")
        cookies = page.headers.get_list("set-cookie")
        assert {one.split("=")[0] for one in cookies} == {
            "__Host-csrftoken",
            "__Host-wasl_language",
        }
        for cookie in cookies:
            assert {"Secure", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
    finally:
        server.kill()


def test_secrets_are_readable_by_their_owner_only(first: Server) -> None:
    for name in ("secret_key", "pepper"):
        assert os.stat(first.data / name).st_mode & 0o077 == 0
