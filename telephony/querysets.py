"""Which calls, legs and timers."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When

from helpdesk.accounts.scope import Scope
from helpdesk.queues.rules import OFFERED_FOR
from helpdesk.tickets.models import Ticket
from telephony.facts import LIVE, VOICE

_OWN = {"role": "role", "turn": "turn", "mode": "mode", "seen": "seen_at"}


class CallQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "CallQuerySet":
        """One's own, and those whose request one may read."""
        if not user.is_authenticated:
            return self.none()
        seen = Ticket.objects.visible_to(user).order_by().values("pk")
        mine = Q(user=user)
        if Scope.of(user).can("tickets.handle_ticket"):
            return self.filter(mine | Q(ticket__in=seen))
        return self.filter(mine)

    def of(self, user: Any) -> "CallQuerySet":
        """The newest turn is this person's."""
        return self.filter(user=user)

    def in_or_of(self, user: Any) -> "CallQuerySet":
        """They have or had the newest turn, or an end of it is or was theirs."""
        own = _rows("telephony", "Leg").filter(user=user.pk, call=OuterRef("pk"))
        return self.filter(Q(user=user) | Exists(own))

    def unwrapped(self) -> "CallQuerySet":
        """Nobody has written them down, though somebody spoke."""
        return self.filter(wrapped_at=None).exclude(user=None)

    def live(self) -> "CallQuerySet":
        """The caller is there."""
        return self.filter(state__in=[str(one) for one in LIVE])

    def with_voice(self) -> "CallQuerySet":
        """An advisor has them."""
        return self.filter(state__in=[str(one) for one in VOICE])

    def at_desk_of(self, user: Any, *, at: datetime) -> "CallQuerySet":
        """Live calls that concern one person: they are in it or asked into it, or it waits and they may
        take it. Each with `my_role`, `my_turn`, `my_mode`, `my_seen`, `my_state`, `offered_to` (while the
        offer stands), `offered_at`, `assignee`, `is_waiting`; those offered to them first.
        """
        own = _rows("telephony", "Leg").here().filter(user=user.pk, call=OuterRef("pk"))
        waits = _rows("queues", "Waiting").now().filter(ticket=OuterRef("ticket"))
        stands = waits.filter(offered_at__gt=at - OFFERED_FOR)
        presence = _rows("queues", "Presence").filter(user=user.pk)
        may_read = Exists(Ticket.objects.visible_to(user, at=at).filter(pk=OuterRef("ticket")))
        rows = self.live().annotate(
            **{f"my_{name}": Subquery(own.values(of)[:1]) for name, of in _OWN.items()},
            my_state=Subquery(presence.values("state")[:1]),
            offered_to=Subquery(stands.values("offered_to")[:1]),
            offered_at=Subquery(stands.values("offered_at")[:1]),
            assignee=F("ticket__assignee"),
            is_waiting=Case(When(state="waiting", then=True), default=False),
        )
        concerns = Q(my_role__isnull=False) | (Q(state="waiting") & may_read)
        return (
            rows.filter(concerns)
            .for_card()
            .select_related("ticket__association")
            .order_by("started_at")
        )

    def held(self) -> "CallQuerySet":
        """Locked until the transaction ends, each with what settling it reads."""
        return self.select_for_update(of=("self",)).select_related("payload", "ticket")

    def for_card(self) -> "CallQuerySet":
        return self.select_related(
            "centre", "payload", "ticket__theme", "ticket__person", "ticket__dispute_side__dispute",
            "user", "recording_consent",
        )  # fmt: skip


class LegQuerySet(models.QuerySet[Any]):
    def here(self) -> "LegQuerySet":
        """Not left."""
        return self.filter(left_at=None)


class TimerQuerySet(models.QuerySet[Any]):
    def due(self, *, at: datetime) -> "TimerQuerySet":
        return self.filter(done_at=None, due_at__lte=at).order_by("due_at")


def _rows(app: str, name: str) -> Any:
    """Rows of a model that imports this module, or of a package below by its name."""
    return apps.get_model(app, name).objects
