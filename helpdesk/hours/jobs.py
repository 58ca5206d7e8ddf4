"""Sweep: this year's and next year's holidays are proposed, so that somebody can confirm them."""

from datetime import datetime

from django.utils import timezone

from helpdesk.hours.actions import propose


def propose_holidays(*, at: datetime) -> int:
    """How many days were new."""
    year = timezone.localtime(at).year
    return propose(year) + propose(year + 1)
