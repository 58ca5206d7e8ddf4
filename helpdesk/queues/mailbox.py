"""The mailbox that is read: what is unread, and marks on what was dealt with.

Reading never sets a mark by itself: a mail becomes read only after its transaction has committed, so
a crash between the two reads it again, and its key makes that harmless.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

TIMEOUT = 10
"""Seconds for each answer of the server."""
LARGE = 16 * 1024 * 1024
"""Bytes; of a larger mail only the beginning is fetched."""
BEGINNING = 512 * 1024


class Box:
    """An open mailbox."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box

    def unread(self, count: int) -> list[str]:
        """Numbers of the oldest mails that are neither read nor set aside."""
        return list(self._box.uids("UNSEEN UNFLAGGED"))[:count]

    def unread_of_ours(self, count: int) -> list[str]:
        """The newest of them that carry a message number like those we give."""
        found = list(self._box.uids('UNSEEN UNFLAGGED HEADER Message-ID "<notice."'))
        return found[-count:]

    def raw(self, uid: str) -> tuple[bytes, bool]:
        """(bytes, whole): the mail as it came, or the beginning of a very large one."""
        whole = self._size(uid) <= LARGE
        wanted = "(BODY.PEEK[])" if whole else f"(BODY.PEEK[]<0.{BEGINNING}>)"
        return self._fetch(uid, wanted), whole

    def mark_read(self, uid: str) -> None:
        self._box.flag(uid, "\\Seen", True)

    def set_aside(self, uid: str) -> None:
        """Leave it unread for a person, with a flag, and never try it again."""
        self._box.flag(uid, "\\Flagged", True)

    def _size(self, uid: str) -> int:
        _status, answer = self._box.client.uid("FETCH", uid, "(RFC822.SIZE)")
        said = b" ".join(piece for piece in answer if isinstance(piece, bytes))
        digits = said.partition(b"RFC822.SIZE ")[2].split(b")")[0].split(b" ")[0]
        return int(digits) if digits.isdigit() else 0

    def _fetch(self, uid: str, wanted: str) -> bytes:
        _status, answer = self._box.client.uid("FETCH", uid, wanted)
        return next((bytes(piece[1]) for piece in answer if isinstance(piece, tuple)), b"")


@contextmanager
def opened(url: str) -> Iterator[Box]:
    """Open the mailbox of an address such as `imaps://user:password@host/INBOX`.

    Schemes: imaps (TLS), imap+tls (STARTTLS), imap (plain, for the same machine).
    """
    at = urlsplit(url)
    kinds: dict[str, tuple[Any, int]] = {
        "imaps": (MailBox, 993),
        "imap+tls": (MailBoxStartTls, 143),
        "imap": (MailBoxUnencrypted, 143),
    }
    kind, port = kinds[at.scheme]
    # imaplib on its own looks at no certificate.
    told = {} if at.scheme == "imap" else {"ssl_context": ssl.create_default_context()}
    box = kind(at.hostname or "localhost", port=at.port or port, timeout=TIMEOUT, **told)
    folder = unquote(at.path.strip("/")) or "INBOX"
    with box.login(unquote(at.username or ""), unquote(at.password or ""), folder):
        yield Box(box)
