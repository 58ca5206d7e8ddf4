"""The product as one starts it: `manage.py serve` in a process of its own, with a folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 180


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def served(folder: Path, *, profile: str, **more: str) -> Iterator[str]:
    """The address of a fresh installation, set up and serving; ended at the end.

    `more` are variables of its environment; what it printed lies in `folder/serve.log`.
    """
    port = _free_port()
    given = {
        "DATA_DIR": str(folder),
        "PROFILE": profile,
        "PORT": str(port),
        "LAN": "",
        "DEBUG": "0",
        **more,
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "PUBLIC_URL")
    }
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=kept | given, stdout=out,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            begun = time.monotonic()
            url = f"http://127.0.0.1:{port}"
            while not _answers(url):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() - begun < LONGEST, log.read_text()
                time.sleep(0.3)
            yield url
        finally:
            process.terminate()
            process.wait(20)
