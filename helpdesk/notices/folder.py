"""Mail to a folder: one .eml a message, for installations without a mail server."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes into OUTBOX_DIR. The same message number is the same file: a repeat changes nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for mail in email_messages:
            written = mail.message()
            name = hashlib.sha256(str(written["Message-ID"]).encode()).hexdigest()[:24]
            beside = folder / f".{name}.{os.getpid()}"
            beside.write_bytes(written.as_bytes())
            beside.replace(folder / f"{name}.eml")
        return len(email_messages)
