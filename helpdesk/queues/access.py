"""Doorways to the queue: what of it a person may see and take."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404
from django.utils import timezone

from helpdesk.accounts.scope import Scope
from helpdesk.queues.models import Queue, Serving, Waiting
from helpdesk.queues.querysets import QueueQuerySet
from helpdesk.tickets.finding import Found
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.querysets import TicketQuerySet


def listed_tickets(user: Any) -> TicketQuerySet:
    """Rows of the queue list. Raises PermissionDenied for who reads no tickets at the desk."""
    if not Scope.of(user).can("tickets.read_ticket"):
        raise PermissionDenied
    return Ticket.objects.visible_to(user).unmerged()


def first_of(found: Found, count: int) -> list[Ticket]:
    """The first tickets of a search: the most relevant, else those that moved last."""
    rows = found.rows.for_list()
    if not found.ranked:
        return list(rows.order_by("-moved_at")[:count])
    near = list(found.ranked[: count * 8])
    known = rows.in_bulk(near)
    return [known[pk] for pk in near if pk in known][:count]


def next_waiting(user: Any, *, but: set[int]) -> Waiting | None:
    """The contact that has waited longest among those the user may take; that of their queue of today first.

    Calls in vain have a list of their own, and are taken from it.
    """
    if not user.has_perm("tickets.handle_ticket"):
        raise PermissionDenied
    rows = Waiting.objects.now().here().visible_to(user).select_related("ticket")
    serving = Serving.objects.on(timezone.localdate()).filter(user=user).values("queue")
    own = Case(
        When(queue__in=serving, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.exclude(ticket_id__in=but).order_by(own, "since").first()


def set_queues(user: Any) -> QueueQuerySet:
    """Queues whose hours and targets the user may set. Raises PermissionDenied."""
    if not Scope.of(user).can("queues.set_queue"):
        raise PermissionDenied
    return Queue.objects.settable_by(user).for_settings()


def set_queue(user: Any, pk: int) -> Queue:
    queue = set_queues(user).filter(pk=pk).first()
    if queue is None:
        raise Http404
    return queue
