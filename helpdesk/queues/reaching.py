"""Whether a mail account works as it was typed: a real connection is made, and a refusal is told in words.

Nothing that the server says is shown. Both public and private servers may be named, for many centres have
one beside them; without encryption only private ones, so that no password crosses the open network.
"""

import imaplib
import smtplib
import socket
import ssl
import threading
from typing import Any

from django.utils.translation import gettext as _
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError, MailboxStarttlsError

from helpdesk.centre.lines import isolated_ltr
from helpdesk.notices import dialling, posting
from helpdesk.notices.mail_account import MailAccount
from helpdesk.queues import mailbox

WHOLE = 20.0
"""Seconds for all of it, however slowly it drips; each answer has ten."""


class _InTheClear(Exception):
    """Without encryption, and not of the own network."""


def refusal(account: MailAccount) -> tuple[str, str] | None:
    """(field it concerns, why) when one cannot sign in by this account; else None."""
    ended: list[Exception | None] = []
    thread = threading.Thread(target=lambda: ended.append(_error(account)), daemon=True)
    thread.start()
    thread.join(WHOLE)
    error = ended[0] if ended else TimeoutError()
    return _in_words(error, account) if error is not None else None


def _error(account: MailAccount) -> Exception | None:
    try:
        found = dialling.resolved(account.host, account.port)
        if account.security == MailAccount.Security.NONE and any(map(dialling.is_public, found)):
            raise _InTheClear
        if account.way == posting.OUT:
            connection = posting.smtp_of(account)
            connection.open()
            connection.close()
        else:
            with mailbox.opened(account.url):
                pass
    except Exception as error:  # the network and the server raise what they like
        return error
    return None


def _in_words(error: Exception, account: MailAccount) -> tuple[str, str]:
    """The first kind that fits: the particular ones stand before those they belong to."""
    named: dict[str, Any] = {
        "host": isolated_ltr(account.host), "port": isolated_ltr(str(account.port)),
    }  # fmt: skip
    if isinstance(error, smtplib.SMTPNotSupportedError) and "AUTH" in str(error):
        return "user", _(
            "The server lets nobody sign in this way. Leave user name and password empty, or choose another encryption."
        )
    if isinstance(error, imaplib.IMAP4.abort) and account.security == MailAccount.Security.STARTTLS:
        error = MailboxStarttlsError(("NO", []), "OK")
    for kinds, field, said in (
        (_InTheClear, "security",
         _("%(host)s is not in the own network: a password would cross the internet in the clear. Choose TLS or STARTTLS.")),
        ((socket.gaierror, UnicodeError), "host",
         _("No server is called %(host)s. Compare it with what the provider wrote.")),
        ((smtplib.SMTPAuthenticationError, MailboxLoginError), "password",
         _("The server does not accept this user name with this password.")),
        (MailboxFolderSelectError, "folder", _("The mailbox has no such folder.")),
        (ssl.SSLCertVerificationError, "host",
         _("The certificate of %(host)s is not accepted: it has ended, is of another name, or nobody known signed it.")),
        ((ssl.SSLError, smtplib.SMTPNotSupportedError, MailboxStarttlsError), "security",
         _("%(host)s does not offer this on port %(port)s. Compare encryption and port with what the provider wrote.")),
        (TimeoutError, "host",
         _("%(host)s did not answer in time. Perhaps encryption and port do not belong together.")),
        ((smtplib.SMTPException, imaplib.IMAP4.error), "host",
         _("What answers at %(host)s, port %(port)s, does not let us in as a mail server does. Compare encryption and port with what the provider wrote.")),
        (Exception, "host", _("Nothing answers at %(host)s, port %(port)s.")),
    ):  # fmt: skip
        if isinstance(error, kinds):
            return field, said % named
    raise error
