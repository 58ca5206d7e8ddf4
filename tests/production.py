"""The production form on this machine: the units and the proxy's configuration of `config/deploy/`, as they are.

What systemd does is done here: listening sockets are opened first and handed over, a restart is a SIGTERM, a
wait and a new start on the same sockets. Only users, paths and ports differ.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from config.installation import certificate
from tests.faults.test_kill import stage
from tests.postgres import Postgres
from tests.server import ROOT, environment, free_port
from tests.services import Redis

DEPLOY = ROOT / "config" / "deploy"
HANDED = 'test -n "$1" && export LISTEN_PID=$$ LISTEN_FDS=1; shift; exec "$@"'
"""systemd tells a process its own number, which only the process itself can know beforehand."""


def settings_of(text: str) -> list[tuple[str, str]]:
    """Name and value of each line of a unit."""
    found = (line.partition("=") for line in text.splitlines() if not line.startswith(("#", "[")))
    return [(name, value) for name, _, value in found if value]


@dataclass
class Service:
    """One unit; `listener` is its socket, kept here over every restart."""

    file: Path
    environment: dict[str, str]
    log: Path
    listener: socket.socket | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        told = settings_of(self.file.read_text("utf-8"))
        command = shlex.split(
            dict(told)["ExecStart"].replace("/opt/wasl/.venv/bin", str(ROOT / ".venv/bin"))
        )
        own = dict(value.split("=", 1) for name, value in told if name == "Environment")
        if shared := own.get("PROMETHEUS_MULTIPROC_DIR"):
            own["PROMETHEUS_MULTIPROC_DIR"] = str(self.log.parent / Path(shared).name)
            Path(own["PROMETHEUS_MULTIPROC_DIR"]).mkdir(exist_ok=True)
        listener = self.listener

        def hand_over() -> None:
            if listener is not None:
                os.dup2(listener.fileno(), 3)
                os.set_inheritable(3, True)

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", HANDED, "unit", "1" if listener else "", *command],
                cwd=ROOT, env={**self.environment, **own}, stdout=log, stderr=log,
                preexec_fn=hand_over, close_fds=False, start_new_session=True,
            )  # fmt: skip

    def stop(self) -> None:
        if self.process is None:
            return
        patience = float(dict(settings_of(self.file.read_text("utf-8")))["TimeoutStopSec"])
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """All of it in the middle of whatever it does, then as systemd does: after a second it is started anew."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        time.sleep(1)
        self.start()


@dataclass
class Centre:
    folder: Path
    form: str
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    """Where the proxy is asked without TLS."""
    services: list[Service] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    """Port of the file -> port here."""
    proxy: "Proxy | None" = None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def lay_units(self) -> None:
        for file in sorted((DEPLOY / self.form).glob("*.service")):
            opened = None
            if (unit := file.with_suffix(".socket")).exists():
                told = dict(settings_of(unit.read_text("utf-8")))["ListenStream"].rsplit(":", 1)[1]
                opened = socket.socket()
                opened.bind(("127.0.0.1", 0))
                opened.listen(512)
                self.ports[told] = opened.getsockname()[1]
            for copy in ("1", "2") if "@" in file.name else ("",):
                log = self.folder / f"{file.stem}{copy}.log"
                self.services.append(Service(file, self.environment, log, opened))
        # In one process both ports of the proxy's file are the same.
        self.ports.setdefault("8001", self.ports["8000"])

    def service(self, name: str) -> Service:
        return next(one for one in self.services if one.file.stem == name)

    def logs(self) -> str:
        return "\n".join(p.read_text("utf-8", "replace")[-1500:] for p in self.folder.glob("*.log"))


@contextmanager
def running(folder: Path, form: str, environment: dict[str, str], port: int) -> Iterator[Centre]:
    """All units of a form and the proxy in front of them, until the end of the block."""
    centre = Centre(folder, form, environment, port)
    centre.lay_units()
    for service in centre.services:
        service.start()
    centre.proxy = Proxy(centre)
    try:
        centre.proxy.start()
        _until_up(centre)
        yield centre
        centre.proxy.stop()
    finally:
        centre.proxy.kill()
        for service in centre.services:
            service.stop()
            if service.listener is not None:
                service.listener.close()


@dataclass
class Proxy:
    """nginx with the shipped configuration."""

    centre: Centre
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        folder = self.centre.folder / "nginx"
        if not folder.exists():
            self._lay(folder)
        nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "nginx"
        command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self.process = subprocess.Popen(command, start_new_session=True)

    def stop(self) -> None:
        assert self.process is not None
        assert self.process.poll() is None, (self.centre.folder / "nginx/error.log").read_text()
        self.process.terminate()
        self.process.wait(20)

    def kill(self) -> None:
        """With its workers."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def _lay(self, folder: Path) -> None:
        folder.mkdir()
        cert, key = folder / "cert.pem", folder / "key.pem"
        certificate.write("127.0.0.1", cert, key)
        text = (DEPLOY / "nginx.conf").read_text("utf-8")
        text = re.sub(r"ssl_certificate .*?;", f"ssl_certificate {cert};", text)
        text = re.sub(r"ssl_certificate_key .*?;", f"ssl_certificate_key {key};", text)
        text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.centre.port} ssl;")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.centre.plain_port};")
        for told, port in self.centre.ports.items():
            text = text.replace(f"127.0.0.1:{told};", f"127.0.0.1:{port};")
        names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        kept = " ".join(f"{name}_temp_path {folder}/{name};" for name in names)
        user = "user root;" if os.geteuid() == 0 else ""
        whole = f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{ worker_connections 4096; }}\nhttp {{ access_log off; {kept}\n{text}\n}}\n"
        (folder / "nginx.conf").write_text(whole, "utf-8")


def told_of(form: str) -> dict[str, str]:
    """Settings that `wasl.env` and the units of a form give."""
    files = [DEPLOY / "wasl.env", *(DEPLOY / form).glob("*.service")]
    lines = (line for file in files for line in file.read_text("utf-8").splitlines())
    pairs = (line.removeprefix("Environment=").partition("=") for line in lines)
    return {name: value for name, _, value in pairs if name.isupper()}


def _until_up(centre: Centre) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"{centre.url}/healthz", verify=False, timeout=30).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"not up after a minute: {centre.logs()}")


@dataclass
class Standing:
    """A centre that runs, and what holds it; no database or Redis of their own in one process."""

    centre: Centre
    staged: dict[str, Any]
    """What `tests.faults.stage` laid: sessions and tickets."""
    environment: dict[str, str]
    database: Postgres | None
    redis: Redis | None


@contextmanager
def standing(form: str, *, users: int) -> Iterator[Standing]:
    """A form of the centre with its database and Redis, in a folder that goes at the end."""
    # Not a folder of ours alone: PostgreSQL runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="wasl-production-"))
    folder.chmod(0o755)
    port = free_port()
    given = {
        "PROFILE": "centre", "PUBLIC_URL": f"https://127.0.0.1:{port}", "BEHIND_PROXY": "1",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    database = redis = None
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        if form == "several":
            database, redis = Postgres(folder / "postgres"), Redis(folder)
            database.start()
            ends.callback(database.stop)
            given |= {"DATABASE_URL": database.url, "REDIS_URL": redis.start().url}
            ends.callback(redis.stop)
        staged = stage(folder / "data", users, **given)
        told = environment(folder / "data", **given)
        centre = ends.enter_context(running(folder, form, told, port))
        yield Standing(centre, staged, told, database, redis)
