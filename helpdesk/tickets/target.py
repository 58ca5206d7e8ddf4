"""The working time that a request has: for its first answer, and for the whole of it.

Words: a target *runs* while the next word is ours, and *rests* while the asker is waited for. What is
left is kept as it was when the clock last began to run; every due moment is reckoned from that, so
that nothing is lost or won by resting, nor when hours or holidays change meanwhile.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from helpdesk.tickets.querysets import TargetQuerySet
from helpdesk.tickets.rules import UNANSWERED_STATES


class Target(models.Model):
    """Due moments of one ticket; the one of the first answer stands on the ticket itself."""

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.CASCADE, related_name="target")
    schedule = models.ForeignKey(
        "hours.Schedule", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Whose hours count; empty = the office week."""
    answer_in = models.DurationField()
    resolve_in = models.DurationField()
    """The whole targets, in working time."""
    answer_left = models.DurationField()
    resolve_left = models.DurationField()
    """What was left of them at `counted_at`, or where it rests; negative when overdue."""
    counted_at = models.DateTimeField()
    """When the clock last began to run."""
    rests_since = models.DateTimeField(null=True)
    """The next word is the asker's since then; empty = it runs."""
    answer_near_at = models.DateTimeField(null=True)
    resolve_near_at = models.DateTimeField(null=True)
    """From when on little is left; empty while it rests."""
    resolve_due_at = models.DateTimeField(null=True)
    """Empty while it rests."""
    reckoned_at = models.DateTimeField()
    """With the hours and holidays of that moment."""
    answer_told_at = models.DateTimeField(null=True)
    resolve_told_at = models.DateTimeField(null=True)
    """When the thread was told that it is late: once each."""

    answer_due_at: datetime
    """As reckoned just now; it is kept on the ticket."""

    objects: ClassVar[TargetQuerySet] = TargetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["resolve_due_at"],
                condition=models.Q(rests_since=None),
                name="target_running",
            )
        ]


class Timed:
    """Properties of `Ticket`: what is owed next, until when, and from when on that is near."""

    state: str
    first_answered_at: datetime | None
    answer_due_at: datetime | None

    @property
    def owes_answer(self) -> bool:
        """A first answer is awaited from the centre: not while the asker is waited for."""
        return self.first_answered_at is None and self.state in UNANSWERED_STATES

    @property
    def due_at(self) -> datetime | None:
        """When the first answer is due, or after it the end; None while the next word is not ours."""
        if self.owes_answer:
            return self.answer_due_at
        return self._kept("resolve_due_at") if self.state in UNANSWERED_STATES else None

    @property
    def near_at(self) -> datetime | None:
        """When a fifth of that time is left; None where no target was kept."""
        return self._kept("answer_near_at" if self.owes_answer else "resolve_near_at")

    def _kept(self, name: str) -> Any:
        return getattr(getattr(self, "target", None), name, None)
