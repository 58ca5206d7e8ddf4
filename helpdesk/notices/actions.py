"""Writing notices, and what becomes of one after it left."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from helpdesk.centre.wording import reader_language
from helpdesk.notices import addresses, texts
from helpdesk.notices.models import Notice

log = logging.getLogger("wasl.notices")


def write(
    *,
    key: str,
    channel: str,
    kind: str,
    address: str,
    language: str,
    context: Mapping[str, Any],
    at: datetime,
    subject_kind: str = "",
    subject_id: int | None = None,
    due_at: datetime | None = None,
    reply_to: str = "",
    in_reply_to: str = "",
    held: bool = False,
) -> Notice:
    """Write a message that the sweep sends when due. The same `key` twice is one message.

    `context` may hold: reference, link (of ours), name, subject, titles (of articles), due, window
    (a text), and private=True for restricted and sealed tickets, which leaves out all but the link.
    Never put a follow code or the words of an answer in it. `in_reply_to` is the message number of
    the mail it answers. An address that no mail can reach makes a failed notice, not an error.
    `held`: it belongs to a practice, and never leaves.
    """
    known: Notice | None = Notice.objects.filter(key=key).first()
    if known:
        return known
    language = reader_language(language)
    said = texts.words(
        kind, channel=channel, language=language, context={**context, "replies": bool(reply_to)}
    )
    why = _unreachable(channel, address)
    state = Notice.State.FAILED if why else Notice.State.QUEUED
    notice: Notice = Notice.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "kind": kind,
            "address": address[:254],
            "language": language,
            "subject": said.subject,
            "text": said.text,
            "reply_to": reply_to,
            "in_reply_to": in_reply_to[:250],
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "due_at": due_at or at,
            "written_at": at,
            "state": Notice.State.HELD if held else state,
            "failed_why": why,
        },
    )[0]
    return notice


def _unreachable(channel: str, address: str) -> str:
    """Why nothing can go to the address; empty when it looks right."""
    if channel == Notice.Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            return "not a mail address"
        if len(address) > 254:
            return "not a mail address"
    return "" if address else "no address"


def returned(named: list[tuple[int, str]], *, why: str) -> int:
    """A server gave mails of ours back; how many of the numbers were really ours.

    The seal in a message number proves that whoever reports it has seen the message.
    """
    seals = dict(named)
    count = 0
    for notice in Notice.objects.filter(pk__in=seals, channel=Notice.Channel.EMAIL):
        if addresses.has_seal(notice.key, seals[notice.pk]):
            count += Notice.objects.filter(pk=notice.pk).update(
                state=Notice.State.FAILED, failed_why=why[:200]
            )
    return count


def answered(named: list[tuple[int, str]], *, sender: str) -> Notice | None:
    """The notice that a mail replies to, when its number is genuine and it went to this sender."""
    seals = dict(named)
    notice: Notice
    for notice in Notice.objects.filter(pk__in=seals, address__iexact=sender).order_by("-pk"):
        if addresses.has_seal(notice.key, seals[notice.pk]):
            return notice
    return None


def settle(notice: Notice, **fields: object) -> bool:
    """Write the outcome and end the lease; False when the lease had passed to another process."""
    kept = Notice.objects.held(notice).update(lease_until=None, lease_by="", **fields)
    if not kept:
        log.warning("notice settled after its lease", extra={"notice": notice.pk})
    return bool(kept)


def late_notices(*, at: datetime, by: timedelta) -> int:
    """How many are due for longer than that and have not left."""
    return int(Notice.objects.due(at=at - by).count())
