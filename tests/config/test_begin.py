"""`make run` on a machine that lacks something: one sentence, and a code that is not zero."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BEGIN = ROOT / ".ci" / "begin.py"


def begin(
    *arguments: str, script: Path = BEGIN, before: str = "", **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run it under this Python, after the lines of `before`."""
    code = f"import runpy, sys; sys.argv = ['begin.py', *{arguments!r}]\n{before}\n"
    code += f"runpy.run_path({str(script)!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **extra}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode not in (0, None), done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in lines[0]


def test_a_taken_port_says_how_to_take_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert_one_sentence(begin("run", PORT=port), f"Port {port} is taken", "make run PORT=")


@pytest.mark.parametrize("port", ["eight", "0", "70000", "-1", "80 80"])
def test_a_port_that_is_none(port: str) -> None:
    assert_one_sentence(begin("run", PORT=port), "is not a port")


def test_an_old_python_is_told_so(tmp_path: Path) -> None:
    """With no newer one to go on with."""
    old = "import sys; sys.version_info = (3, 9, 2)"
    done = begin("setup", before=old, PATH=str(tmp_path))
    assert_one_sentence(done, "needs Python 3.11", "3.9")


def test_an_old_python_goes_on_under_a_newer_one(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\necho "under the newer one: $2"\n')
    newer.chmod(0o755)
    old = "import sys; sys.version_info = (3, 9, 2)"
    done = begin("setup", before=old, PATH=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == 0
    assert done.stdout == "under the newer one: setup\n"


def test_an_old_python_can_read_the_file() -> None:
    """Nothing newer than Python 3.6 in its grammar, or it could not say what is missing."""
    import ast

    ast.parse(BEGIN.read_text(), feature_version=(3, 6))
    assert "f'" not in BEGIN.read_text()
    assert 'f"' not in BEGIN.read_text()


def test_a_missing_venv_module_says_what_to_install(tmp_path: Path) -> None:
    there = tmp_path / ".ci" / "begin.py"
    there.parent.mkdir()
    there.write_text(BEGIN.read_text())
    without = "sys.modules['ensurepip'] = None"
    assert_one_sentence(begin("setup", script=there, before=without), "apt install python3-venv")


def test_an_unknown_word_is_answered_by_the_usage() -> None:
    assert_one_sentence(begin("walk"), "usage")
