"""What people are typing, kept on the server.

Words: a *draft* is the unsent text of one person (or one visitor's browser) at one place, such as
`ticket:12:answer` or `ask`.
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
