"""Doorways to notices."""

from datetime import datetime, timedelta

from helpdesk.notices.models import Notice
from helpdesk.notices.querysets import NoticeQuerySet


def outbox(*, at: datetime) -> NoticeQuerySet:
    """Every message as its receiver has it. Demo only: the view answers 404 elsewhere."""
    return Notice.objects.shown(at=at)


def lately_told(address: str, *, kind: str, at: datetime, within: timedelta) -> int:
    """How many notices of a kind went to an address in the time before `at`."""
    return Notice.objects.written_to(address, kind=kind, since=at - within).count()
