"""Doorways to calls."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from helpdesk.accounts.scope import Scope
from helpdesk.associations import access as associations
from helpdesk.associations.models import Person
from helpdesk.associations.numbers import Number
from helpdesk.queues import presences
from helpdesk.queues.models import Presence
from helpdesk.tickets import access as tickets
from helpdesk.tickets.models import Ticket
from telephony.comparisons import Comparison
from telephony.models import Call, Leg
from telephony.recordings import Recording

COMPARED_WITHIN = timedelta(days=3)
"""An older comparison says nothing of today."""


def may_answer(user: Any) -> None:
    """Raises PermissionDenied for who does not work on tickets."""
    if not user.has_perm("tickets.handle_ticket"):
        raise PermissionDenied


def call_for(user: Any, pk: int) -> Call:
    """One's own call: somebody else's is unknown here."""
    may_answer(user)
    found: Call = get_object_or_404(Call.objects.of(user).for_card(), pk=pk)
    return found


def shown_call(user: Any, pk: int) -> Call:
    """A call whose band stands on a page of the user: they have it, had it, or are or were in it."""
    may_answer(user)
    found: Call = get_object_or_404(Call.objects.in_or_of(user).for_card(), pk=pk)
    return found


def ringing_call(user: Any, pk: int) -> Call:
    """A call the user may take, taken or not: those whose request they may work on."""
    may_answer(user)
    found: Call = get_object_or_404(Call.objects.visible_to(user).for_card(), pk=pk)
    return found


def own_leg(user: Any, pk: int) -> Leg:
    """One's own end of a call one is in: as its advisor, or beside them."""
    leg = leg_in(user, pk)
    if leg is None:
        raise Http404
    return leg


def leg_in(user: Any, pk: int) -> Leg | None:
    """As `own_leg`, None where one is not in the call."""
    may_answer(user)
    rows = Leg.objects.here().filter(user=user.pk, call__pk=pk)
    return rows.select_related("call__ticket", "call__centre", "call__payload", "user").first()


def may_speak(user: Any, *, at: datetime) -> None:
    """Raises PermissionDenied for who is neither in a call nor at the desk now."""
    may_answer(user)
    if Leg.objects.here().filter(user=user.pk).exists():
        return
    if not is_on_shift(user, at=at):
        raise PermissionDenied


def is_on_shift(user: Any, *, at: datetime) -> bool:
    """Their desk is heard of and they are not away."""
    (present,) = presences.of([user], at=at)
    return present.state != Presence.State.AWAY


def own_call(user: Any, pk: int) -> None:
    """Raises Http404 unless one is, or was, in this call: what one recorded may still be on its way."""
    may_answer(user)
    if not Leg.objects.filter(user=user.pk, call__pk=pk).exists():
        raise Http404


def advisors_leg(user: Any, pk: int) -> Leg:
    """One's own end of a call one has."""
    leg = own_leg(user, pk)
    if leg.role != Leg.Role.ADVISOR or not leg.turn:
        raise Http404
    return leg


def asked_leg(user: Any, pk: int) -> Leg:
    """One's own end of a call to which a colleague asks one."""
    leg = own_leg(user, pk)
    if leg.role != Leg.Role.ADVISOR or leg.turn:
        raise Http404
    return leg


def recording_of(leg: Leg, kind: str, part: int) -> Recording:
    """A part of what the page of this leg records."""
    rows = Recording.objects.select_related("call__ticket", "leg")
    return get_object_or_404(rows, leg=leg, kind=kind, part=part)


def may_listen(user: Any) -> bool:
    return Scope.of(user).can("telephony.listen_in")


def supervised_call(user: Any, pk: int) -> Call:
    """A call of the team that the user may hear; never their own."""
    if not may_listen(user):
        raise PermissionDenied
    rows = Call.objects.visible_to(user).for_card().exclude(user=user)
    found: Call = get_object_or_404(rows, pk=pk)
    return found


def calls_to_hear(user: Any) -> list[Call]:
    """Calls of the team that somebody has now, the longest first. Raises PermissionDenied."""
    if not may_listen(user):
        raise PermissionDenied
    return list(Call.objects.visible_to(user).with_voice().for_card().order_by("started_at")[:100])


def newest_comparison(user: Any, *, at: datetime) -> Comparison | None:
    """What the newest comparison with the network's list found, for who may hear calls; None when there
    was none for days."""
    return Comparison.objects.visible_to(user).since(at.date() - COMPARED_WITHIN).first()


def receivers(call: Call, *, but: Any, at: datetime) -> list[presences.Present]:
    """To whom a call can be passed on: colleagues who may read its request, the free ones first."""
    if call.ticket is None:
        return []
    people = tickets.colleagues(call.ticket, but=but, on=timezone.localdate(at))
    return presences.of(people, at=at)


def unwrapped_calls(user: Any) -> list[Call]:
    """Calls the user still owes a wrap-up."""
    return list(Call.objects.of(user).unwrapped().select_related("payload"))


def number_of(user: Any, person: int, phone: int) -> tuple[Person, Number]:
    """One of the numbers of somebody the user may see, to call it."""
    may_answer(user)
    found = associations.person_for(user, person)
    return found, get_object_or_404(found.phones.all(), pk=phone).number


def chosen_ticket(user: Any, typed: str, *, at: datetime) -> Ticket | None:
    """The request of this reference that the user may read, however it was typed."""
    if not typed.strip():
        return None
    rows = Ticket.objects.visible_to(user, at=at).unmerged().for_list()
    found: Ticket | None = rows.with_reference(typed[:20]).first()
    return found


def open_tickets(user: Any, persons: list[Person], *, at: datetime) -> list[Ticket]:
    """Open tickets of these persons and their associations that the user may read."""
    if not persons:
        return []
    rows = Ticket.objects.visible_to(user, at=at).open().for_list()
    of_person = rows.filter(person__in=persons)
    of_association = rows.filter(association__mandates__person__in=persons)
    return list((of_person | of_association).distinct().order_by("-moved_at")[:6])
