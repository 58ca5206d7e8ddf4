"""Which tickets, entries, answers and promises. `visible_to` is the only door to rows."""

import re
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from helpdesk.accounts.scope import Scope
from helpdesk.associations.models import Mandate, Phone
from helpdesk.live.access import PUBLIC
from helpdesk.live.models import Draft
from helpdesk.tickets import desk_subqueries
from helpdesk.tickets.answer_querysets import AnswerQuerySet as AnswerQuerySet
from helpdesk.tickets.desk_models import Tag
from helpdesk.tickets.desk_subqueries import draft_place as draft_place
from helpdesk.tickets.rules import UNASKED
from helpdesk.tickets.subqueries import Listed

_REFERENCE = re.compile(r"^\s*w?[\s-]*(?:(\d{4})[\s-]+)?0*(\d{1,9})\s*$", re.IGNORECASE)


class TicketQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, *, at: datetime | None = None) -> "TicketQuerySet":
        """Tickets the user may read: centre, team and province of a posting, then the level.

        Ordinary: scope. Restricted: the assignee, seniors and supervisors of the team. Sealed: who
        has a grant. Members of associations read their own. Everybody else: none.
        """
        if not user.is_authenticated:
            return self.none()
        scope = Scope.of(user)
        if not scope.can("tickets.read_ticket"):
            return self.filter(person__user=user)
        open_level = Q(level=0) | Q(level=1, assignee=user)
        if user.has_perm("tickets.read_restricted"):
            open_level |= Q(level=1)
        granted = Q(level=2, pk__in=_granted(user, at or timezone.now()))
        return self.filter(scope.rows(), open_level | granted)

    def with_reference(self, text: str) -> "TicketQuerySet":
        """Zero or one row: `W-2026-000123`, `w 2026 123` or `123`, digits in any script."""
        found = _REFERENCE.match(text[:40].translate(_DIGITS))
        if not found or int(found[2]) > 2**53:
            return self.none()
        rows = self.filter(pk=int(found[2]))
        if found[1]:
            rows = (
                rows.filter(opened_at__year=int(found[1])) if int(found[1]) > 1900 else self.none()
            )
        return rows

    def going_on_for(self, text: str) -> "TicketQuerySet":
        """As `with_reference`, but of a merged ticket the one that goes on."""
        named = self.model.objects.with_reference(text)
        if named.query.is_empty():
            return self.none()
        return self.filter(pk__in=named.values(goes_on=Coalesce("merged_into", "pk")))

    def sent_by(self, organisation: Any) -> "TicketQuerySet":
        """What an organisation's programs sent, the newest first; never what is sealed.

        `is_kept_back`: restricted, or joined by a request that is not the organisation's.
        """
        merges = self.model._meta.get_field("came_by").related_model.objects
        joined = merges.standing().filter(act="merge", target=OuterRef("pk"))
        foreign = joined.exclude(source__organisation=organisation)
        kept_back = Q(level=1) | Q(Exists(foreign))
        rows = self.filter(organisation=organisation).exclude(level=2)
        return rows.annotate(is_kept_back=kept_back).order_by("-opened_at", "-pk")

    def unmerged(self) -> "TicketQuerySet":
        """Without those whose number only leads on to another."""
        return self.filter(merged_into=None)

    def open(self) -> "TicketQuerySet":
        return self.exclude(state="closed")

    def unanswered(self) -> "TicketQuerySet":
        return self.filter(state__in=["new", "open"], first_answered_at=None)

    def late(self, *, at: datetime) -> "TicketQuerySet":
        """Past their first-answer target."""
        return self.unanswered().filter(answer_due_at__lt=at)

    def result_due(self, *, after: datetime, before: datetime) -> "TicketQuerySet":
        """Ended between the two, or answered then and still open; not yet asked what came of it.

        Nobody is asked about what was withdrawn, refused, out of scope or never reached.
        """
        ended = Q(closed_at__gt=after, closed_at__lte=before)
        answered = Q(state="answered", first_answered_at__gt=after, first_answered_at__lte=before)
        rows = self.filter(ended | answered, result=None)
        return rows.exclude(outcome__in=UNASKED).order_by("pk")

    def overdue(self, *, at: datetime) -> "TicketQuerySet":
        """Answered once, with us again, and past the time for the whole."""
        targets = self.model._meta.get_field("target").related_model.objects
        due = targets.running().filter(resolve_due_at__lt=at).values("ticket")
        ours = self.filter(state__in=["new", "open"], first_answered_at__isnull=False)
        return ours.filter(pk__in=due)

    def breached(self, *, at: datetime) -> "TicketQuerySet":
        """The next word is ours and late: the first answer, or after it the end."""
        late = Q(state__in=["new", "open"], first_answered_at=None, answer_due_at__lt=at)
        return self.filter(late | Q(pk__in=self.model.objects.overdue(at=at).values("pk")))

    def for_list(self) -> "TicketQuerySet":
        """With everything a row of the list shows, in one query."""
        return self.select_related("theme", "person", "association", "assignee", "target")

    def for_rows(self) -> "TicketQuerySet":
        """The same for a long list: only the columns that its rows show.

        Making objects of seventy columns for fifty rows took longer than finding them.
        """
        names = ("name_ar", "name_fr")
        return self.select_related("theme", "person", "association", "assignee", "target").only(
            "subject", "channel", "level", "state", "opened_at", "moved_at", "answer_due_at",
            "first_answered_at", "target__answer_near_at", "target__resolve_near_at",
            "target__resolve_due_at", "person__name", "person__other_name",
            "assignee__username", "assignee__first_name", "assignee__last_name",
            *(f"{one}__{name}" for one in ("theme", "association", "assignee") for name in names),
        ).with_tags()  # fmt: skip

    def earlier_than(self, ticket: Any) -> "TicketQuerySet":
        """Other tickets of the same person or association, the newest first."""
        same = Q(pk__in=[])
        if ticket.person_id:
            same |= Q(person_id=ticket.person_id)
        if ticket.association_id:
            same |= Q(association_id=ticket.association_id)
        return self.unmerged().filter(same).exclude(pk=ticket.pk).order_by("-moved_at")

    def for_page(self, user: Any, pk: int, *, at: datetime) -> "TicketQuerySet":
        """With all that the head and the side of the ticket's page show, in one query."""
        office = Mandate.objects.filter(
            person=OuterRef("person"), association=OuterRef("association")
        ).order_by("-starts_on")
        draft = Draft.objects.filter(user=user, place=draft_place(pk))
        began = desk_subqueries.begun_by_others(user, pk)
        phones = Phone.objects.filter(person=OuterRef("person")).order_by("-last_used_at")
        facts = self.model._meta.get_field("facts").related_model.objects
        return (
            self.for_list()
            .select_related("dispute_side__dispute", "chat")
            .annotate(
                office=Subquery(office.values("office")[:1]),
                office_from=Subquery(office.values("starts_on")[:1]),
                office_until=Subquery(office.values("ends_on")[:1]),
                last_number=Subquery(phones.values("number")[:1]),
                draft=Subquery(draft.values("fields")[:1]),
                draft_at=Subquery(draft.values("saved_at")[:1]),
                told=Listed(
                    facts.filter(ticket=OuterRef("pk")).order_by("pk"), ("code", "value"), 40
                ),
                own_entry_key=Subquery(desk_subqueries.newest_key(self.model, "entries", by=user)),
                own_answer_key=Subquery(
                    desk_subqueries.newest_key(self.model, "answers", author=user)
                ),
                began=Subquery(began.values("fields")[:1]),
                began_at=Subquery(began.values("saved_at")[:1]),
                began_by=Subquery(began.values("user")[:1]),
                began_by_ar=Subquery(began.values("user__name_ar")[:1]),
                began_by_fr=Subquery(began.values("user__name_fr")[:1]),
                snoozed_until=Subquery(desk_subqueries.put_off(user, at=at).values("until")[:1]),
            )
            .with_tags()
        )

    def with_tags(self) -> "TicketQuerySet":
        """Each with `tagged`: number and name of its tags."""
        worn = Tag.objects.filter(taggings__ticket=OuterRef("pk")).order_by("name")
        return self.annotate(tagged=Listed(worn, ("id", "name"), 12))

    def awake(self, user: Any, *, at: datetime) -> "TicketQuerySet":
        """Without those that the user has put off."""
        return self.filter(~Exists(desk_subqueries.put_off(user, at=at)))

    def put_off(self, user: Any, *, at: datetime) -> "TicketQuerySet":
        return self.filter(Exists(desk_subqueries.put_off(user, at=at)))

    def with_unread(self) -> "TicketQuerySet":
        """Each with `unread`: what the asker wrote since somebody here last wrote or answered.

        In a chat also what an advisor was shown counts as read.
        """
        entries = self.model._meta.get_field("entries").related_model.objects
        ours = entries.filter(ticket=OuterRef(OuterRef("pk")), from_asker=False)
        last = ours.exclude(by=None).order_by("-number").values("number")[:1]
        theirs = entries.filter(ticket=OuterRef("pk"), from_asker=True).order_by()
        shown = Coalesce(OuterRef("chat__desk_read"), 0)
        new = theirs.filter(number__gt=Greatest(Coalesce(Subquery(last), 0), shown)).values(
            "ticket"
        )
        return self.annotate(unread=Coalesce(Subquery(new.annotate(n=Count("pk")).values("n")), 0))


def message_place(pk: int) -> str:
    """Where the asker's unsent message to a ticket is kept."""
    return f"{PUBLIC}follow:{pk}"


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def _granted(user: Any, at: datetime) -> Any:
    return user.grants.filter(Q(ends_at=None) | Q(ends_at__gt=at)).values("ticket_id")


class EntryQuerySet(models.QuerySet[Any]):
    def since(self, number: int) -> "EntryQuerySet":
        return self.filter(number__gt=number)

    def newest(self, count: int) -> "EntryQuerySet":
        """The last entries, with authors and whether files hang on them."""
        files = self.model.files.through.objects.filter(entry=OuterRef("pk"))
        rows = self.select_related("by").annotate(has_files=Exists(files))
        return rows.order_by("-number")[:count]

    def for_asker(self) -> "EntryQuerySet":
        return self.filter(public=True)


class MergeQuerySet(models.QuerySet[Any]):
    def standing(self) -> "MergeQuerySet":
        """Not undone."""
        return self.filter(undone_at=None)


class TargetQuerySet(models.QuerySet[Any]):
    def running(self) -> "TargetQuerySet":
        """The next word is ours."""
        return self.filter(rests_since=None)

    def resting(self) -> "TargetQuerySet":
        """The next word is the asker's."""
        return self.exclude(rests_since=None)

    def with_hours(self) -> "TargetQuerySet":
        return self.select_related("ticket", "schedule__centre")

    def untold(self, *, at: datetime) -> "TargetQuerySet":
        """Late, and their thread does not say so yet."""
        ours = self.running().filter(ticket__state__in=["new", "open"])
        answer = Q(
            answer_told_at=None, ticket__first_answered_at=None, ticket__answer_due_at__lt=at
        )
        return ours.filter(answer | Q(resolve_told_at=None, resolve_due_at__lt=at))

    def reckoned_before(self, at: datetime) -> "TargetQuerySet":
        return self.running().filter(reckoned_at__lt=at)


class RatingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "RatingQuerySet":
        tickets = self.model._meta.get_field("ticket").related_model.objects.visible_to(user)
        return self.filter(Exists(tickets.filter(pk=OuterRef("ticket_id"))))

    def given_since(self, at: datetime) -> "RatingQuerySet":
        return self.filter(at__gte=at)

    def content(self) -> "RatingQuerySet":
        """4 and 5: the answer helped."""
        return self.filter(score__gte=4)


class ResultQuerySet(models.QuerySet[Any]):
    def said_since(self, at: datetime) -> "ResultQuerySet":
        return self.filter(said_at__gte=at)
