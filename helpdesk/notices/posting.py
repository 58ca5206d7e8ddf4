"""By which account mail goes out and comes in: that of the environment where it names one, else the one set on the page.

The account set on the page is read at each use, and remembered for ten seconds like a centre's face: no
process needs a restart after a change.
"""

from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.db import transaction

from helpdesk.centre.actions import note
from helpdesk.notices import folder
from helpdesk.notices.mail_account import MailAccount

OURS = "helpdesk.notices.posting.backend"
KEY, KEPT = "notices:accounts", 10
"""Seconds after which other processes see a change, where they share no cache."""
STEP = "mail"
TOLD = ("host", "port", "security", "user", "address", "folder")
OUT, IN = MailAccount.Way.OUT, MailAccount.Way.IN


def backend(**options: Any) -> BaseEmailBackend:
    """What sends Django's mail: the account set on the page, else the folder. Raises Unopened."""
    account = held(OUT)
    return _Sender(account, **options) if account else folder.EmailBackend(**options)


class _Sender(Smtp):
    """Mail from the installation is from the account's address."""

    def __init__(self, account: MailAccount, **options: Any) -> None:
        super().__init__(
            host=account.host, port=account.port, username=account.user,
            password=account.password, use_tls=account.security == MailAccount.Security.STARTTLS,
            use_ssl=account.security == MailAccount.Security.TLS, timeout=settings.EMAIL_TIMEOUT,
            **options,
        )  # fmt: skip

    def send_messages(self, email_messages: Any) -> int:
        for mail in email_messages:
            if mail.from_email == settings.DEFAULT_FROM_EMAIL:
                mail.from_email = sender()
        return int(super().send_messages(email_messages) or 0)


def smtp_of(account: MailAccount) -> BaseEmailBackend:
    """A connection by this account, not opened yet. Raises Unopened."""
    return _Sender(account)


def is_given(way: str) -> bool:
    """Whether the environment names this account; the page changes nothing then."""
    return bool(settings.IMAP_URL) if way == IN else bool(settings.EMAIL_BACKEND != OURS)


def is_set(way: str) -> bool:
    """Whether mail goes this way at all: without an account it goes to a folder, and none comes in."""
    if way == OUT and settings.EMAIL_BACKEND.endswith("folder.EmailBackend"):
        return False
    return is_given(way) or held(way) is not None


def held(way: str) -> MailAccount | None:
    """The account set on the page, where it counts."""
    return None if is_given(way) else _accounts().get(way)


def sender() -> str:
    """Who mails are from, as the head of a mail has it."""
    account = held(OUT)
    if account is None or not account.address:
        return str(settings.DEFAULT_FROM_EMAIL)
    return formataddr((parseaddr(settings.DEFAULT_FROM_EMAIL)[0], account.address))


def answered_to() -> str:
    """The address whose mailbox is read, where it was set on the page; else empty."""
    account = held(IN)
    if account is None:
        return ""
    out = held(OUT)
    return account.address or (out.address if out else "")


def mailbox_url() -> str:
    """As IMAP_URL is written; empty = none is read. Raises Unopened."""
    account = held(IN)
    return account.url if account else str(settings.IMAP_URL)


def changed_at() -> datetime | None:
    """When an account that counts was changed last: what was proven before proves nothing any more."""
    found = [account.changed_at for way in (OUT, IN) if (account := held(way))]
    return max(found, default=None)


@transaction.atomic
def keep(account: MailAccount, *, centre: Any, by: Any, at: datetime) -> None:
    """The account of its way from now on. The history of the centre has all of it but the password."""
    old = MailAccount.objects.filter(way=account.way).first()
    facts = {name: getattr(account, name) for name in (*TOLD, "sealed")}
    MailAccount.objects.update_or_create(
        way=account.way, defaults={**facts, "changed_at": at, "changed_by": by}
    )
    after = _told(account)
    if account.sealed and (old is None or old.sealed != account.sealed):
        after[f"{account.way}.password"] = True
    note(centre, step=STEP, before=_told(old), after=after, by=by, at=at)
    _renew()


@transaction.atomic
def give_up(way: str, *, centre: Any, by: Any, at: datetime) -> None:
    """No account any more, nor its password."""
    old = MailAccount.objects.filter(way=way).first()
    if old is not None:
        old.delete()
        before = _told(old)
        note(centre, step=STEP, before=before, after=dict.fromkeys(before, ""), by=by, at=at)
        _renew()


def _renew() -> None:
    """At once for this process, and again when all others can see it."""
    cache.delete(KEY)
    transaction.on_commit(lambda: cache.delete(KEY))


def _told(account: MailAccount | None) -> dict[str, Any]:
    return {f"{account.way}.{name}": getattr(account, name) for name in TOLD} if account else {}


def _accounts() -> dict[str, MailAccount]:
    kept: Any = cache.get(KEY)
    if kept is None:
        kept = {account.way: account for account in MailAccount.objects.all()}
        cache.set(KEY, kept, KEPT)
    found: dict[str, MailAccount] = kept
    return found
