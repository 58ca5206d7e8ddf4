"""Sweeps over what people were typing."""

from datetime import datetime

from helpdesk.live.actions import drop_old
from helpdesk.live.visitors import KEPT


def forget_old_drafts(*, at: datetime) -> int:
    """Drop texts nobody came back to for as long as a visitor's cookie lives."""
    return drop_old(before=at - KEPT)
