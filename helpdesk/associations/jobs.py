"""Sweep: deadlines whose last day is over are marked passed."""

from datetime import datetime

from django.utils import timezone

from helpdesk.associations.actions import pass_deadline
from helpdesk.associations.models import LegalDeadline

BATCH = 200


def pass_deadlines(*, at: datetime) -> int:
    """How many passed. The day is Casablanca's: a delay lasts until midnight there."""
    rows = LegalDeadline.objects.overdue(on=timezone.localtime(at).date())[:BATCH]
    return sum(pass_deadline(deadline) for deadline in rows)
