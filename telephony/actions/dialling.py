"""A call is made by the public network: asked for by a form, dialled once the advisor's voice is there.

What was asked for is a row for one number (`Dial`); the line finds it when the voice comes, and nothing a
page says chooses a number. The row is good for a minute and for one call.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import User
from helpdesk.accounts.scope import Scope
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling
from helpdesk.tickets.access import number_of
from helpdesk.tickets.errors import AlreadyTaken, NotYours, Overtaken
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Channel
from telephony import providers
from telephony.access import is_on_shift
from telephony.actions import timing
from telephony.actions.desk_line import centre_of
from telephony.actions.made import KEY
from telephony.actions.noting import Source, moved, note
from telephony.actions.taking import InCall, in_call
from telephony.dials import Dial, mark_of
from telephony.facts import Fact, Why
from telephony.models import Call, CallPayload, Leg
from telephony.reachable import may_be_called

GOOD_FOR = timedelta(seconds=60)
"""The advisor's voice must be in its room by then."""


class NotCalled(NotYours):
    """This number is not called from here, or not just now."""


@transaction.atomic
def call_promised(owed: Promise, *, by: Any, at: datetime) -> Call:
    """Make a call that is owed; the same again by the same person is the same call while it lasts.

    Raises NotCalled, InCall, AlreadyTaken, Overtaken when it is owed no more.
    """
    owed = Promise.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=owed.pk)
    if owed.state != Promise.State.OPEN:
        raise Overtaken
    begun = f"{KEY}{owed.pk}:{owed.attempts}"
    made = Call.objects.filter(key__startswith=f"{begun}:") | Call.objects.filter(key=begun)
    known = made.filter(wrapped_at=None).select_related("user").first()
    if known is not None and known.user_id != by.pk:
        raise AlreadyTaken(known.user)
    if known is not None:
        return known
    return _call(number_of(owed.ticket), by=by, at=at, ticket=owed.ticket,
                 key=f"{begun}:{made.count() + 1}")  # fmt: skip


@transaction.atomic
def call_asker(ticket: Ticket, *, by: Any, at: datetime) -> Call:
    """Call whoever asks, on their request; what is owed there is kept by it. Raises as `call_promised`."""
    owed = Promise.objects.owed().filter(ticket=ticket).order_by("window_until", "pk").first()
    if owed is not None:
        return call_promised(owed, by=by, at=at)
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    known = _under_way(by).filter(ticket=ticket).first()
    return known or _call(
        number_of(ticket), by=by, at=at, ticket=ticket, key=f"made:{secrets.token_hex(12)}"
    )


@transaction.atomic
def call_person(person: Any, number: Number, *, by: Any, at: datetime) -> Call:
    """Call somebody; to which request it belongs is said at the wrap-up. Raises NotCalled, InCall."""
    known = _under_way(by).filter(ticket=None, payload__number=number).first()
    return known or _call(number, by=by, at=at, key=f"made:{secrets.token_hex(12)}")


def _under_way(by: Any) -> Any:
    """Calls this person has asked for, and that are not over."""
    return Call.objects.of(by).filter(
        line=Call.Line.PUBLIC, direction=Call.Direction.OUT, ended_at=None, wrapped_at=None
    )


def _call(
    number: Number | None, *, by: Any, at: datetime, key: str, ticket: Ticket | None = None
) -> Call:
    if not providers.dials():
        raise NotCalled(_("Calls are not made from this page here: call on a telephone."))
    if in_call(by, at=at):
        raise InCall
    centre = ticket.centre if ticket is not None else centre_of(by)
    if centre.is_practice:
        raise NotCalled(_("In a practice nobody outside is called."))
    # One after the other: of two at once both would be the sixtieth.
    Centre.objects.select_for_update().get(pk=centre.pk)
    found = _checked(number, by=by, centre=centre, at=at)
    if ticket is not None:
        ticket = queues.claim(ticket, by=by, at=at)
    call = Call.objects.create(
        centre=centre, line=Call.Line.PUBLIC, direction=Call.Direction.OUT, user=by, ticket=ticket,
        started_at=at, key=key, language=ticket.language if ticket is not None else "",
    )  # fmt: skip
    CallPayload.objects.create(call=call, number=found)  # type: ignore[misc]
    Dial.objects.create(
        call=call, user=by, target=mark_of(found), made_at=at, until=at + GOOD_FOR
    )  # fmt: skip
    Leg.objects.create(call=call, role=Leg.Role.CALLER, made_at=at)
    Leg.objects.create(
        call=call, role=Leg.Role.ADVISOR, user=by, turn=1, made_at=at, seen_at=at
    )  # fmt: skip
    Handling.objects.create(ticket=ticket, user=by, channel=Channel.PHONE, started_at=at)
    note(call, Fact.ARRIVED, at=at, source=Source.USER)
    note(call, Fact.CLAIMED, at=at, turn=1, user=by, source=Source.USER)
    timing.start(call, timing.Kind.JOIN, due_at=at + GOOD_FOR, turn=1)
    timing.start(call, timing.Kind.NO_END, due_at=at + timing.NO_END)
    return call


def _checked(number: Number | None, *, by: Any, centre: Centre, at: datetime) -> Number:
    """Raises NotCalled, with what can be done."""
    if number is None:
        raise NotCalled(_("No number is known to call."))
    if not is_on_shift(by, at=at):
        raise NotCalled(_("Say at the top of the page that you are there, then call."))
    if not may_be_called(number, settings.CALLS_OUT_PREFIXES):
        raise NotCalled(
            _("This number is not called from here: only Moroccan fixed and mobile numbers are. "
              "Answer in writing, or ask for another number.")
        )  # fmt: skip
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Dial.objects.filter(made_at__gte=since)
    if today.filter(user=by).count() >= settings.CALLS_OUT_ADVISOR:
        raise NotCalled(
            _("You have made as many calls today as one advisor may (%(n)d). "
              "Pass this one to a colleague, or call tomorrow.")
            % {"n": settings.CALLS_OUT_ADVISOR}
        )  # fmt: skip
    if today.filter(call__centre=centre).count() >= settings.CALLS_OUT_CENTRE:
        raise NotCalled(
            _("The centre has made as many calls today as it may (%(n)d). "
              "Answer in writing, or call tomorrow; the administrator can raise it.")
            % {"n": settings.CALLS_OUT_CENTRE}
        )  # fmt: skip
    return number


def still_works_here(user: Any) -> bool:
    """They still work here, read anew: whoever was suspended meanwhile does not."""
    fresh = User.objects.filter(pk=user.pk, is_active=True).first()
    return fresh is not None and Scope.of(fresh).can("tickets.handle_ticket")


def use(call: Call, *, at: datetime) -> Dial | None:
    """The permission to dial is used up; None when there is none (any more)."""
    dial = Dial.objects.select_related("user").filter(call=call.pk).first()
    if dial is None or not dial.is_open(at=at):
        return None
    if not dial.is_for(call.number) or not still_works_here(dial.user):
        return None
    if not Dial.objects.filter(pk=dial.pk, used_at=None).update(used_at=at):
        return None
    return dial


def rings(call: Call, *, at: datetime) -> None:
    """It rings at theirs, as the line tells."""
    if Dial.objects.filter(call=call.pk, ringing_at=None).update(ringing_at=at):
        moved(call, board=False)


def is_by_page(call: Call) -> bool:
    """A call made by the public network, from the page."""
    return call.line == Call.Line.PUBLIC and call.direction == Call.Direction.OUT


@transaction.atomic
def not_reached(call: Call, *, by: Any, at: datetime) -> None:
    """The advisor says so: nobody answers, or a machine did. Raises Overtaken when it is written down."""
    held = Call.objects.held().get(pk=call.pk)
    if held.wrapped_at is not None:
        raise Overtaken
    if held.answered_at is not None:
        kinds: tuple[Fact, ...] = (Fact.MACHINE, Fact.ENDED) if held.is_live else (Fact.MACHINE,)
        note(held, *kinds, at=at, why=Why.ADVISOR, source=Source.USER, user=by)
    else:
        note(held, Fact.ENDED, at=at, why=Why.MISSED, source=Source.USER, user=by)
