"""What people are typing, kept on the server.

Words: a *draft* is the unsent text of one person (or one visitor's browser) at one place, such as
`ticket:12:answer` or `ask`; a *viewing* says who of the desk has a page open now, and writes there.
"""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="drafts"
    )
    visitor = models.CharField(max_length=43, blank=True)
    """Random token of a visitor's browser; empty for users."""
    place = models.CharField(max_length=80)
    fields = models.JSONField(default=dict)
    """Name of the form field -> what was typed."""
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "place"], condition=~models.Q(user=None), name="one_draft_a_user"
            ),
            models.UniqueConstraint(
                fields=["visitor", "place"],
                condition=~models.Q(visitor=""),
                name="one_draft_a_visitor",
            ),
        ]


class Viewing(models.Model):
    """Somebody of the desk has a page open: told to colleagues, forgotten by the minute."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="viewings"
    )
    place = models.CharField(max_length=80, db_index=True)
    """Such as `ticket:12`."""
    seen_at = models.DateTimeField(db_index=True)
    wrote_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "place"], name="one_viewing_a_place")
        ]
