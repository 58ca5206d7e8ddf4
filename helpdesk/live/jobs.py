"""Sweeps over what people were typing and looking at."""

from datetime import datetime, timedelta

from helpdesk.live import viewing
from helpdesk.live.actions import drop_old
from helpdesk.live.visitors import KEPT


def forget_old_drafts(*, at: datetime) -> int:
    """Drop texts nobody came back to for as long as a visitor's cookie lives."""
    return drop_old(before=at - KEPT)


def forget_old_viewings(*, at: datetime) -> int:
    """Drop who looked at what an hour ago: nobody is told of it any more."""
    return viewing.forget(before=at - timedelta(hours=1))
