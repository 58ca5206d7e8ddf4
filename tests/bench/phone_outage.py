"""The database is stopped for twenty seconds in the middle of the day: nobody on the telephone is lost.

Real parts: PostgreSQL, the server, nginx with the configuration that is kept in `config/deploy/`, and the
simulated network in real time over loopback. `python -m tests.bench.phone_outage`, about four minutes.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.postgres import Postgres
from tests.server import ROOT, Server, environment, free_port

AWAY, AFTER = 20, 25
"""Seconds: how long it is away, and how long after the first call."""
CONFIGURATION = ROOT / "config" / "deploy" / "nginx.conf"


def main() -> int:
    """Print what became of the calls; 1 when a caller was lost."""
    if not _nginx():
        print(
            "MISSED nginx is not installed: this bench needs it (on Debian: apt install nginx-light)."
        )
        return 1
    found = run()
    print(
        f"{found['calls']} calls, the database away for {AWAY} s: {found['lost']} callers lost;"
        f" {found['asked_again']} times a caller was asked to wait; {found['outcomes']};"
        f" {found['unknown']} hung up before we ever heard of them"
    )
    missed = misses(found)
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept")
    return int(bool(missed))


def misses(found: dict[str, Any]) -> list[str]:
    wrong = [f"{found['lost']} callers lost"] if found["lost"] else []
    wrong += [f"{found['live']} calls go on for ever in our rows"] if found["live"] else []
    wrong += [] if found["asked_again"] else ["nobody called while the database was away"]
    return wrong + found["complaints"]


def run(*, calls: int = 30, minutes: float = 1.5) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="wasl-outage-"))
    folder.chmod(0o755)
    database = Postgres(folder / "database")
    database.start()
    outside, network = free_port(), free_port()
    given = {
        "PROFILE": "demo", "SIMULATED": "1", "DATABASE_URL": database.url, "LOG_LEVEL": "CRITICAL",
        "PUBLIC_URL": f"http://127.0.0.1:{outside}", "TWILIO_API_URL": f"http://127.0.0.1:{network}",
    }  # fmt: skip
    server = Server(folder / "centre", **given)
    try:
        server.start(patience=600)
        with nginx(folder / "nginx", outside, server.port):
            play = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.phone_outage_play", server.url, str(calls), str(minutes)],
                cwd=ROOT, env=environment(server.data, **given, PORT=str(server.port)),
                stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert play.stdout is not None
            assert play.stdout.readline().strip() == "begun"
            time.sleep(AFTER)
            database.stop()
            time.sleep(AWAY)
            database.start()
            said = play.communicate(timeout=900)[0]
            assert play.returncode == 0, said
            told: dict[str, Any] = json.loads(said.splitlines()[-1])
            return told
    finally:
        server.kill()
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _nginx() -> str:
    """Where it is; empty when it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


@contextmanager
def nginx(folder: Path, port: int, server: int) -> Iterator[None]:
    """The configuration that is kept, on loopback and without a certificate."""
    folder.mkdir()
    text = CONFIGURATION.read_text("utf-8")
    text = re.sub(r"ssl_certificate(_key)? .*?;", "", text)
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.S)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"127\.0\.0\.1:800[01]", f"127.0.0.1:{server}", text)
    kept = " ".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    whole = f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{ access_log off; {kept}\n{text}\n}}\n"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    process = subprocess.Popen([_nginx(), "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        for _ in range(100):
            assert process.poll() is None, (folder / "error.log").read_text()
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main())
