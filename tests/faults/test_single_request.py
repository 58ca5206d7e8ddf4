"""The worst single requests, sent to a real server: none costs it more than 64 MiB of memory or 16 MiB of disk
(trust.md, G16). Memory is the kernel's own highest mark, disk the temporary files that the process holds open.
"""

import io
import os
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import tablib
from django.conf import settings
from PIL import Image

from config.installation import sheets
from helpdesk.centre import logos
from tests.faults.clients import TOKEN
from tests.faults.test_kill import stage, uvicorn
from tests.server import Server

pytestmark = pytest.mark.full
MEMORY, DISK = 64 << 20, 16 << 20
HUGE = 200 << 20


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, httpx.Client]]:
    """A server, and the browser of its administrator."""
    data = tmp_path_factory.mktemp("centre")
    (data / "tmp").mkdir()
    session = stage(data, 1, group="administrator")["sessions"][0]
    server = uvicorn(data, TMPDIR=str(data / "tmp"), TOTP_REQUIRED_GROUPS="").start()
    with httpx.Client(base_url=server.url, timeout=120) as browser:
        for name, value in {"csrftoken": TOKEN, "sessionid": session}.items():
            browser.cookies.set(name, value, domain="127.0.0.1")
        for path in ("/", "/ask/", "/desk/centre/steps/look/", "/search/?q=receipt"):
            browser.get(path)  # what is read in once
        _sheet(browser, _xlsx([["name_ar"], ["جمعية"]]))
        _logo(browser, _picture(60, 40, "JPEG"))
        yield server, browser
    server.kill()


@contextmanager
def bounded(server: Server) -> Iterator[None]:
    """What happens inside stays within the bounds."""
    assert server.process is not None
    process = Path("/proc") / str(server.process.pid)
    before = _told(process, "VmRSS")
    (process / "clear_refs").write_text("5")  # the highest mark from here on
    most, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            most[0] = max(most[0], _temporary(process, server.data / "tmp"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    grown = _told(process, "VmHWM") - before
    assert grown <= MEMORY, f"{grown / 2**20:.0f} MiB of memory"
    assert most[0] <= DISK, f"{most[0] / 2**20:.0f} MiB of disk"


def _told(process: Path, name: str) -> int:
    lines = (process / "status").read_text().splitlines()
    return int(next(x for x in lines if x.startswith(f"{name}:")).split()[1]) * 1024


def _temporary(process: Path, folder: Path) -> int:
    """Bytes of the files that the process has open in its folder for temporary ones, named or not."""
    found = 0
    for entry in os.scandir(process / "fd"):
        with suppress(OSError):
            if os.readlink(entry.path).startswith(str(folder)):
                found += os.stat(entry.path).st_blocks * 512
    return found


# --- what is sent ---------------------------------------------------------------------------------


def test_a_body_in_pieces_without_end(served: tuple[Server, httpx.Client]) -> None:
    server, _browser = served
    with (
        bounded(server),
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as peer,
    ):
        head = "POST /ask/theme/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        peer.sendall(head.encode())
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with suppress(OSError):
            for _ in range(HUGE // 0x10000):
                peer.sendall(piece)
        with suppress(OSError):
            assert peer.recv(200).startswith(b"HTTP/1.1 413")


def test_a_spreadsheet_that_unfolds(served: tuple[Server, httpx.Client]) -> None:
    """As large as is let through, of many small cells; and far larger, which is not unfolded at all."""
    server, browser = served
    cells = b'<c t="n"><v>1</v></c>' * 60
    row = b"<row>" + cells + b"</row>"
    allowed = _with_sheet(row * ((sheets.MOST_UNPACKED - (1 << 20)) // len(row)))
    text = b"<si><t>" + b"a" * 20 + b"</t></si>"
    shared = _with_sheet(
        b"<row/>", strings=text * ((sheets.MOST_UNPACKED - (1 << 20)) // len(text))
    )
    for sent in (allowed, shared, _with_sheet(b"<row/>" * (HUGE // 6))):
        with bounded(server):
            assert _sheet(browser, sent).status_code == 422


def test_columns_without_end(served: tuple[Server, httpx.Client]) -> None:
    server, browser = served
    with bounded(server):
        content = ("x," * (sheets.MOST_BYTES // 2 - 10)).encode()
        assert _sheet(browser, content, name="a.csv").status_code == 422


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_pixels(served: tuple[Server, httpx.Client], form: str) -> None:
    """The largest that is taken, and one that is not."""
    server, browser = served
    side = int(logos.MOST_PIXELS**0.5)
    with bounded(server):
        assert _logo(browser, _picture(side, side, form)).status_code == 302
    with bounded(server):
        assert _logo(browser, _picture(14_000, 14_000, form)).status_code == 422


def test_a_picture_of_pixels_beside_a_question(served: tuple[Server, httpx.Client]) -> None:
    server, browser = served
    with bounded(server):
        assert _papers(browser, {"file": ("a.png", _picture(7_700, 7_700, "PNG"))}).is_redirect
    with bounded(server):
        sent = _papers(browser, {"file": ("a.png", _picture(14_000, 14_000, "PNG"))})
        assert sent.status_code == 422


def test_json_of_levels_and_of_parts(served: tuple[Server, httpx.Client]) -> None:
    server, browser = served
    kind = {"Content-Type": "application/json"}
    for path in ("/api/requests/", "/hooks/line/events/", "/call/line/reports/"):
        for body in (b"[" * (11 << 20), b"[" + b'{"a":{}},' * (1 << 20) + b"0]"):
            with bounded(server):
                answer = browser.post(path, content=body, headers=kind)
                assert 400 <= answer.status_code < 500, path


def test_a_form_of_files_and_of_fields(served: tuple[Server, httpx.Client]) -> None:
    server, browser = served
    with bounded(server):
        content = b"%PDF-1.7\n" + os.urandom(10 << 20)
        assert _papers(browser, {"file": ("a.pdf", content[: (10 << 20) - 100])}).status_code < 500
    with bounded(server):
        many: list[Any] = [("file", (f"{n}.pdf", b"%PDF-" + b"x" * (1 << 21))) for n in range(5)]
        assert _papers(browser, many).status_code < 500
    with bounded(server):
        fields = {f"field{n}": "x" for n in range(200_000)}
        assert browser.post("/ask/theme/", data=fields).status_code in (400, 413)
    with bounded(server):
        length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // len("%D8%B3") - 100
        typed = {"csrfmiddlewaretoken": TOKEN, "question": "س" * length}
        assert browser.post("/ask/question/", data=typed).status_code == 422


def test_a_long_query(served: tuple[Server, httpx.Client]) -> None:
    server, browser = served
    for words in ("جمعية " * 1200, "ا" * 9000, "a" * 60_000, '"' * 20_000):
        for path in ("/search/", "/desk/search/"):
            with bounded(server):
                assert browser.get(path, params={"q": words}).status_code < 500


# --- how it is sent -------------------------------------------------------------------------------


def _papers(browser: httpx.Client, files: Any) -> httpx.Response:
    browser.get("/ask/")
    browser.post("/ask/theme/", data={"csrfmiddlewaretoken": TOKEN, "theme": "?"})
    fields = {"csrfmiddlewaretoken": TOKEN, "question": "ما هي الوثائق المطلوبة؟"}
    browser.post("/ask/question/", data=fields)
    return browser.post("/ask/papers/", data={"csrfmiddlewaretoken": TOKEN}, files=files)


def _sheet(browser: httpx.Client, content: bytes, name: str = "a.xlsx") -> httpx.Response:
    return browser.post(
        "/desk/centre/sheets/associations/",
        data={"csrfmiddlewaretoken": TOKEN}, files={"file": (name, content)},
    )  # fmt: skip


def _logo(browser: httpx.Client, content: bytes) -> httpx.Response:
    return browser.post(
        "/desk/centre/steps/look/", data={"csrfmiddlewaretoken": TOKEN, "colour": "1D4ED8"},
        files={"logo": ("logo", content)},
    )  # fmt: skip


def _xlsx(rows: list[list[str]]) -> bytes:
    made: bytes = tablib.Dataset(*rows[1:], headers=rows[0]).export("xlsx")
    return made


def _with_sheet(rows: bytes, strings: bytes = b"") -> bytes:
    """An ordinary workbook whose sheet holds these rows."""
    made = io.BytesIO()
    head = b'<?xml version="1.0" encoding="UTF-8"?>'
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with (
        zipfile.ZipFile(io.BytesIO(_xlsx([["name_ar"], ["جمعية"]]))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = b"%s<worksheet %s><sheetData>%s</sheetData></worksheet>" % (head, space, rows)  # fmt: skip
            if name == "xl/sharedStrings.xml" and strings:
                content = b"%s<sst %s>%s</sst>" % (head, space, strings)
            new.writestr(name, content)
    return made.getvalue()


def _picture(width: int, height: int, form: str) -> bytes:
    made = io.BytesIO()
    more = {"JPEG": {"progressive": True, "quality": 10}, "WEBP": {"quality": 1, "method": 0}}
    Image.new("RGB", (width, height), "#123456").save(made, form, **more.get(form, {}))
    return made.getvalue()
