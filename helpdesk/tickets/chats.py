"""A chat: the live side of a ticket that is talked over line by line.

Words: a chat is *live* until it is ended or *turned* into a written question; it has two sides, the
*asker* and the *desk*, and for each how far it has read. What was said is in the ticket's entries.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

GONE_AFTER = timedelta(seconds=60)
"""An asker whose page was not heard of for so long has gone."""


def nonce() -> str:
    """Part of the pass by which a page without cookies is known."""
    return secrets.token_urlsafe(16)


class ChatQuerySet(models.QuerySet[Any]):
    def open(self) -> "ChatQuerySet":
        """Not ended: lines may be written."""
        return self.filter(ended_at=None)

    def live(self) -> "ChatQuerySet":
        """Open, and not turned into a written question."""
        return self.open().filter(turned_at=None)

    def over(self) -> "ChatQuerySet":
        """Ended, or a written question now."""
        return self.exclude(ended_at=None, turned_at=None)


class Chat(models.Model):
    class Side(models.TextChoices):
        ASKER = "asker", _("the asker")
        DESK = "desk", _("the centre")
        CLOCK = "clock", _("the clock")

    class Why(models.TextChoices):
        """Why it became a written question."""

        CLOSED = "closed", _("outside opening hours")
        NOBODY = "nobody", _("no advisor was there")
        LONG = "long", _("nobody was free for long")
        LEFT = "left", _("the advisor had to leave")
        ENDED = "ended", _("the asker left before an advisor came")

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.CASCADE, related_name="chat")
    nonce = models.CharField(max_length=32, default=nonce)
    """In the pass of the open page; another one shuts every page out."""
    began_at = models.DateTimeField()
    asker_read = models.PositiveIntegerField(default=0)
    """Number of the newest entry the asker was shown."""
    desk_read = models.PositiveIntegerField(default=0)
    """Number of the newest entry the advisor was shown."""
    asker_seen_at = models.DateTimeField()
    """When the asker's page was last heard of; written at most each quarter of a minute."""
    turned_at = models.DateTimeField(null=True, blank=True)
    """Became a written question; empty again when an advisor writes after all."""
    turned_why = models.CharField(max_length=10, choices=Why, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=10, choices=Side, blank=True)

    objects: ClassVar[ChatQuerySet] = ChatQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["began_at"],
                condition=models.Q(ended_at=None, turned_at=None),
                name="chat_live",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and self.turned_at is None

    def is_gone(self, *, at: datetime) -> bool:
        """The asker's page was not heard of for a minute."""
        return at - self.asker_seen_at > GONE_AFTER
