"""Sweep: each centre's rules in force, once a day and more often while something is left."""

from datetime import datetime

from config.retention.acts import sweep
from helpdesk.centre.models import Centre
from helpdesk.supervision.models import RetentionRule


def delete_due(*, at: datetime) -> int:
    """Rows deleted, of every centre that confirmed a rule."""
    bound = RetentionRule.objects.in_force().values("centre")
    return sum(sum(sweep(centre, at=at).values()) for centre in Centre.objects.filter(pk__in=bound))
