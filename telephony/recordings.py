"""Sound that is kept, and its pieces on their way. Models of the same app as `models.py`, which loads them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Recording(models.Model):
    """Sound that is kept: a message left by the caller, or a talk recorded with the caller's consent.

    It comes in numbered pieces and is whole when its end was told, or when no piece came for long.
    """

    class Kind(models.TextChoices):
        VOICEMAIL = "voicemail", _("voice message")
        TALK = "talk", _("recorded talk")

    call = models.ForeignKey("telephony.Call", on_delete=models.CASCADE, related_name="recordings")
    leg = models.ForeignKey("telephony.Leg", on_delete=models.CASCADE, related_name="recordings")
    """Whose page sends it."""
    kind = models.CharField(max_length=10, choices=Kind)
    consent = models.ForeignKey(
        "associations.Consent", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """A talk is never recorded without one."""
    part = models.PositiveSmallIntegerField(default=1)
    """A reload begins a new part: two recordings are never joined."""
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    """When the newest piece came."""
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Empty until it is whole, and again when it was deleted."""
    deleted_at = models.DateTimeField(null=True)
    proof = models.JSONField(default=dict)
    """Of the deletion: size and SHA-256 of what was deleted, and why."""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "kind", "part"], name="recording_part_once"),
            models.CheckConstraint(
                condition=models.Q(kind="voicemail") | models.Q(consent__isnull=False),
                name="talk_needs_consent",
            ),
        ]


class Piece(models.Model):
    """A numbered piece of a recording on its way; gone once the recording is whole."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["recording", "number"], name="piece_number_once")
        ]
