"""Mail addresses and message numbers of ours: made here, and recognised here when they come back."""

import hashlib
import hmac
import re
from email.utils import parseaddr

from django.conf import settings

from helpdesk.notices import posting

NAME = "reply"
"""Before the sign, where the mailbox was set by the environment."""
_REPLY = re.compile(r"^([^@\s+]{1,64})\+([0-9a-f]{24})@", re.IGNORECASE)
_MESSAGE = re.compile(r"<notice\.(\d{1,18})\.([0-9a-f]{32})@")


def reply_address(token: str) -> str:
    """Mail to it adds to the ticket with this token; it never shows anything of it."""
    name, _at, domain = posting.answered_to().partition("@")
    return f"{name or NAME}+{token}@{domain or settings.MAIL_DOMAIN}"


def reply_token(address: str) -> str:
    """The token in one of our reply addresses; empty for any other address."""
    found = _REPLY.match(address.strip())
    return found[2].lower() if found else ""


def is_ours(address: str) -> bool:
    """One of the addresses this installation writes from."""
    address = address.strip().lower()
    if not address or address == parseaddr(posting.sender())[1].lower():
        return bool(address)
    found = _REPLY.match(address)
    if found is None:
        return False
    return found[1] == NAME or found[1] == posting.answered_to().partition("@")[0].lower()


def message_id(pk: int, key: str) -> str:
    """The same at every attempt, so that a receiver keeps one copy; nobody else can make it up."""
    return f"<notice.{pk}.{_seal(key)}@{settings.MAIL_DOMAIN}>"


def thread_id(kind: str, pk: int) -> str:
    """Mail programs put everything that names it together."""
    return f"<{kind}.{pk}.{_seal(f'thread:{kind}:{pk}')}@{settings.MAIL_DOMAIN}>"


def named_messages(text: str) -> list[tuple[int, str]]:
    """(number, seal) of every message number in the text that looks like ours, at most 20."""
    return [(int(number), seal) for number, seal in _MESSAGE.findall(text)[:20]]


def has_seal(key: str, seal: str) -> bool:
    return hmac.compare_digest(_seal(key), seal)


def _seal(key: str) -> str:
    made = hmac.new(settings.SECRET_KEY.encode(), f"mail:{key}".encode(), hashlib.sha256)
    return made.hexdigest()[:32]


def masked(address: str) -> str:
    """`am•••@example.org`: enough to recognise one's own address."""
    local, at, domain = address.partition("@")
    return f"{local[:2]}•••@{domain}" if at else "•••"
