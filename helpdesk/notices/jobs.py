"""The sweep that sends what is due.

At least once, with a key: a mail keeps its message number at every attempt, so a receiver's program
shows one. What another process may have sent before it died is marked `unsure`.
"""

import logging
import random
import smtplib
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from helpdesk.notices.actions import settle
from helpdesk.notices.letters import letter
from helpdesk.notices.models import Notice

log = logging.getLogger("wasl.notices")

LEASE = timedelta(minutes=10)
"""Longer than the longest work on one batch, see PATIENCE."""
PATIENCE = 300.0
"""Seconds after which a batch on a slow server is given back unfinished."""
TRIES = 5
WAITS = (60, 300, 1800, 3 * 3600)
"""Seconds before the second, third, fourth and fifth attempt."""


def send_due(*, at: datetime) -> int:
    """Send what is due by mail, settle what no channel takes; how many notices were settled."""
    settled = _without_channel(at=at)
    if Notice.Channel.EMAIL not in settings.NOTICE_CHANNELS:
        return settled
    mails = Notice.objects.filter(channel=Notice.Channel.EMAIL)
    while batch := mails.take(at=at, lease=LEASE):
        sent = _send(batch, at=at)
        settled += sent
        if sent < len(batch):
            break  # something is slow or down: no use in taking more now
    return settled


def _without_channel(*, at: datetime) -> int:
    due = Notice.objects.due(at=at).exclude(channel__in=settings.NOTICE_CHANNELS)
    return due.update(state=Notice.State.NO_CHANNEL)


def _send(batch: list[Notice], *, at: datetime) -> int:
    """Send one batch over one connection; how many left."""
    try:
        connection = get_connection()
        connection.open()
    except Exception as error:
        for notice in batch:
            _put_off(notice, error, at=at)
        return 0
    sent, until = 0, time.monotonic() + PATIENCE
    try:
        for notice in batch:
            if time.monotonic() > until:
                _give_back(notice)
            elif _send_one(notice, connection, at=at):
                sent += 1
    finally:
        _close(connection)
    return sent


def _send_one(notice: Notice, connection: BaseEmailBackend, *, at: datetime) -> bool:
    try:
        connection.send_messages([letter(notice)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()), (0, b""))
        _settle_refusal(notice, code, said, at=at)
    except smtplib.SMTPResponseException as error:
        _settle_refusal(notice, error.smtp_code, error.smtp_error, at=at)
    except Exception as error:
        _put_off(notice, error, at=at)
    else:
        return settle(notice, state=Notice.State.SENT, sent_at=at, failed_why="")
    return False


def _settle_refusal(notice: Notice, code: int, said: bytes | str, *, at: datetime) -> None:
    """A 5xx of the server is final, anything else is tried again."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    why = f"{code} {text}".replace(notice.address, "…").replace("\x00", "")[:200]
    if 500 <= code < 600:
        settle(notice, state=Notice.State.FAILED, failed_why=why)
    else:
        _put_off(notice, why, at=at)


def _put_off(notice: Notice, why: Exception | str, *, at: datetime) -> None:
    """Try again later, each time later; after the last try it has failed."""
    shown = why if isinstance(why, str) else type(why).__name__
    log.warning("notice not sent", extra={"notice": notice.pk, "tries": notice.tries})
    if notice.tries >= TRIES:
        settle(notice, state=Notice.State.FAILED, failed_why=shown[:200])
        return
    wait = WAITS[min(notice.tries, len(WAITS)) - 1] * random.uniform(0.8, 1.2)
    settle(notice, due_at=at + timedelta(seconds=wait), failed_why=shown[:200])


def _give_back(notice: Notice) -> None:
    settle(notice, tries=notice.tries - 1)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except Exception:
        log.info("mail connection was gone before it was closed")
