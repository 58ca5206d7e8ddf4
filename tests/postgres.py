"""A PostgreSQL of one's own, which may be stopped and started while it is used."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from glob import glob
from pathlib import Path

from tests.server import free_port


class Postgres:
    """In a folder of its own, on loopback. initdb refuses root: then another user runs it.

    `within`: a command that takes the way into the file systems it sees; `laid`: more words for initdb; `options`: for the server.
    """

    def __init__(
        self,
        folder: Path,
        *,
        within: Sequence[str] = (),
        laid: Sequence[str] = (),
        options: str = "",
    ) -> None:
        self.options = options
        self.folder, self.port, self.within = folder, free_port(), within
        found = sorted(glob("/usr/lib/postgresql/*/bin"))
        self.bin = Path(found[-1] if found else Path(shutil.which("initdb") or "").parent)
        self.user: str | None = None
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            self.user = next(
                one.pw_name for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody")
            )
            shutil.chown(folder, self.user)
        self._run(
            "initdb",
            "-D",
            str(folder / "pg"),
            "-U",
            "wasl",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *laid,
        )

    @property
    def url(self) -> str:
        return f"postgres://wasl@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        how = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c max_connections=200 {self.options}"
        self._control("-w", "-l", str(self.folder / "log"), "-o", how, "start")

    def stop(self) -> None:
        """Whoever is connected is cut off."""
        self._control("-w", "-m", "fast", "stop")

    def crash(self) -> None:
        """Without a word to anybody; it recovers from its log when it is started."""
        self._control("-w", "-m", "immediate", "stop")

    def _control(self, *more: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "pg"), *more)

    def _run(self, name: str, *more: str) -> None:
        gid = str(pwd.getpwnam(self.user).pw_gid) if self.user else ""
        who = ("setpriv", f"--reuid={self.user}", f"--regid={gid}", "--clear-groups")
        subprocess.run(
            [*self.within, *(who if self.user else ()), str(self.bin / name), *more], check=True, cwd="/",
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
