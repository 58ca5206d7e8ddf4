"""Who asks.

Words: an *association* has a life stage and a legal status; a *person* may hold *mandates* in several,
each with dates; every field of a person may be empty, because an anonymous contact is a full one.
A nameless association "in formation" stands for founders who have none yet. A *legal deadline* is
one run of the procedure clock: an event, the day it falls due, the rule, its citation and its mark.
A *name word* is one word (or key, `names.py`) by which an association or a person is found.
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.associations import clock
from helpdesk.associations.numbers import NumberField
from helpdesk.associations.querysets import (
    AssociationQuerySet,
    LegalDeadlineQuerySet,
    MandateQuerySet,
    NameWordQuerySet,
    PersonQuerySet,
)
from helpdesk.associations.rules import LegalStatus, Office, Stage
from helpdesk.centre.territory import province_name
from knowledge.articles.rules import Mark


class Association(models.Model):
    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    folded = models.CharField(max_length=420, blank=True, db_index=True)
    """Both names as `names.fold` makes them; look-up goes by `NameWord`."""
    in_formation = models.BooleanField(default=False)
    """Founders who have no name yet."""
    stage = models.CharField(_("life stage"), max_length=30, choices=Stage, default=Stage.ACTIVE)
    legal_status = models.CharField(
        _("legal status"), max_length=30, choices=LegalStatus, default=LegalStatus.DECLARED
    )
    province = models.CharField(_("province"), max_length=6, blank=True, db_index=True)
    commune = models.CharField(_("commune"), max_length=120, blank=True)
    seat = models.CharField(_("seat"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    filed_on = models.DateField(_("file deposited on"), null=True, blank=True)
    provisional_on = models.DateField(_("provisional receipt of"), null=True, blank=True)
    final_on = models.DateField(_("final receipt of"), null=True, blank=True)
    mandate_ends_on = models.DateField(_("mandate of the board ends on"), null=True, blank=True)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[AssociationQuerySet] = AssociationQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """Name in the reader's language, else the other, else "in formation"."""
        first, second = self.name_ar, self.name_fr
        if get_language() == "fr":
            first, second = second, first
        return first or second or str(_("association in formation"))

    @property
    def province_name(self) -> str:
        return province_name(self.province)


class Person(models.Model):
    centre = models.ForeignKey("centre.Centre", on_delete=models.PROTECT, related_name="+")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="person",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=120, blank=True)
    """In whatever script the person uses."""
    other_name = models.CharField(_("name in the other script"), max_length=120, blank=True)
    folded = models.CharField(max_length=250, blank=True, db_index=True)
    language = models.CharField(_("language of the pages"), max_length=2, default="ar")
    speaks = models.CharField(_("speaks"), max_length=3, blank=True)
    """Code of accounts.Tongue."""
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    added_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="absorbed",
        db_index=False,
    )  # fmt: skip
    """The person whom this row turned out to be: always the last of a chain."""
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["merged_into"],
                condition=~models.Q(merged_into=None),
                name="person_merged",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.other_name or str(_("anonymous"))


class PersonMerge(models.Model):
    """Two rows were one person: what moved, so that undoing it can play it back."""

    source = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="left_by")
    target = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="came_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    """Keys of the rows by their table, and fields as they were."""
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(undone_at=None),
                name="person_merged_once_at_a_time",
            )
        ]


class Phone(models.Model):
    """A number a person was reached at. Several persons may share one telephone."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    number = NumberField(db_index=True)
    last_used_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_used_at"]
        constraints = [
            models.UniqueConstraint(fields=["number", "person"], name="phone_once_a_person")
        ]


class Mandate(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="mandates")
    office = models.CharField(_("office"), max_length=20, choices=Office, default=Office.MEMBER)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("document that says so"), max_length=200, blank=True)

    objects: ClassVar[MandateQuerySet] = MandateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["office", "-starts_on"]

    def is_held(self, on: date) -> bool:
        """Begun and not ended on that day; without dates it is held."""
        begun = self.starts_on is None or self.starts_on <= on
        return begun and (self.ends_on is None or self.ends_on >= on)


class Consent(models.Model):
    class Purpose(models.TextChoices):
        CONTACT = "contact", _("to be contacted about this question")
        RECORDING = "recording", _("recording of the call")
        REFERRAL = "referral", _("passing the file to somebody else")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class LegalDeadline(models.Model):
    class State(models.TextChoices):
        RUNNING = "running", _("running")
        MET = "met", _("met")
        PASSED = "passed", _("passed")
        DROPPED = "dropped", _("no longer counted")

    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="deadlines")
    rule = models.CharField(max_length=30)
    """Code of `clock.RULES`."""
    event_on = models.DateField()
    due_on = models.DateField(db_index=True)
    citation = models.CharField(max_length=200)
    mark = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True)
    ticket_id = models.BigIntegerField(null=True, db_index=True)
    """The ticket that set it going; tickets lie above, so only their number is known here."""
    called_at = models.DateTimeField(null=True, blank=True)
    """When the centre called about it (day-61 list)."""
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    """When the notice "it falls due soon" was written, or found to have nobody to go to."""
    told_passed_at = models.DateTimeField(null=True, blank=True)
    """The same for the notice "it has passed"."""

    objects: ClassVar[LegalDeadlineQuerySet] = LegalDeadlineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "rule", "event_on"], name="deadline_once_an_event"
            )
        ]
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What falls due, in the reader's language."""
        return clock.label(self.rule)

    @property
    def citation_text(self) -> str:
        return clock.citation_text(self.rule, self.citation)

    @property
    def mark_text(self) -> str:
        return clock.mark_text(self.mark)

    @property
    def is_for_staff_only(self) -> bool:
        """A rule that nobody is sure of is never told to the association."""
        return self.mark == Mark.UNSURE

    def progress(self, *, today: date) -> clock.Progress:
        """What the drawn clock shows."""
        return clock.progress(self.rule, self.event_on, self.due_on, self.citation, today=today)


class NameWord(models.Model):
    """A word of a name. Written by `actions.naming`, never by hand."""

    word = models.CharField(max_length=40, db_index=True)
    association = models.ForeignKey(
        Association, null=True, on_delete=models.CASCADE, related_name="name_words"
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.CASCADE, related_name="name_words"
    )

    objects: ClassVar[NameWordQuerySet] = NameWordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(association=None, person__isnull=False)
                | models.Q(association__isnull=False, person=None),
                name="name_word_of_one",
            )
        ]
