"""Recalls: the law changed, and those who were answered from the older version are told.

Words: a *recall* belongs to a version that changes advice; a request it concerns is *recalled*, and
stays *due* until its asker is told, was answered anew, is not concerned, or could not be reached.
"""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL
RECENT = timedelta(days=365)
"""An answer of a closed request counts when it went out so long before the change, or later."""
WITHIN = timedelta(days=7)
"""A call after a change of law is owed so long."""


class RecallQuerySet(models.QuerySet[Any]):
    def open(self) -> "RecallQuerySet":
        return self.filter(closed_at=None)

    def for_list(self) -> "RecallQuerySet":
        """With the article and who closed it; the open ones first, the newest first."""
        found = self.select_related("version__edition__article__theme", "closed_by")
        return found.order_by(models.F("closed_at").desc(nulls_first=True), "-opened_at")


class RecalledQuerySet(models.QuerySet[Any]):
    def due(self) -> "RecalledQuerySet":
        """Nobody has told them yet."""
        return self.filter(state="due")

    def visible_to(self, user: Any) -> "RecalledQuerySet":
        tickets = self.model._meta.get_field("ticket").related_model.objects.visible_to(user)
        return self.filter(models.Exists(tickets.filter(pk=models.OuterRef("ticket_id"))))

    def for_page(self) -> "RecalledQuerySet":
        """With all that a row shows; those still due first, the oldest answer first."""
        late = models.Case(models.When(state="due", then=0), default=1)
        return self.select_related(
            "ticket__person", "ticket__association", "ticket__assignee", "told_by", "answer",
            "promise", "recall__version__edition__article",
        ).order_by(late, "answer__released_at", "pk")  # fmt: skip

    def counts(self) -> dict[str, int]:
        """{state: how many}."""
        rows = self.order_by().values_list("state").annotate(n=models.Count("pk"))
        return dict(rows)


class Recall(models.Model):
    version = models.OneToOneField(
        "articles.Version", on_delete=models.PROTECT, related_name="recall"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    closing_note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[RecallQuerySet] = RecallQuerySet.as_manager()  # type: ignore[assignment]

    @property
    def topic(self) -> str:
        return str(self.version.edition.article.topic)


class Recalled(models.Model):
    class State(models.TextChoices):
        DUE = "due", _("to be told")
        SENT = "sent", _("message sent")
        TOLD = "told", _("told")
        ANSWERED = "answered", _("answered anew")
        SPARED = "spared", _("not concerned")
        UNREACHED = "unreached", _("not reached")

    class Way(models.TextChoices):
        MESSAGE = "message", _("by message")
        CALL = "call", _("by telephone")
        VISIT = "visit", _("in person")
        ANSWER = "answer", _("by a new answer")

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="rows")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="recalled")
    answer = models.ForeignKey("tickets.Answer", on_delete=models.CASCADE, related_name="+")
    """The last answer that gave an older version."""
    promise = models.OneToOneField(
        "tickets.Promise", null=True, on_delete=models.SET_NULL, related_name="recalled"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    way = models.CharField(max_length=10, choices=Way, blank=True)
    told_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    sendings = models.PositiveSmallIntegerField(default=0)
    """Messages written so far: the key of each is its own."""

    objects: ClassVar[RecalledQuerySet] = RecalledQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "ticket"], name="recalled_once_a_recall")
        ]
        indexes = [
            models.Index(
                fields=["recall"], condition=models.Q(state="due"), name="recalled_still_due"
            )
        ]

    @property
    def is_due(self) -> bool:
        return self.state == self.State.DUE

    @property
    def notice_key(self) -> str:
        """Of the last message to its asker."""
        return f"recall:{self.pk}:{self.sendings}"
