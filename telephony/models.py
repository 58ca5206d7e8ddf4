"""Telephone calls.

Words: a *call* is one conversation by telephone, on a *line*: the *desk line* (the advisor answers any
telephone and types the number), the *web line* (voice between two browsers), a *telephone line*
whose exchange reports to the line hook, or the *public network* (any telephone, to a browser). What is known of a call is its *events*, which only grow; its
state is reckoned from them (`facts.py`) and kept beside them. A *leg* is one person's end of the call,
a *turn* the n-th time an advisor took it, a *timer* something due on it. Who called and what was said
at the start is in the *payload*, which can be deleted; events hold nothing personal. Claim, load and
figures live in queues.
"""

import secrets
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.models import Tongue
from helpdesk.associations.numbers import Number, NumberField
from telephony import comparisons, dials, recordings  # noqa: F401 - models of this app too
from telephony.facts import LIVE, VOICE, Fact, Known, State, Why
from telephony.querysets import CallQuerySet, LegQuerySet, TimerQuerySet

USER = settings.AUTH_USER_MODEL


def code() -> str:
    """By which a caller's page names its call: random, says nothing."""
    return secrets.token_urlsafe(12)


class Call(models.Model):
    class Line(models.TextChoices):
        DESK = "desk", _("desk telephone")
        WEB = "web", _("web line")
        HOOK = "hook", _("telephone line")
        PUBLIC = "public", _("public telephone network")

    class Direction(models.TextChoices):
        IN = "in", _("incoming")
        OUT = "out", _("outgoing")

    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=10, choices=Line, default=Line.DESK)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    code = models.CharField(max_length=24, unique=True, default=code)
    state = models.CharField(max_length=10, choices=State, default=State.ARRIVING)
    """Reckoned from the events in the transaction that writes one."""
    turn = models.PositiveSmallIntegerField(default=0)
    """How often it was taken."""
    language = models.CharField(max_length=3, blank=True)
    """Code of accounts.Tongue, as the caller chose."""
    user = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="calls")
    """Who has, or had, the newest turn."""
    ticket = models.ForeignKey(
        "tickets.Ticket", null=True, on_delete=models.SET_NULL, related_name="calls"
    )
    """On the desk line known at the wrap-up, or from the start when it is a call owed."""
    started_at = models.DateTimeField()
    """It rang."""
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """The voice is gone; the wrap-up goes on."""
    wrapped_at = models.DateTimeField(null=True)
    talk_seconds = models.PositiveIntegerField(default=0)
    hold_seconds = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    """Raised whenever a page that shows the call would show something else; all that a poke carries."""
    recording_consent = models.ForeignKey(
        "associations.Consent", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The caller's word that this very talk may be recorded; empty = it is not."""
    papers = models.JSONField(default=list)
    """Papers given while it lasted: [{"code", "language", "form", "filled"}]; the wrap-up writes them
    into the ticket."""
    key = models.CharField(max_length=60, unique=True)

    objects: ClassVar[CallQuerySet] = CallQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-started_at"]
        permissions = [
            ("listen_in", "listen to calls of the team"),
            ("keep_prompts", "record what callers hear"),
        ]
        indexes = [
            models.Index(
                fields=["started_at"],
                condition=models.Q(state__in=[str(one) for one in LIVE]),
                name="call_live",
            ),
            models.Index(
                fields=["user"], condition=models.Q(wrapped_at=None), name="call_unwrapped"
            ),
        ]

    @property
    def tongue(self) -> str:
        """The language the caller chose, in words."""
        return str(dict(Tongue.choices).get(self.language, ""))

    @property
    def number(self) -> Number | None:
        """None = withheld, or deleted since."""
        payload = getattr(self, "payload", None)
        return (payload.number or None) if payload else None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def has_voice(self) -> bool:
        """An advisor has it and it has not ended."""
        return self.state in VOICE

    @property
    def waited(self) -> int:
        """Seconds until somebody spoke, or until it ended."""
        until = self.answered_at or self.ended_at or self.started_at
        return max(0, int((until - self.started_at).total_seconds()))

    @property
    def seconds(self) -> int:
        """Length of the conversation so far known."""
        began = self.answered_at or self.started_at
        return max(0, int(((self.ended_at or began) - began).total_seconds()))


class CallPayload(models.Model):
    """What is personal about a call. Deleted by retention and erasure; the call stays countable."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="payload")
    number = NumberField(blank=True, default="", db_index=True)
    """Empty = withheld."""
    name = models.CharField(max_length=120, blank=True)
    words = models.TextField(blank=True)
    """What the caller wrote before calling."""


class CallEvent(models.Model):
    """One thing known of a call. Only ever added to: the database refuses change; it goes only with its call."""

    class Source(models.TextChoices):
        WEBHOOK = "webhook", _("the exchange")
        BROWSER = "browser", _("a page")
        USER = "user", _("a person")
        CLOCK = "clock", _("the clock")
        RECONCILE = "reconcile", _("reconciliation")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Fact)
    turn = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    user = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    key = models.CharField(max_length=120, unique=True)
    """The same happening told twice has the same key."""

    class Meta:
        ordering = ["at", "pk"]

    @property
    def known(self) -> Known:
        return Known(self.kind, self.at, self.turn, self.step, self.why, self.user_id)


class Leg(models.Model):
    """One person's end of a call."""

    class Role(models.TextChoices):
        CALLER = "caller", _("caller")
        ADVISOR = "advisor", _("advisor")
        SUPERVISOR = "supervisor", _("supervisor")

    class Mode(models.TextChoices):
        ON = "on", _("speaks and hears")
        MUTE = "mute", _("hears only")
        HOLD = "hold", _("on hold")
        CONSULT = "consult", _("speaks with the colleague only")
        LISTEN = "listen", _("listens")
        WHISPER = "whisper", _("speaks to the advisor only")
        BARGE = "barge", _("speaks to both")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="legs")
    role = models.CharField(max_length=10, choices=Role)
    user = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    """Empty for the caller."""
    turn = models.PositiveSmallIntegerField(default=0)
    """Of an advisor: the turn the leg belongs to; 0 while only consulted."""
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ON)
    made_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    """The voice was there."""
    seen_at = models.DateTimeField(null=True)
    """Its page was last heard of."""
    silent_since = models.DateTimeField(null=True)
    """The page said it is being left, or the other side hears nothing."""
    left_at = models.DateTimeField(null=True)

    objects: ClassVar[LegQuerySet] = LegQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "user"],
                condition=models.Q(left_at=None),
                name="one_leg_a_user",
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=models.Q(left_at=None, role="caller"),
                name="one_caller_a_call",
            ),
        ]

    @property
    def is_here(self) -> bool:
        return self.left_at is None

    @property
    def heard_at(self) -> datetime:
        """Since when its page is silent, or when it was last heard of."""
        return self.silent_since or self.seen_at or self.made_at

    def was_seen(self, *, since: datetime) -> bool:
        return self.seen_at is not None and self.seen_at >= since


class Timer(models.Model):
    """Something due on a call. Run once, by compare-and-set, by a sweep of each second."""

    class Kind(models.TextChoices):
        JOIN = "join", _("the advisor's voice must be there")
        LONG_WAIT = "long-wait", _("waited too long")
        CALLER_SILENT = "caller", _("the caller's page is not heard of")
        ADVISOR_SILENT = "advisor", _("the advisor's page is not heard of")
        NO_END = "no-end", _("no end was told")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="timers")
    kind = models.CharField(max_length=10, choices=Kind)
    turn = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[TimerQuerySet] = TimerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "kind", "turn"], name="timer_once_a_turn")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="timer_due")
        ]
