"""The disk is full: what cannot be saved is refused with a clear page, pages are read on, and when there is room
again all goes on by itself (trust.md, F15).

The data folder is a real file system of 64 MB (tmpfs) that only the server sees: in a mount namespace of its own.
"""

import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.faults.clients import KINDS, TOKEN, Advisor, History
from tests.faults.test_kill import compare, stage, uvicorn
from tests.server import Server

pytestmark = pytest.mark.full
SIZE = "64m"
REFUSED = 507


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[tuple[Server, Path, dict[str, Any]]]:
    """The server, its data folder as seen from here, and what clients need to know."""
    laid, data = tmp_path / "laid", tmp_path / "centre"
    laid.mkdir()
    data.mkdir()
    scene = stage(laid, 2)
    unshare = shutil.which("unshare")
    assert unshare, "this test needs unshare (Debian: util-linux)"
    server = uvicorn(data, unshare, "-rm", "--propagation", "private", "sh", "-c", _lay(data, laid))
    server.start()
    assert server.process is not None
    yield server, Path(f"/proc/{server.process.pid}/root") / data.relative_to("/"), scene
    server.kill()


def _lay(data: Path, laid: Path) -> str:
    return f'mount -t tmpfs -o size={SIZE} tmpfs "{data}" && cp -a "{laid}/." "{data}" && exec "$0" "$@"'


def test_nothing_is_lost_and_pages_are_read_on(
    staged: tuple[Server, Path, dict[str, Any]], tmp_path: Path
) -> None:
    server, data, scene = staged
    history, tickets = History(wanted=10**9, kinds=set(KINDS)), scene["tickets"]
    writer = Advisor(
        server.url, history, threading.Event(), session=scene["sessions"][0], tickets=tickets
    )
    writer.write()
    fill(data)
    refused = until_refused(writer.desk, tickets[0], history)
    assert "القرص" in refused.text
    assert "disque" in refused.text
    reads = ("/", "/library/", "/search/?q=receipt", "/follow/", "/ask/", "/fr/library/")
    desk = ("/desk/", "/desk/queue/", f"/desk/tickets/{tickets[0]}/", f"/desk/tickets/{tickets[1]}/")  # fmt: skip
    with httpx.Client(base_url=server.url, timeout=60) as stranger:
        assert {path: stranger.get(path).status_code for path in reads} == dict.fromkeys(reads, 200)
        assert stranger.get("/healthz").status_code == 503
    assert {path: writer.desk.get(path).status_code for path in desk} == dict.fromkeys(desk, 200)
    assert {path: writer.desk.get(path).status_code for path in reads} == dict.fromkeys(reads, 200)
    (data / "ballast").unlink()
    for _ in range(5):
        writer.write()  # by the same process
    assert history.odd == []
    kept = tmp_path / "kept"
    copy(server, data, kept)
    compare(kept, history)


def copy(server: Server, data: Path, into: Path) -> None:
    """The database with its log as they lie there while the server stands still, for another process to open.

    SQLite itself would follow the way into the server's file system back to ours.
    """
    assert server.process is not None
    into.mkdir()
    server.process.send_signal(signal.SIGSTOP)
    for name in ("wasl.sqlite3", "wasl.sqlite3-wal"):
        shutil.copyfile(data / name, into / name)


def fill(data: Path) -> None:
    """To the last block."""
    with open(data / "ballast", "wb", buffering=0) as ballast:
        for size in (1 << 20, 4096):
            try:
                while True:
                    ballast.write(b"x" * size)
            except OSError:
                continue


def until_refused(desk: httpx.Client, ticket: int, history: History) -> httpx.Response:
    """Notes until one cannot be saved: the log that lies there already still holds some."""
    for _ in range(3000):
        text = f"note {uuid4().hex}"
        sent = {
            "kind": "note", "language": "ar", "body": text, "base": "0", "key": uuid4().hex,
            "csrfmiddlewaretoken": TOKEN,
        }  # fmt: skip
        answer = desk.post(f"/desk/tickets/{ticket}/entries/", data=sent)
        if answer.status_code != 302:
            assert answer.status_code == REFUSED, answer.text[:500]
            return answer
        history.acknowledge(text, "note")
    raise AssertionError("never full")
