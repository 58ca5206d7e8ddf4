"""Which associations, persons, mandates and deadlines. `visible_to` is the only door to rows."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections, models
from django.db.models import F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from helpdesk.accounts.scope import Scope
from helpdesk.associations import names

WARN_DAYS = 7
"""Days before a deadline from which people are reminded and staff should call."""
LOOKED_AT = 1000
"""Rows that a quick look-up weighs: a first name that thousands share stays as fast as a rare one."""


class NameWordQuerySet(models.QuerySet[Any]):
    def beginning(self, start: str) -> "NameWordQuerySet":
        """Words that begin so, by the index on either database.

        PostgreSQL reads `LIKE 'x%'` from the pattern index that Django makes; SQLite's LIKE ignores
        case and with it every index, so there it is a range.
        """
        if connections[self.db].vendor == "sqlite":
            return self.filter(word__gte=start, word__lt=start + chr(0x10FFFF))
        return self.filter(word__startswith=start)

    def like(self, start: str, keys: list[str]) -> "NameWordQuerySet":
        """Words that begin so, or sound so in the other script."""
        return self.beginning(start) | self.filter(word__in=keys)


class _Named(models.QuerySet[Any]):
    """Rows found by their name words; `_of` names the owner in NameWord."""

    _of = ""

    def named(self, text: str) -> Any:
        """All whose name has a word for every telling word of the text, in either script."""
        rows = self
        for word, keys in names.question(names.clean(text)):
            rows = rows.filter(pk__in=self._owners(word, keys))
        return rows

    def looked_up(self, text: str) -> Any:
        """As `named`, for suggestions while somebody speaks: none for a text that tells nothing."""
        asked = names.question(names.clean(text))
        if not asked:
            return self.none()
        owners = self._owners(*asked[0])
        for word, keys in asked[1:]:
            others = self._words().like(word, keys).filter(**{self._of: OuterRef(self._of)})
            owners = owners.filter(models.Exists(others))
        return self.filter(pk__in=owners[:LOOKED_AT])

    def _words(self) -> NameWordQuerySet:
        rows: NameWordQuerySet = self.model._meta.get_field("name_words").related_model.objects
        return rows.using(self.db).exclude(**{self._of: None})

    def _owners(self, word: str, keys: list[str]) -> Any:
        return self._words().like(word, keys).values(f"{self._of}_id")


class AssociationQuerySet(_Named):
    _of = "association"

    def visible_to(self, user: Any) -> "AssociationQuerySet":
        """Those of the centres and provinces the user is posted to; a member's own."""
        scope = Scope.of(user)
        if scope.can("associations.view_association"):
            return self.filter(scope.rows(team=None))
        if user.is_authenticated:
            return self.filter(mandates__person__user=user).distinct()
        return self.none()

    def with_next_deadline(self) -> "AssociationQuerySet":
        """Each with `next_due_on`, the nearest deadline of concern; one that passed comes first."""
        open_ = self.model._meta.get_field("deadlines").related_model.objects.open()
        nearest = open_.filter(association=OuterRef("pk")).order_by().values("association")
        return self.annotate(
            next_due_on=Subquery(nearest.annotate(due=Min("due_on")).values("due"))
        )


class PersonQuerySet(_Named):
    _of = "person"

    def with_number(self, number: Any) -> "PersonQuerySet":
        """Who was reached at that number, the most recent first."""
        return self.unmerged().filter(phones__number=number).order_by("-phones__last_used_at")

    def of_address(self, email: str) -> "PersonQuerySet":
        """Who has this e-mail, or goes on for somebody who had it."""
        had = self.model.objects.filter(email=email)
        goes_on = had.values(goes_on=Coalesce("merged_into", "pk"))
        return self.filter(pk__in=goes_on).order_by("pk")

    def unmerged(self) -> "PersonQuerySet":
        """Without those who turned out to be somebody else here."""
        return self.filter(merged_into=None)

    def visible_to(self, user: Any) -> "PersonQuerySet":
        """People of the centres the user works for; oneself otherwise."""
        scope = Scope.of(user)
        if scope.can("associations.view_association"):
            return self.filter(centre_id__in=scope.centres)
        return self.filter(user=user) if user.is_authenticated else self.none()


class MandateQuerySet(models.QuerySet[Any]):
    def held(self, *, on: date) -> "MandateQuerySet":
        """Begun and not ended on that day."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on)
        )

    def visible_to(self, user: Any) -> "MandateQuerySet":
        scope = Scope.of(user)
        if scope.can("associations.view_association"):
            return self.filter(scope.rows(team=None, prefix="association__"))
        return self.filter(person__user=user) if user.is_authenticated else self.none()


class LegalDeadlineQuerySet(models.QuerySet[Any]):
    def running(self) -> "LegalDeadlineQuerySet":
        return self.filter(state="running")

    def open(self) -> "LegalDeadlineQuerySet":
        """Still of concern: running, or passed without what was due."""
        return self.filter(state__in=["running", "passed"])

    def due_by(self, day: date) -> "LegalDeadlineQuerySet":
        return self.running().filter(due_on__lte=day)

    def overdue(self, *, on: date) -> "LegalDeadlineQuerySet":
        """Still running after their last day: the sweep marks them passed."""
        return self.running().filter(due_on__lt=on)

    def to_call(self, *, on: date) -> "LegalDeadlineQuerySet":
        """The day-61 list: near and not called about, or passed and not called about since."""
        near = Q(state="running", called_at=None, due_on__lte=on + timedelta(days=WARN_DAYS))
        passed = Q(state="passed") & (Q(called_at=None) | Q(called_at__date__lte=F("due_on")))
        return self.filter(near | passed).order_by("due_on", "pk")

    def reminders_due(self, *, at: datetime) -> "LegalDeadlineQuerySet":
        """Those whose people should be told now: near and not yet reminded, or passed and untold.

        Unsure rules are for staff only. What passed more than a month ago is past telling.
        """
        today = timezone.localtime(at).date()
        near = Q(
            state="running", reminded_at=None,
            due_on__gte=today, due_on__lte=today + timedelta(days=WARN_DAYS),
        )  # fmt: skip
        passed = Q(state="passed", told_passed_at=None, due_on__gte=today - timedelta(days=30))
        return self.filter(near | passed).exclude(mark="unsure").order_by("due_on", "pk")

    def visible_to(self, user: Any) -> "LegalDeadlineQuerySet":
        """By the association; rules that nobody is sure of for staff only."""
        scope = Scope.of(user)
        if scope.can("associations.view_association"):
            return self.filter(scope.rows(team=None, prefix="association__"))
        if user.is_authenticated:
            own = Q(association__mandates__person__user=user)
            return self.filter(own).exclude(mark="unsure").distinct()
        return self.none()
