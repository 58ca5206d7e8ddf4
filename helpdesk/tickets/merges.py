"""The row that a merge or a split leaves: what moved, so that undoing it can play it back.

Words: a *merge* puts everything of its *source* into its *target*, which goes on for both; a *split*
puts chosen entries of its source into a new request, its target. Undone, either stays as a row.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.tickets.querysets import MergeQuerySet

USER = settings.AUTH_USER_MODEL


class Merge(models.Model):
    class Act(models.TextChoices):
        MERGE = "merge", _("merge")
        SPLIT = "split", _("split")

    act = models.CharField(max_length=5, choices=Act, default=Act.MERGE)
    source = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="left_by")
    target = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="came_by")
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    """Empty = by the program: a request that held nothing but calls in vain."""
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    """Entries with their old numbers, keys of the other rows by their table, fields as they were."""
    undone_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[MergeQuerySet] = MergeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(act="merge", undone_at=None),
                name="merged_once_at_a_time",
            )
        ]
