"""The accounts by which the installation's mail goes out and comes in, as an administrator set them."""

from urllib.parse import quote

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.sealing import seal

PURPOSE = "mail account"


class Unopened(Exception):
    """The password was sealed with another pepper: it has to be typed again."""


class MailAccount(models.Model):
    class Way(models.TextChoices):
        OUT = "out", _("Mail out")
        IN = "in", _("Mail in")

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("none: only for a server of the own network")

    way = models.CharField(max_length=3, choices=Way, unique=True)
    host = models.CharField(_("Server"), max_length=253)
    port = models.PositiveIntegerField(_("Port"))
    security = models.CharField(_("Encryption"), max_length=8, choices=Security)
    user = models.CharField(_("User name"), max_length=254, blank=True)
    """Empty = the server asks for no sign-in."""
    sealed = models.TextField(blank=True)
    """The password, sealed; it is told to the server alone."""
    address = models.EmailField(blank=True)
    """Out: who mails are from. In: what people answer to; empty = that of `out`."""
    folder = models.CharField(_("Folder"), max_length=120, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def password(self) -> str:
        """Raises Unopened."""
        if not self.sealed:
            return ""
        try:
            return seal(PURPOSE).decrypt(self.sealed.encode()).decode()
        except InvalidToken:
            raise Unopened

    @property
    def url(self) -> str:
        """As IMAP_URL is written, with the password. Raises Unopened."""
        scheme = {"tls": "imaps", "starttls": "imap+tls", "none": "imap"}[self.security]
        host = f"[{self.host}]" if ":" in self.host else self.host
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{scheme}://{who}@{host}:{self.port}/{quote(self.folder, safe='')}"


def sealed(password: str) -> str:
    """As it is kept."""
    return seal(PURPOSE).encrypt(password.encode()).decode() if password else ""
