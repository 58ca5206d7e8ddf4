"""The real server as a process of its own, for tests that need its start, its end or its death."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
_OURS = ("PROFILE", "DATA_DIR", "PORT", "LAN", "DATABASE_URL", "PUBLIC_URL", "DEBUG")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **extra: str) -> dict[str, str]:
    """Of a process that is no test: settings as an installation has them."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    return {**kept, "DATA_DIR": str(data), **extra}


def manage(data: Path, *arguments: str, **extra: str) -> str:
    """Run a management command; its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment(data, **extra), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


class Server:
    """`serve` by default, or any command that listens on the port. Output goes to a file in `data`."""

    def __init__(self, data: Path, *, command: Sequence[str] = (), **extra: str) -> None:
        self.data, self.extra = data, extra
        self.port = int(extra.get("PORT", 0)) or free_port()
        self.command = command or (sys.executable, "manage.py", "serve")
        self.scheme = "https" if extra.get("LAN") else "http"
        self.log = data / f"server-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.announced = ""
        """The last line it had printed when it first answered: what follows is the log."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def start(self, *, patience: float = 90) -> "Server":
        """Start and wait until it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
                env=environment(self.data, **{**self.extra, "PORT": str(self.port)}),
            )  # fmt: skip
        self.wait(patience=patience)
        self.announced = (self.output.strip().splitlines() or [""])[-1]
        return self

    def wait(self, *, patience: float = 90) -> None:
        assert self.process is not None
        until = time.monotonic() + patience
        while time.monotonic() < until:
            assert self.process.poll() is None, self.output[-3000:]
            try:
                if httpx.get(f"{self.url}/healthz", verify=False, timeout=5).status_code < 600:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError(f"not up after {patience} s: {self.output[-3000:]}")

    def cpu_seconds(self) -> float:
        """Processor time the server used so far, its own and the system's for it."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, *, patience: float = 20) -> int:
        """Ask it to end, as a service manager does; its code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)
