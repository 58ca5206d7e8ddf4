"""What docs/line-hook.md tells people to type is typed here, against the served product with real curl."""

import json
import os
import re
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_kill import stage, uvicorn
from tests.server import ROOT, Server

TEXT = (ROOT / "docs" / "line-hook.md").read_text()
BLOCKS = re.findall(r"```(sh|ini)\n(.*?)```", TEXT, flags=re.S)
SHELL = [text for kind, text in BLOCKS if kind == "sh"]
(DIALPLAN,) = [text for kind, text in BLOCKS if kind == "ini"]
SECRET = "the-secret-of-the-exchange"
pytestmark = pytest.mark.full


def block(start: str) -> str:
    (found,) = [text for text in SHELL if start in text]
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: Any) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("line") / "centre"
    data.mkdir()
    stage(data, 1)
    server = uvicorn(data)
    server.extra["LINE_HOOK_SECRET"] = f"pbx:{SECRET}"
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def line(served: Server) -> Path:
    """What the document keeps in /etc/wasl-line, with this server's address."""
    path = served.data / "wasl-line"
    path.write_text(block("wasl() {").replace("https://wasl.example.org", served.url))
    return path


def run(script: str, *arguments: str, line: Path, **environment: str) -> str:
    done = subprocess.run(
        ["/bin/sh", "-c", script.replace("/etc/wasl-line", str(line)), "sh", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def calls(served: Server) -> dict[str, int]:
    """How many calls of each state, once all that was told is applied."""
    with closing(sqlite3.connect(served.data / "wasl.sqlite3")) as database:
        until = time.monotonic() + 20
        while database.execute(
            "SELECT 1 FROM linehook_told WHERE applied_at IS NULL LIMIT 1"
        ).fetchone():
            assert time.monotonic() < until
            time.sleep(0.02)
        asked = "SELECT state, COUNT(*) FROM telephony_call GROUP BY state"
        return dict(database.execute(asked).fetchall())


def test_the_lines_of_the_document(served: Server, line: Path) -> None:
    typed = [row for text in SHELL for row in text.splitlines() if row.startswith("wasl /hooks/")]
    assert len(typed) == 6
    before = Counter(calls(served))
    told = [json.loads(run(f". {line}\n{row}", line=line)) for row in typed]
    assert [one.get("event", one.get("caller")) for one in told] == [
        "ringing", "answered", "ended", "missed", "voicemail", "unknown",
    ]  # fmt: skip
    assert Counter(calls(served)) - before == {"wrap-up": 1, "short": 1, "voicemail": 1}


def test_the_script_of_the_exchange(served: Server, line: Path) -> None:
    script = block("/usr/local/bin/wasl-event EVENT")
    before = calls(served)
    for event, sequence in (("ringing", "1"), ("answered", "2"), ("ended", "3")):
        run(script, event, "1764400000.12", sequence, "0612345671", "101", line=line)
    assert calls(served)["wrap-up"] == before.get("wrap-up", 0) + 1


def test_the_dialplan_tells_every_event_within_twenty_lines() -> None:
    rows = [row for row in DIALPLAN.splitlines() if row.strip()]
    assert len(rows) <= 20
    told = re.findall(r"System\(wasl-event (\S+) (\S+) (\d) \"(\S+)\" (\d+) &\)", DIALPLAN)
    assert [one[0] for one in told] == ["ringing", "answered", "${END}"]
    assert all(row.startswith(("[", "exten => ", " same => n")) for row in rows)
    assert all(row.count("(") == row.count(")") for row in rows)
    assert all(row.count("${") <= row.count("}") for row in rows)


def test_the_script_of_the_telephone(served: Server, line: Path, tmp_path: Path) -> None:
    log = [
        {"name": "", "phone_number": "+212612345672", "type": "MISSED", "date": "2026-11-28 10:15:03",
         "duration": "00:00"},
        {"name": "", "phone_number": "0612345673", "type": "INCOMING", "date": "2026-11-28 10:17:03",
         "duration": "01:20"},
        {"name": "UNKNOWN_CALLER", "phone_number": "", "type": "MISSED", "date": "2026-11-28 10:19:03",
         "duration": "00:00"},
    ]  # fmt: skip
    fresh = subprocess.run(["date", "+%F %T"], capture_output=True, text=True, check=True).stdout
    for one in log:
        one["date"] = fresh.strip()[:-2] + f"{log.index(one):02}"
    stub = tmp_path / "termux-call-log"
    stub.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(log)}\nEND\n")
    stub.chmod(0o755)
    before = sum(calls(served).values())
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path), "ONCE": "1"}
    for _ in range(2):
        run(block("~/wasl-missed"), line=line, LINE=str(line), **given)
    assert sum(calls(served).values()) == before + 2
    assert len((tmp_path / ".wasl-seen").read_text().splitlines()) == 2
