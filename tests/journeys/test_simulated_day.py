"""Half a minute of the simulated network beside the real server, in real time: colleagues answer through the
pages, the board moves while it goes on, and at the end the pages say what really happened.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import ROOT, Server, environment, free_port

LINE = re.compile(r"waiting \d+ \(board (\d+)\), talking \d+ \(board (\d+)\)")
FIGURE = re.compile(r"^(offered|answered|given up|left) +(\d+) +(\d+)(.*)$", re.MULTILINE)


@pytest.mark.full
def test_the_board_moves_and_the_end_agrees(tmp_path: Path) -> None:
    given = {
        "PROFILE": "demo", "SIMULATED": "1", "LOG_LEVEL": "CRITICAL",
        "TWILIO_API_URL": f"http://127.0.0.1:{free_port()}",
    }  # fmt: skip
    server = Server(tmp_path / "centre", **given).start(patience=300)
    try:
        told = subprocess.run(
            [
                sys.executable, "manage.py", "simulate", "--minutes", "0.6", "--calls", "8",
                "--base", server.url, "--seed", "3",
            ],
            cwd=ROOT, env=environment(server.data, **given, PORT=str(server.port)), text=True,
            capture_output=True, timeout=400, check=False,
        )  # fmt: skip
    finally:
        server.kill()
    assert told.returncode == 0, told.stdout + told.stderr
    board = LINE.findall(told.stdout)
    assert len(set(board)) > 2, told.stdout
    assert any(int(talking) for _waiting, talking in board)
    figures = FIGURE.findall(told.stdout)
    assert [name for name, *_rest in figures] == ["offered", "answered", "given up", "left"]
    assert [one for one in figures if one[1] != one[2]] == [], told.stdout
    assert int(figures[1][1]) > 0
