"""Real servers for tests, each on a free port of this machine: IMAP, a sink for mail, Redis."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/Maildir
passdb {{
  driver = static
  args = password=post-box
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class PostBox:
    """An IMAP account; mail is put in as a mail server would, as a file in its Maildir."""

    folder: Path
    port: int
    count: int = 0

    @property
    def url(self) -> str:
        return f"imap://centre:post-box@127.0.0.1:{self.port}/INBOX"

    def put(self, raw: bytes) -> None:
        self.count += 1
        new = self.folder / "Maildir" / "new"
        (new / f"{int(time.time())}.{os.getpid()}_{self.count:04d}.test").write_bytes(raw)

    def marks(self) -> list[str]:
        """Flags of every mail, oldest first: `S` read, `F` set aside."""
        kept = (self.folder / "Maildir" / "cur").iterdir()
        files = sorted([*kept, *(self.folder / "Maildir" / "new").iterdir()], key=lambda p: p.name)
        return [p.name.partition(":2,")[2] for p in files]


@contextmanager
def imap_server() -> Iterator[PostBox]:
    """Dovecot with a configuration of its own. It refuses to serve as root: then `nobody` runs it."""
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="wasl-imap-"))  # not tmp_path: only its owner may enter
    box = PostBox(folder, free_port())
    for name in ("cur", "new", "tmp"):
        (folder / "Maildir" / name).mkdir(parents=True)
    config = folder / "dovecot.conf"
    group = grp.getgrgid(user.pw_gid).gr_name
    config.write_text(_CONFIG.format(folder=folder, port=box.port, user=user.pw_name, group=group))
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)
    command = [DOVECOT, "-F", "-c", str(config)]
    with (folder / "stderr").open("wb") as stderr:
        server = (
            subprocess.Popen(
                command, stderr=stderr, user=user.pw_uid, group=user.pw_gid, extra_groups=[]
            )
            if os.geteuid() == 0
            else subprocess.Popen(command, stderr=stderr)
        )
    try:
        _wait_for(box.port, server, folder)
        yield box
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(100):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    said = (folder / "stderr").read_text()
    log = folder / "dovecot.log"
    raise RuntimeError(f"dovecot did not start: {said} {log.read_text() if log.exists() else ''}")


@dataclass
class Sink:
    """Takes every mail, or answers with the lines in `refusals` first."""

    port: int = 0
    refusals: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]  # type: ignore[misc]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.raw.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        return "250 taken"


@contextmanager
def mail_sink(*, password: str = "", **more: Any) -> Iterator[Sink]:
    """A mail server that keeps what it is given; with a password only of user `centre`.

    `more`: `ssl_context` for TLS from the start, `tls_context` for STARTTLS.
    """
    sink = Sink(port=free_port())
    if password:
        more |= {
            "auth_required": True, "auth_require_tls": False,
            "authenticator": lambda *said: AuthResult(
                success=said[-1] == LoginPassword(b"centre", password.encode()), handled=False
            ),
        }  # fmt: skip
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **more)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


class Redis:
    """A Redis of one's own that can be stopped, emptied and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "Redis":
        command = [
            shutil.which("redis-server") or "/usr/bin/redis-server", "--bind", "127.0.0.1",
            "--port", str(self.port), "--save", "", "--dir", str(self.folder),
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("Redis did not start")

    def stop(self) -> None:
        """As if it had crashed: it keeps nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None
