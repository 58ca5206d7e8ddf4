"""A coturn of the test's own, on loopback, with the credentials our program makes."""

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.server import free_port

SECRET = "relay-secret-of-the-test"


class Relay:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def urls(self) -> list[str]:
        return [f"turn:127.0.0.1:{self.port}?transport={way}" for way in ("udp", "tcp")]

    def start(self) -> "Relay":
        # Loopback is nobody's network in life: coturn refuses it unless told otherwise.
        command: Sequence[str] = (
            "turnserver", "-n", "--use-auth-secret", f"--static-auth-secret={SECRET}",
            "--realm=wasl", "--listening-ip=127.0.0.1", f"--listening-port={self.port}",
            "--relay-ip=127.0.0.1", "--min-port=50000", "--max-port=50999", "--no-cli", "--no-tls",
            "--no-dtls", "--fingerprint", "--allow-loopback-peers", "--log-file=stdout",
            f"--pidfile={self.folder / 'turn.pid'}", f"--userdb={self.folder / 'turn.db'}",
        )  # fmt: skip
        with (self.folder / "turn.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + 10
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise AssertionError(self.log())

    def log(self) -> str:
        return (self.folder / "turn.log").read_text("utf-8", "replace")[-3000:]

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def force(self, settings: Any) -> None:
        """All voices pass it."""
        settings.TURN_URLS, settings.TURN_SECRET, settings.RELAY_ONLY = self.urls, SECRET, True
