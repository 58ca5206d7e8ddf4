"""The key backups are sealed with: the public half lies here, the private one never does."""

import os
from pathlib import Path

import pyrage
from django.conf import settings

FILE = "backup_key.pub"


class NoKey(Exception):
    """No public key was set, or it is not one."""


class NotAKey(Exception):
    """What was given as a private key is none."""


def place() -> Path:
    return Path(settings.DATA_DIR) / FILE


def public_key() -> str:
    """`age1…`, from the environment or the data folder; empty without one."""
    if settings.BACKUP_KEY:
        return str(settings.BACKUP_KEY)
    return place().read_text("utf-8").strip() if place().exists() else ""


def recipient() -> pyrage.x25519.Recipient:
    """Raises NoKey."""
    return recipient_of(public_key())


def recipient_of(text: str) -> pyrage.x25519.Recipient:
    """From the words of a file with a public key. Raises NoKey."""
    try:
        return pyrage.x25519.Recipient.from_str(_line_of(text))
    except pyrage.RecipientError as error:
        raise NoKey from error


def make() -> str:
    """A new pair: keeps the public half and returns the private one, which is kept nowhere."""
    pair = pyrage.x25519.Identity.generate()
    keep(str(pair.to_public()))
    return str(pair)


def keep(public: str) -> None:
    """Seal from now on for this public key. Raises NoKey when it is none."""
    recipient_of(public)
    fresh = place().with_name(f".{FILE}.{os.getpid()}")
    fresh.write_text(public + "\n", "utf-8")
    fresh.replace(place())


def private_key(text: str) -> pyrage.x25519.Identity:
    """From the words of a key file. Raises NotAKey."""
    try:
        return pyrage.x25519.Identity.from_str(_line_of(text))
    except pyrage.IdentityError as error:
        raise NotAKey from error


def _line_of(text: str) -> str:
    """The only line that is no note (`#`); empty where there is not exactly one."""
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    return found[0] if len(found) == 1 else ""
