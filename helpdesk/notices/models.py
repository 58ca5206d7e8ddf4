"""What goes out: e-mail, SMS, WhatsApp and webhooks, each a row that a sweep sends.

Words: a *notice* is due at a time, is queued, then sent, delivered or failed; `no-channel` means
nothing here can send it (an SMS without a provider: the outbox shows it all the same). It is leased
while a process sends it; an `unsure` one may have left before that process died, and leaves again
with the same message number. A *mail account* is that by which the installation's mail goes out or comes in.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.notices.mail_account import MailAccount as MailAccount
from helpdesk.notices.querysets import NoticeQuerySet
from helpdesk.notices.subscriptions import Subscription as Subscription


class Notice(models.Model):
    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", _("WhatsApp")
        WEBHOOK = "webhook", _("webhook")

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        NO_CHANNEL = "no-channel", _("no channel")
        HELD = "held", _("practice: not sent")

    key = models.CharField(max_length=120, unique=True)
    """What makes it happen once only, such as `answer:7`."""
    channel = models.CharField(max_length=10, choices=Channel)
    kind = models.CharField(max_length=30)
    """Template of the text, such as `answer-given`."""
    address = models.CharField(max_length=254)
    """Mail address or E.164 number. Personal: shown masked."""
    language = models.CharField(max_length=2, default="ar")
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.PROTECT, related_name="notices"
    )
    """Whose secret signs it; of messages to programs only."""
    reply_to = models.CharField(max_length=254, blank=True)
    in_reply_to = models.CharField(max_length=250, blank=True)
    """Message number of the mail that this one answers."""
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True)
    """What it is about, such as `ticket`, 12."""
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField()
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_why = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=12, blank=True)
    unsure = models.BooleanField(default=False)
    """An earlier attempt ended without an outcome: the receiver may have it already."""

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="queued"), name="notice_due"),
            models.Index(fields=["subject_kind", "subject_id"]),
        ]
