"""The record: what was asked, said, promised and answered.

Words: a *ticket* is one question followed to its end; an *entry* is one thing that happened in it,
numbered without gaps; an *answer* carries the versions of articles it gave and is *released* before
the asker sees it (by its author, or by a second person where four eyes are required); a *promise* is
a call owed; a *grant* opens a sealed ticket to one named user; a *dispute* joins tickets that are on
different *sides* of one quarrel; an *intake fact* is something the advisor must know to answer.
"""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.associations.numbers import NumberField
from helpdesk.associations.rules import Standing
from helpdesk.tickets import (  # noqa: F401 - Django finds them here
    chats,
    desk_models,
    opinion_models,
    querysets,
    recalls,
    rules,
    suggested,
)
from helpdesk.tickets.disputes import Dispute as Dispute
from helpdesk.tickets.disputes import DisputeSide as DisputeSide
from helpdesk.tickets.facts import AskedFact as AskedFact
from helpdesk.tickets.facts import IntakeFact as IntakeFact
from helpdesk.tickets.merges import Merge as Merge
from helpdesk.tickets.origin import Sent
from helpdesk.tickets.promise_querysets import PromiseQuerySet
from helpdesk.tickets.showing import ShownAnswer, ShownEntry, ShownPromise
from helpdesk.tickets.target import Target as Target
from helpdesk.tickets.target import Timed

USER = settings.AUTH_USER_MODEL


def reply_token() -> str:
    """Part of the reply address: may add to the ticket, never read it."""
    return secrets.token_hex(12)


class Ticket(Timed, Sent, models.Model):
    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    province = models.CharField(_("province"), max_length=6, blank=True)
    subject = models.CharField(_("subject"), max_length=160)
    theme = models.ForeignKey(
        "articles.Theme", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=rules.Channel)
    language = models.CharField(_("language"), max_length=3, default="ar")
    """Code of accounts.Tongue; what the asker speaks."""
    level = models.PositiveSmallIntegerField(choices=rules.Level, default=rules.Level.ORDINARY)
    state = models.CharField(
        _("stage"), max_length=10, choices=rules.State, default=rules.State.NEW
    )
    person = models.ForeignKey(
        "associations.Person", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="tickets",
    )  # fmt: skip
    association = models.ForeignKey(
        "associations.Association", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="tickets",
    )  # fmt: skip
    standing = models.CharField(max_length=20, choices=Standing, default=Standing.NOT_STATED)
    answer_by = models.CharField(
        max_length=10, choices=rules.AnswerBy, default=rules.AnswerBy.FOLLOW
    )
    contact_email = models.EmailField(blank=True)
    contact_number = NumberField(blank=True, default="")
    assignee = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_tickets"
    )
    help = models.CharField(_("kind of help"), max_length=15, choices=rules.Help, blank=True)
    outcome = models.CharField(_("outcome"), max_length=40, choices=rules.Outcome, blank=True)
    last = models.PositiveIntegerField(default=0)
    """Number of the newest entry; raised in the transaction that writes the entry."""
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    """When the newest entry was written."""
    filed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When subject, theme or province was last corrected: no entry tells of that."""
    filed_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    answer_due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    secret_hash = models.CharField(max_length=160, blank=True)
    """Argon2 over the 16 digits and the pepper; empty where no code was given out."""
    reply_token = models.CharField(max_length=24, unique=True, default=reply_token)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="absorbed",
        db_index=False,
    )  # fmt: skip
    """The request that goes on for this one: always the last of a chain."""

    objects: ClassVar[querysets.TicketQuerySet] = querysets.TicketQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        permissions = [
            ("read_ticket", "read tickets in scope"),
            ("handle_ticket", "claim, answer and close tickets in scope"),
            ("release_answer", "release an answer of somebody else"),
            ("read_restricted", "read restricted tickets of the team"),
            ("seal_ticket", "change a ticket's level and name who may read it"),
            ("export_rows", "export rows"),
        ]
        indexes = [
            models.Index(fields=["team", "state", "-moved_at"]),
            models.Index(fields=["team", "-moved_at"]),
            models.Index(fields=["team", "channel", "-moved_at"]),
            models.Index(fields=["team", "language", "-moved_at"]),
            models.Index(fields=["team", "answer_due_at"]),
            models.Index(fields=["team", "opened_at"], name="ticket_opened"),
            models.Index(fields=["assignee", "state", "-moved_at"]),
            models.Index(fields=["assignee", "-moved_at"]),
            models.Index(fields=["theme", "-moved_at"]),
            models.Index(fields=["province", "-moved_at"]),
            models.Index(fields=["association", "-moved_at"]),
            models.Index(fields=["person", "-moved_at"]),
            models.Index(
                fields=["team", "answer_due_at"],
                condition=models.Q(first_answered_at=None),
                name="ticket_unanswered",
            ),
            models.Index(
                fields=["team", "-moved_at"],
                condition=models.Q(assignee=None),
                name="ticket_unassigned",
            ),
            models.Index(
                fields=["merged_into"],
                condition=~models.Q(merged_into=None),
                name="ticket_merged",
            ),
            models.Index(fields=["first_answered_at"], name="ticket_answered_at"),
            models.Index(fields=["closed_at"], name="ticket_closed_at"),
            models.Index(fields=["contact_number"]),
            models.Index(fields=["contact_email"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return rules.reference(self.pk, self.opened_at)

    @property
    def is_closed(self) -> bool:
        return self.state == rules.State.CLOSED


class Entry(ShownEntry, models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=rules.Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    """The user who wrote it; empty for the asker and for the clock."""
    from_asker = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    """The asker sees it on the follow page."""
    text = models.TextField(blank=True)
    language = models.CharField(max_length=3, blank=True)
    data = models.JSONField(default=dict)
    """Facts the kind's template shows; never a telephone number."""
    key = models.CharField(max_length=120, null=True, unique=True)
    """Made by the sender; the same key twice is the same entry."""
    files = models.ManyToManyField("files.StoredFile", related_name="entries", blank=True)

    objects: ClassVar[querysets.EntryQuerySet] = querysets.EntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="entry_number_once")
        ]


class Answer(ShownAnswer, models.Model):
    class State(models.TextChoices):
        AWAITING = "awaiting", _("awaiting release")
        RETURNED = "returned", _("returned to the author")
        RELEASED = "released", _("released")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="answers")
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="answer")
    """The entry the asker sees, once released."""
    state = models.CharField(max_length=10, choices=State)
    language = models.CharField(max_length=2)
    text = models.TextField()
    help = models.CharField(max_length=15, choices=rules.Help)
    caution_version = models.CharField(max_length=20)
    four_eyes = models.BooleanField(default=False)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    released_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    returned_why = models.TextField(blank=True)
    key = models.CharField(max_length=120, null=True, unique=True)

    objects: ClassVar[querysets.AnswerQuerySet] = querysets.AnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["written_at"]
        indexes = [
            models.Index(
                fields=["written_at"], condition=models.Q(state="awaiting"), name="answer_awaiting"
            ),
            models.Index(
                fields=["author", "written_at"],
                condition=models.Q(state="awaiting"),
                name="answer_awaiting_own",
            ),
            models.Index(fields=["released_at"], name="answer_released"),
        ]


class GivenVersion(models.Model):
    """An article's version as an answer gave it, with the citations of that day."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="given")
    version = models.ForeignKey("articles.Version", on_delete=models.PROTECT, related_name="+")
    statements = models.JSONField(default=list)
    """Keys of the statements quoted; empty = the article as a whole."""
    citations = models.JSONField(default=list)
    """[{"statement", "text", "mark", "kind"}] in the version's language, frozen at writing; older rows have no kind."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="version_once_an_answer")
        ]


class Promise(ShownPromise, models.Model):
    class Kind(models.TextChoices):
        CALL_BACK = "call-back", _("call-back")
        MISSED = "missed", _("missed call")
        VOICEMAIL = "voicemail", _("voice message")
        RECALL = "recall", _("recall after a change of law")

    class State(models.TextChoices):
        OPEN = "open", _("owed")
        KEPT = "kept", _("kept")
        UNREACHED = "unreached", _("not reached")
        DROPPED = "dropped", _("dropped")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CALL_BACK)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    window_from = models.DateTimeField()
    window_until = models.DateTimeField(db_index=True)
    owed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="promises")
    made_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    """After a try in vain: not before."""
    rings = models.JSONField(default=list)
    """Calls in vain that it answers for: [{"key", "at", "kind", "short"}]."""
    told_at = models.DateTimeField(null=True)
    """Its thread says that it was not kept in time."""
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[PromiseQuerySet] = PromiseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["window_until"]
        indexes = [
            models.Index(
                fields=["owed_by", "window_until"],
                condition=models.Q(state="open"),
                name="promise_owed",
            )
        ]


class Grant(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="grants")
    given_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)
