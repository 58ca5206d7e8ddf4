"""What is kept of the public network beside calls and legs.

Words: a *voice* is one telephone call as Twilio counts them, a caller's or of an advisor's page; it carries
a leg. A *room* is where the voices of a conversation meet, and has a name that says nothing. An *order* is
a request that goes out to Twilio, written down with what made it necessary. A *text* is an SMS or a WhatsApp
message. A *sound* is what is heard of a prompt in a language.
"""

import secrets
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from telephony.models import Call, Leg
from telephony.providers.twilio.check_models import Finding, FindingQuerySet, LineCheck
from telephony.providers.twilio.media_models import Media, MediaQuerySet
from telephony.providers.twilio.prompt_models import Sound, SoundQuerySet
from telephony.providers.twilio.tape_models import Stray, Tape

__all__ = [
    "Correspondent", "Finding", "FindingQuerySet", "LineCheck", "Media", "MediaQuerySet", "Order", "OrderQuerySet", "Room", "Sound",
    "SoundQuerySet", "Stray", "Tape", "Text", "Voice", "name",
]  # fmt: skip


def name() -> str:
    """Of a room, or of an end in it: random, letters and digits only."""
    return secrets.token_hex(12)


class Room(models.Model):
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=24, unique=True, default=name)
    sid = models.CharField(max_length=34, blank=True)
    """As Twilio names it while it lasts: known from the first that it tells of it."""
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """The conversation in it is over for us, whatever is told of it later."""

    class Meta:
        ordering = ["pk"]


class Voice(models.Model):
    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="voices")
    sid = models.CharField(max_length=34, unique=True)
    claim = models.CharField(max_length=80, null=True, unique=True)
    """The code it was let in with, that nobody uses again; empty for a caller."""
    label = models.CharField(max_length=24, default=name)
    line_sid = models.CharField(max_length=34, blank=True)
    """The line at Twilio in which the caller was last heard of."""
    room = models.ForeignKey(Room, null=True, on_delete=models.SET_NULL, related_name="voices")
    """Where it is, or was told to go."""
    made_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    """Was heard in the room."""
    left_at = models.DateTimeField(null=True)
    """Was gone from the room; may be told before it joined."""
    ended_at = models.DateTimeField(null=True)
    hold = models.BooleanField(default=False)
    """As it was last told to be, like the two below."""
    muted = models.BooleanField(default=False)
    coach = models.CharField(max_length=34, blank=True)
    """The voice that alone hears it."""

    class Meta:
        ordering = ["pk"]

    @property
    def is_in(self) -> bool:
        """It sounds in its room, as far as was told."""
        if self.joined_at is None or self.ended_at is not None:
            return False
        return self.left_at is None or self.left_at < self.joined_at


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.filter(done_at=None)

    def due(self, *, at: datetime) -> "OrderQuerySet":
        """To be sent by now, in the order in which they were written."""
        return self.open().filter(due_at__lte=at).order_by("pk")

    def set_aside(self) -> "OrderQuerySet":
        """Tried in vain until nobody tries any more."""
        return self.filter(done_at__isnull=False).exclude(error="")


class Order(models.Model):
    class Kind(models.TextChoices):
        DIAL = "dial", "somebody is called into the room"
        MOVE = "move", "the caller goes into the room"
        PARK = "park", "the caller goes back to the line"
        SET = "set", "hold, mute or whisper"
        DROP = "drop", "out of the room"
        CLOSE = "close", "the room ends"
        END = "end", "the voice ends"
        FETCH = "fetch", "a message is fetched"
        FORGET = "forget", "its sound is deleted at Twilio"
        TAPE = "tape", "a talk is recorded, or not any more"
        LOOK = "look", "who is in the room is asked"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="orders")
    kind = models.CharField(max_length=6, choices=Kind)
    voice = models.ForeignKey(Voice, null=True, on_delete=models.CASCADE, related_name="orders")
    room = models.ForeignKey(Room, null=True, on_delete=models.CASCADE, related_name="orders")
    data = models.JSONField(default=dict)
    """Of `dial`: {"label", "unsure"}: how the one called is named there, and that it may have been sent; of `set`: {"hold", "muted", "coach"}, those that change; of `fetch`: {"recording", "seconds"}; of
    `forget` {"recording", "size", "sha256"} besides: the proof of what was kept before it was deleted."""
    key = models.CharField(max_length=80, null=True, unique=True)
    """What is ordered once only."""
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """When to send it; while it is under way, when to send it again should nobody come back."""
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    """Sent, not needed any more, or given up (then with `error`)."""
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    """Kind of what the last try met and Twilio's number for it; never its words."""

    objects: ClassVar[OrderQuerySet] = OrderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="twilio_order_due")
        ]


class Text(models.Model):
    """One SMS or WhatsApp message that went out, as Twilio tells of it."""

    sid = models.CharField(max_length=34, unique=True)
    notice = models.ForeignKey(
        "notices.Notice", null=True, on_delete=models.CASCADE, related_name="texts"
    )
    """Empty while it is told of before the answer to our request is here."""
    state = models.CharField(max_length=20, blank=True)
    """The furthest that was told: it never goes back."""
    error = models.CharField(max_length=10, blank=True)
    """Twilio's number for why it was not delivered."""


class Correspondent(models.Model):
    """Somebody who has written by a channel of texts. The number itself is not kept here."""

    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=10)
    heard_at = models.DateTimeField(null=True)
    """When they last wrote: WhatsApp takes free words for a day from then."""
    stopped_at = models.DateTimeField(null=True)
    """When they asked for no more texts."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "channel"], name="correspondent_once")
        ]
