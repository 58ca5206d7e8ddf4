"""Which users, postings and audit rows."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class UserQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Any) -> "UserQuerySet":
        """People whose account `viewer` may see: those ever posted in a centre of the viewer's.

        Who manages accounts also sees those who are posted nowhere: new people and members.
        """
        centres = {
            row["team__centre_id"]
            for row in viewer.postings.in_force(on=timezone.localdate()).values("team__centre_id")
        }
        posted = Q(postings__team__centre__in=centres)
        if viewer.has_perm("accounts.manage_users"):
            return self.filter(posted | Q(postings=None)).distinct()
        if viewer.has_perm("accounts.post_user"):
            return self.filter(posted).distinct()
        return self.none()

    def named_like(self, text: str) -> "UserQuerySet":
        """Part of a name in either script, of the user name or of the e-mail address."""
        fields = ("username", "name_ar", "name_fr", "email")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": text})
        return self.filter(found)

    def for_list(self, *, on: date) -> "UserQuerySet":
        """With roles and the postings in force that day (`current`), in three queries."""
        postings = self.model._meta.get_field("postings").related_model.objects
        held = postings.in_force(on=on).select_related("team__centre")
        return self.prefetch_related(
            "groups", models.Prefetch("postings", held, to_attr="current")
        ).order_by("-is_active", "username")

    def in_role(self, *roles: str) -> "UserQuerySet":
        return self.filter(groups__name__in=roles).distinct()

    def in_team(self, team: Any, *, on: date) -> "UserQuerySet":
        """Users posted to `team` on that day, of whom who practises is in no real one."""
        real = Q(practising=None, postings__team__centre__practice_of=None)
        return self.filter(
            Q(postings__ends_on=None) | Q(postings__ends_on__gte=on),
            real | Q(practising=F("postings__team__centre")),
            postings__team=team,
            postings__starts_on__lte=on,
            is_active=True,
        ).distinct()


class PostingQuerySet(models.QuerySet[Any]):
    def of(self, user: Any, *, on: date) -> "PostingQuerySet":
        """Postings that hold for `user` on that day."""
        return self.filter(user=user).in_force(on=on)

    def in_force(self, *, on: date) -> "PostingQuerySet":
        """On that day. Of somebody who practises those in the practice, of everybody else the real ones."""
        real = Q(user__practising=None, team__centre__practice_of=None)
        return self.held(on=on).filter(real | Q(user__practising=F("team__centre")))

    def held(self, *, on: date) -> "PostingQuerySet":
        """On that day, whoever practises."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class TeamQuerySet(models.QuerySet[Any]):
    def postable_by(self, viewer: Any) -> "TeamQuerySet":
        """Teams to which `viewer` may post people."""
        held = viewer.postings.in_force(on=timezone.localdate())
        if viewer.has_perm("accounts.manage_users"):
            return self.filter(centre__in=held.values("team__centre"))
        if viewer.has_perm("accounts.post_user"):
            return self.filter(pk__in=held.values("team"))
        return self.none()


class AuditQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Any) -> "AuditQuerySet":
        """What people of the viewer's centres did; acts of the clock and the command line are everybody's,
        and so is everything where there is no other centre."""
        if not viewer.has_perm("accounts.read_audit"):
            return self.none()
        centres = viewer.postings.in_force(on=timezone.localdate()).values("team__centre")
        real = apps.get_model("centre.Centre").objects.real()
        if not real.exclude(pk__in=centres).exists():
            return self.all()
        people = self.model._meta.get_field("user").related_model.objects
        ours = people.filter(
            Q(postings__team__centre__in=centres) | Q(person__centre__in=centres) | Q(pk=viewer.pk)
        )
        return self.filter(Q(user=None) | Q(user__in=ours.values("pk")))

    def matching(
        self, *, act: str = "", who: str = "", kind: str = "", subject: int | None = None,
        since: date | None = None, until: date | None = None,
    ) -> "AuditQuerySet":  # fmt: skip
        """By act, user name, model name and number of what it was about, and days of Casablanca, both
        counting; empty means any."""
        wanted: dict[str, Any] = {
            "act": act, "user__username": who, "subject_kind": kind, "subject_id": subject,
            "at__gte": _midnight(since), "at__lt": _midnight(until, after=1),
        }  # fmt: skip
        return self.filter(**{field: value for field, value in wanted.items() if value})

    def newest(self) -> "AuditQuerySet":
        return self.select_related("user").order_by("-pk")

    def chained_rows(self) -> "AuditQuerySet":
        return self.exclude(chained="").order_by("pk")

    def unchained(self) -> "AuditQuerySet":
        return self.filter(chained="").order_by("pk")

    def update(self, **kwargs: Any) -> int:
        """Only the chain may be filled in, once."""
        if set(kwargs) != {"chained"}:
            raise TypeError("audit rows are never changed")
        return super().update(**kwargs)

    def delete(self) -> Any:
        raise TypeError("audit rows are never deleted")


def _midnight(day: date | None, *, after: int = 0) -> datetime | None:
    if day is None or day.year >= 9999:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), time.min))
