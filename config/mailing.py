"""Settings of mail, from the environment; where they are empty, the set-up's page decides (docs/operating.md)."""

from typing import Any

import environ

__all__ = ["EMAIL_TIMEOUT", "IMAP_URL", "MAIL_PORTS"]

env = environ.Env()
EMAIL_TIMEOUT = 10
"""Seconds for each answer of a mail server."""
IMAP_URL = env.str("IMAP_URL", "")
"""imap(s)://user:password@host:port/INBOX (imap+tls:// for STARTTLS); empty = the account set on the page."""
MAIL_PORTS = [int(port) for port in env.list("MAIL_PORTS", default=[])]
"""Ports that mail servers named on the page may have beside the usual ones."""


def outgoing() -> dict[str, Any]:
    """Django's settings of outgoing mail: those of EMAIL_URL, or our backend, which reads the account set on the page."""
    given = env.email_url("EMAIL_URL", default="filemail://")
    if not given["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        folder = given["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
        ours = "helpdesk.notices.posting.backend"
        return {"EMAIL_BACKEND": ours if folder else given["EMAIL_BACKEND"]}
    named = ("BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    return {f"EMAIL_{name}": given.get(f"EMAIL_{name}", False) for name in named}
