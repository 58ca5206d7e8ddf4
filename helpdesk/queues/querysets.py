"""Which contacts wait, who is there to take them, and which work was done."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from helpdesk.accounts.models import Posting, User
from helpdesk.accounts.rules import DESK
from helpdesk.accounts.scope import Scope
from helpdesk.queues.rules import FORGOTTEN, GONE_AFTER, LIVE, OFFERED_FOR, WRAP_UP, Waits
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel


class QueueQuerySet(models.QuerySet[Any]):
    def settable_by(self, user: Any) -> "QueueQuerySet":
        """Of the centres of who manages accounts, of the own teams of everybody else."""
        scope = Scope.of(user)
        if user.has_perm("accounts.manage_users"):
            return self.filter(team__centre__in=scope.centres)
        return self.filter(team__in={reach.team for reach in scope.reaches})

    def for_settings(self) -> "QueueQuerySet":
        return self.select_related("team__centre", "schedule__centre").prefetch_related(
            "schedule__openings"
        )

    def to_choose(self, centre: Any) -> list[Any]:
        """Queues of a centre in their order, with what is asked of whichever is chosen."""
        rows = self.filter(team__centre=centre).select_related("schedule__centre", "team__centre")
        return list(rows.prefetch_related("themes"))

    def sharing(self, queue: Any) -> "QueueQuerySet":
        """Others with the same hours."""
        return self.filter(schedule=queue.schedule_id).exclude(Q(pk=queue.pk) | Q(schedule=None))


class WaitingQuerySet(models.QuerySet[Any]):
    def now(self) -> "WaitingQuerySet":
        """Not taken, not gone."""
        return self.filter(ended_at=None)

    def visible_to(self, user: Any) -> "WaitingQuerySet":
        """Contacts whose ticket the user may read."""
        return self.filter(Exists(Ticket.objects.visible_to(user).filter(pk=OuterRef("ticket_id"))))

    def of(self, tickets: Any) -> "WaitingQuerySet":
        """Of these requests."""
        return self.filter(Exists(tickets.filter(pk=OuterRef("ticket_id"))))

    def came_within(self, channel: str, start: datetime, end: datetime) -> "WaitingQuerySet":
        """Live contacts of one channel that began to wait between two instants."""
        return self.filter(channel=channel, since__gte=start, since__lt=end)

    def here(self) -> "WaitingQuerySet":
        """Somebody is there, or wrote: not what a caller who is gone has left behind.

        Told by the channels it is, which lead along the index of channel and time; those it is not lead nowhere.
        """
        return self.filter(channel__in=Channel.values)

    def left_behind(self) -> "WaitingQuerySet":
        """Calls in vain, messages, wishes to be called back."""
        return self.filter(channel__in=Waits.values)

    def kinds(self, tickets: Iterable[int]) -> dict[int, str]:
        """As what each of these requests waits."""
        return dict(self.filter(ticket__in=list(tickets)).values_list("ticket", "channel"))

    def late(self, *, at: datetime) -> "WaitingQuerySet":
        return self.now().filter(due_at__lt=at)

    def to_offer(self, *, at: datetime) -> "WaitingQuerySet":
        """What queues offer and is offered to nobody, or no longer; the oldest first."""
        over = Q(offered_to=None) | Q(offered_at__lte=at - OFFERED_FOR)
        rows = self.now().filter(over, _pushed(at=at))
        return rows.select_related("ticket").order_by("since")

    def offered_in_vain(self, *, at: datetime) -> "WaitingQuerySet":
        """Offers that ran out where nothing is offered any more."""
        over = self.now().exclude(offered_to=None).filter(offered_at__lte=at - OFFERED_FOR)
        return over.exclude(_pushed(at=at))

    def offered_to(self, user: Any, *, at: datetime) -> "WaitingQuerySet":
        """Offers that stand."""
        return self.now().filter(offered_to=user.pk, offered_at__gt=at - OFFERED_FOR)

    def for_list(self) -> "WaitingQuerySet":
        return self.select_related(
            "queue", "ticket", "ticket__person", "ticket__association", "ticket__theme"
        )


class PresenceQuerySet(models.QuerySet[Any]):
    def connected(self, *, at: datetime) -> "PresenceQuerySet":
        """Their desk spoke within the last minute."""
        return self.filter(seen_at__gte=at - GONE_AFTER)

    def with_load(self, *, at: datetime) -> "PresenceQuerySet":
        """Each with `load` (contacts in hand; a call is all one can have) of `capacity`, `last_done`
        and the queue it `serves` first today."""
        of_user = OuterRef("user_id")
        done = _rows("Handling").filter(user=of_user).exclude(wrapped_at=None)
        return self.annotate(
            capacity=F("user__capacity"),
            load=load_of(of_user, at=at, capacity=F("user__capacity")),
            serves=Subquery(
                _rows("Serving")
                .filter(user=of_user, day=timezone.localdate(at))
                .values("queue")[:1]
            ),
            last_done=Subquery(done.order_by("-started_at").values("wrapped_at")[:1]),
        )

    def free(self, team: int, *, at: datetime, on: date) -> "PresenceQuerySet":
        """Advisors of a team who may be offered something: they say so, are there, and have room."""
        posted = Posting.objects.in_force(on=on).filter(team=team)
        offered = _rows("Waiting").now().filter(offered_to=OuterRef("user_id"))
        return (
            self.connected(at=at)
            .with_load(at=at)
            .filter(
                Exists(posted.filter(user=OuterRef("user_id"))),
                ~Exists(offered),
                user__in=User.objects.in_role(*DESK).filter(is_active=True).values("pk"),
                state="free",
                load__lt=F("user__capacity"),
            )
            .select_related("user")
            .prefetch_related("user__themes", Prefetch("user__postings", posted, to_attr="current"))
        )


class PresenceSpellQuerySet(models.QuerySet[Any]):
    def going_on(self) -> "PresenceSpellQuerySet":
        return self.filter(ended_at=None)

    def within(self, start: datetime, end: datetime) -> "PresenceSpellQuerySet":
        """That touch the stretch between two instants."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=start), began_at__lt=end)


class HandlingQuerySet(models.QuerySet[Any]):
    def of(self, tickets: Any) -> "HandlingQuerySet":
        """Of these requests."""
        return self.filter(Exists(tickets.filter(pk=OuterRef("ticket_id"))))

    def wrapped_within(self, start: datetime, end: datetime) -> "HandlingQuerySet":
        """Live contacts begun between two instants and done with."""
        rows = self.filter(started_at__gte=start, started_at__lt=end, channel__in=LIVE)
        return rows.exclude(wrapped_at=None)

    def under_way(self) -> "HandlingQuerySet":
        return self.filter(wrapped_at=None)

    def in_hand(self, *, at: datetime) -> "HandlingQuerySet":
        """Live contacts that count as load."""
        return self.under_way().filter(channel__in=LIVE, started_at__gt=at - FORGOTTEN)

    def forgotten(self, *, at: datetime) -> "HandlingQuerySet":
        """Under way, though the request is closed, the talk long over or nothing was said for hours."""
        silent = Q(ticket=None, started_at__lt=at - FORGOTTEN) | Q(
            started_at__lt=at - FORGOTTEN, ticket__moved_at__lt=at - FORGOTTEN
        )
        rested = Q(peace_until=None) | Q(peace_until__lt=at)
        over = Q(ended_at__lt=at - WRAP_UP) & rested | Q(ticket__state="closed")
        return self.under_way().filter(silent | over)


class ServingQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> "ServingQuerySet":
        """Who serves which queue first that day."""
        return self.filter(day=day)


def _pushed(*, at: datetime) -> Q:
    """What its queue offers, by the channel; a paused one offers nothing."""
    live = Q(channel__in=LIVE)
    pushed = Q(live, queue__push_live=True) | Q(~live, queue__push_written=True)
    going = Q(queue__paused_until=None) | Q(queue__paused_until__lte=at)
    return pushed & going


def load_of(user: Any, *, at: datetime, capacity: Any) -> Case:
    """How many live contacts a user has in hand, as an expression; a call is all one can have."""
    held = _rows("Handling").in_hand(at=at).filter(user=user).order_by()
    count = held.values("user").annotate(n=Count("pk")).values("n")
    chats = Coalesce(Subquery(count), 0)
    calls = held.filter(channel=Channel.PHONE)
    return Case(When(Exists(calls), then=Greatest(capacity, chats)), default=chats)


def _rows(name: str) -> Any:
    """Rows of a model of this app: models import this module, not the other way round."""
    return apps.get_model("queues", name).objects
