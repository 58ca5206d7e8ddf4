"""Who waits, who takes.

Words: a *queue* belongs to a team and takes themes and languages in its hours; a *waiting* row is one
contact that nobody has taken yet, whatever its channel, and is *claimed* by one conditional update;
an *offer* shows it to one advisor first, for twenty seconds; *presence* is what an advisor says of
themselves, and when their desk was last seen; a *serving* puts an advisor on one queue first, for a
day; a *spell* is a stretch of presence that is over or goes on; *handling* is the work on one contact, with its seconds of talk, hold and wrap-up. All figures of
all channels come from waiting and handling.
"""

from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.hours.rules import Timetable
from helpdesk.hours.timetables import timetable_of
from helpdesk.queues.querysets import (
    HandlingQuerySet,
    PresenceQuerySet,
    PresenceSpellQuerySet,
    QueueQuerySet,
    ServingQuerySet,
    WaitingQuerySet,
)
from helpdesk.queues.rules import Ended, Waits
from helpdesk.tickets.rules import Channel, Help, Outcome

USER = settings.AUTH_USER_MODEL
CLOSED_MOST = 300
"""Signs of a text of a closed queue: so much is listened to on a telephone."""


class Queue(models.Model):
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="queues")
    name_ar = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    themes = models.ManyToManyField("articles.Theme", blank=True, related_name="queues")
    """Empty = every theme."""
    languages = models.JSONField(default=list, blank=True)
    """Codes of accounts.Tongue; empty = every language."""
    schedule = models.ForeignKey(
        "hours.Schedule", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_minutes = models.PositiveIntegerField(default=8 * 60)
    """Target for the first answer to a written question, in working time."""
    resolve_minutes = models.PositiveIntegerField(default=5 * 8 * 60)
    """Target for the whole of a question, in working time."""
    wait_seconds = models.PositiveIntegerField(default=60)
    """Target for taking a live contact."""
    overflow_minutes = models.PositiveSmallIntegerField(default=10)
    """After so long a caller is offered a call-back or a message."""
    push_live = models.BooleanField(default=True)
    """Calls and chats are offered to one advisor after the other."""
    push_written = models.BooleanField(default=False)
    """So are written questions."""
    rank = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    """Closed until then whatever the hours say; what comes in waits all the same."""
    paused_ar = models.CharField(max_length=200, blank=True)
    paused_fr = models.CharField(max_length=200, blank=True)
    """Why, in the words that askers read."""
    closed_ar = models.CharField(max_length=CLOSED_MOST, blank=True)
    closed_fr = models.CharField(max_length=CLOSED_MOST, blank=True)
    """What askers read and hear outside its hours, before the time it opens; both or none."""

    objects: ClassVar[QueueQuerySet] = QueueQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rank", "pk"]
        permissions = [
            ("view_board", "see the board"),
            ("steer_desk", "pause queues, move advisors, write to the desk"),
            ("set_queue", "set hours and targets of a queue"),
        ]

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar

    @cached_property
    def timetable(self) -> Timetable:
        """Its hours, read once for each row in memory: a page asks several things of them."""
        return timetable_of(self.schedule)

    def is_paused(self, *, at: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > at

    @property
    def pause_text(self) -> str:
        """Why it is paused, in the reader's language, else in the other."""
        texts = (self.paused_ar, self.paused_fr)
        return (texts[1] or texts[0]) if get_language() == "fr" else (texts[0] or texts[1])

    @property
    def closed_text(self) -> str:
        """What is said while it is closed, in the reader's language; empty where only the time is."""
        return self.closed_fr if get_language() == "fr" else self.closed_ar


class Serving(models.Model):
    """For one day an advisor serves one queue first: what waits there comes before the rest."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="servings")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="servings")
    day = models.DateField()
    set_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects: ClassVar[ServingQuerySet] = ServingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="serves_one_queue_a_day")
        ]


class Waiting(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="waitings")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="waitings")
    channel = models.CharField(max_length=10, choices=[*Channel.choices, *Waits.choices])
    """The channel of who is there or of what was written; else what a caller left behind."""
    language = models.CharField(max_length=3)
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    """When the queue's target is passed."""
    claimed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """Left the queue: claimed, or gone without being taken."""
    ended_how = models.CharField(max_length=10, choices=Ended, blank=True)
    is_again = models.BooleanField(default=False)
    """Somebody spoke with them before: the wait after a transfer or a lost voice, no new contact."""
    offered_to = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    offered_at = models.DateTimeField(null=True, blank=True)
    """When the newest offer began; an old one says when somebody was last asked."""
    passed = models.JSONField(default=list, blank=True)
    """Numbers of the users who let the offer go by in this round."""

    objects: ClassVar[WaitingQuerySet] = WaitingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(ended_at=None), name="waiting_once_a_ticket"
            ),
            models.UniqueConstraint(
                fields=["offered_to"], condition=models.Q(ended_at=None), name="one_offer_a_user"
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "since"], condition=models.Q(ended_at=None), name="waiting_now"
            ),
            models.Index(
                fields=["since"], condition=models.Q(ended_at=None), name="waiting_longest"
            ),
            models.Index(fields=["channel", "since"], name="waiting_came"),
        ]


class Presence(models.Model):
    class State(models.TextChoices):
        FREE = "free", _("available")
        BUSY = "busy", _("occupied")
        BREAK = "break", _("on a break")
        AWAY = "away", _("away")

    user = models.OneToOneField(USER, on_delete=models.CASCADE, related_name="presence")
    state = models.CharField(max_length=6, choices=State, default=State.AWAY)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    """When the person's desk last spoke: by its socket, or by asking for its lists."""
    ignored = models.PositiveSmallIntegerField(default=0)
    """Live offers that ran out in a row; anything taken, declined or said begins anew."""
    sent_at = models.DateTimeField(null=True, blank=True)
    """When ignored offers put the person on a break; empty once they say anything of themselves."""
    away_since = models.DateTimeField(null=True, blank=True)
    """Of who practises: since when they are away from the real desk; the rest of the row is of the practice.
    Empty = they do not practise, or had said nothing of themselves before."""

    objects: ClassVar[PresenceQuerySet] = PresenceQuerySet.as_manager()  # type: ignore[assignment]


class PresenceSpell(models.Model):
    """A stretch in which somebody said the same of themselves and their desk was there.

    Rows are only added; the one that goes on gets its end once. Being away leaves no row.
    """

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="presence_spells")
    state = models.CharField(max_length=6, choices=Presence.State)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[PresenceSpellQuerySet] = PresenceSpellQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at=None), name="one_spell_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["user", "began_at"])]


class Handling(models.Model):
    ticket = models.ForeignKey(
        "tickets.Ticket", null=True, on_delete=models.CASCADE, related_name="handlings"
    )
    """Empty while a telephone is answered whose request is named only at the wrap-up."""
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="handlings")
    channel = models.CharField(max_length=10, choices=Channel)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    wrapped_at = models.DateTimeField(null=True)
    peace_until = models.DateTimeField(null=True)
    """Asked for by who writes it down: until then nothing else is offered."""
    talk_seconds = models.PositiveIntegerField(default=0)
    hold_seconds = models.PositiveIntegerField(default=0)
    wrapup_seconds = models.PositiveIntegerField(default=0)
    help = models.CharField(max_length=15, choices=Help, blank=True)
    outcome = models.CharField(max_length=40, choices=Outcome, blank=True)

    objects: ClassVar[HandlingQuerySet] = HandlingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["user", "-started_at"]),
            models.Index(fields=["started_at"]),
            models.Index(
                fields=["user"], condition=models.Q(wrapped_at=None), name="handling_under_way"
            ),
        ]
