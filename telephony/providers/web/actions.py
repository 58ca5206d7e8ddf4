"""What pages do on the line: they take a leg over, describe themselves, ask for another round, report."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from telephony import actions
from telephony.actions.noting import moved
from telephony.models import Call, Leg
from telephony.providers.web.access import hashed, secret_of
from telephony.providers.web.line import arrange, close
from telephony.providers.web.models import Description, LinePage, Link
from telephony.providers.web.reading import Report


class Stale(Exception):
    """A newer page has the leg, a newer round is under way, or the link has ended."""


def open_leg(leg: Leg) -> str:
    """What a page needs to speak for the leg: the value of the header `X-Wasl-Leg`."""
    secret = secret_of(leg)
    LinePage.objects.get_or_create(leg=leg, defaults={"secret": hashed(secret)})
    return f"{leg.call.code}.{secret}"


@transaction.atomic
def take_over(leg: Leg, *, at: datetime) -> int:
    """A page was loaded: it has the leg from now on, with links anew. Its number; raises Stale."""
    call = _held(leg)
    if not _is_here(leg):
        raise Stale
    LinePage.objects.filter(leg=leg).update(number=F("number") + 1)
    number = LinePage.objects.get(leg=leg).number
    actions.seen(leg, at=at)
    if number > 1:
        close(list(call.links.open().of_leg(leg)), at=at)
    arrange(call, at=at, offerer=leg)
    moved(call, board=False)
    return number


def heard_of(leg: Leg, *, page: int, hears: list[int], at: datetime) -> None:
    """The page asks how things stand. `hears`: legs whose voices arrive at it now, so they are there.

    A page without a number has not taken the leg over: it may look, as one that comes to an ended call.
    """
    if page:
        _check(leg, page)
    back = actions.seen(leg, at=at)
    for other in leg.call.legs.here().filter(pk__in=hears).exclude(pk=leg.pk):
        back = actions.seen(other, at=at) or back
    if back:
        moved(leg.call, board=False)


@transaction.atomic
def describe(leg: Leg, link_pk: int, round_: int, side: str, sdp: str, *, page: int) -> None:
    """Keep one side's description of a round; a repeat changes nothing. Raises Stale."""
    call = _held(leg)
    _check(leg, page)
    link = _link(leg, link_pk)
    own = link.offerer_id if side == Description.Side.OFFER else link.answerer_id
    if own != leg.pk or link.round != round_:
        raise Stale
    _, is_new = Description.objects.get_or_create(
        link=link, round=round_, side=side, defaults={"sdp": sdp}
    )
    if is_new:
        moved(call, board=False)


@transaction.atomic
def next_round(leg: Leg, link_pk: int, *, after: int, page: int) -> int:
    """Another round is wanted after that one; both sides may ask, one wins. The round under way."""
    call = _held(leg)
    _check(leg, page)
    link = _link(leg, link_pk)
    if Link.objects.filter(pk=link.pk, round=after, closed_at=None).update(round=after + 1):
        Description.objects.filter(link=link, round__lte=after).delete()
        moved(call, board=False)
        return after + 1
    return link.round


def report(leg: Leg, told: Report, *, page: int, at: datetime) -> None:
    """What a page noticed; a repeat is harmless. Raises Stale."""
    _check(leg, page)
    link = _link(leg, told.link) if told.link else None
    if told.kind == "connected" and link is not None:
        _connected(leg, link, at=at)
    elif told.kind in ("no-packets", "packets") and link is not None:
        _packets(leg, link, are_there=told.kind == "packets", at=at)
    elif told.kind == "quality" and link is not None:
        Link.objects.filter(pk=link.pk).update(quality=told.figures)


def depart(leg: Leg, *, page: int, at: datetime) -> None:
    """The page is being left; no hang-up. An older page's goodbye says nothing. Raises Stale."""
    _check(leg, page)
    actions.leave_page(leg, at=at)
    moved(leg.call, board=False)


def _connected(leg: Leg, link: Link, *, at: datetime) -> None:
    """The voice of the leg is there: on a link of the turn under way."""
    if link.purpose != Link.Purpose.TALK:
        return
    call: Any = leg.call
    both = {link.offerer_id, link.answerer_id}
    if call.legs.here().filter(pk__in=both, role=Leg.Role.ADVISOR, turn=call.turn).exists():
        actions.joined(leg, at=at)


def _packets(leg: Leg, link: Link, *, are_there: bool, at: datetime) -> None:
    other = leg.call.legs.here().filter(pk=link.other(leg.pk)).first()
    if other is None:
        return
    if not are_there and other.silent_since is None:
        actions.leave_page(other, at=at)
        moved(leg.call, board=False)
    elif are_there and actions.seen(other, at=at):
        moved(leg.call, board=False)


def _held(leg: Leg) -> Call:
    """The call, held for this act."""
    return Call.objects.select_for_update().get(pk=leg.call_id)


def _is_here(leg: Leg) -> bool:
    return bool(Leg.objects.here().filter(pk=leg.pk).exists())


def _check(leg: Leg, page: int) -> None:
    if LinePage.objects.filter(leg=leg, number__gt=page).exists():
        raise Stale


def _link(leg: Leg, pk: int) -> Link:
    found = Link.objects.open().of_leg(leg).filter(pk=pk).first()
    if found is None:
        raise Stale
    return found
