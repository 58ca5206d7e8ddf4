"""A call goes on to somebody else: back to the line, or to a colleague who was asked first."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from helpdesk.queues import actions as queues
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.errors import NotYours
from helpdesk.tickets.rules import Channel, Kind
from helpdesk.tickets.showing import both_names
from telephony import providers
from telephony.actions import timing
from telephony.actions.noting import Source, facts_of, moved, note, regrouped
from telephony.actions.settling import keep_work
from telephony.actions.taking import CallerGone, in_call, one_at_a_time, set_hold
from telephony.facts import VOICE, Fact, Why
from telephony.models import Call, Leg


@transaction.atomic
def give_back(
    call: Call, *, why: Why, at: datetime, by: Any = None, to: Any = None, words: str = "",
    source: Source = Source.USER, since: datetime | None = None,
) -> None:  # fmt: skip
    """Back to the front of the line, in the place of the first arrival; `to` is offered it first.

    The work on it so far is done (its wrap-up is the note), `since` an earlier moment if the line told
    one: what was waited for the advisor to come back is no talk. Raises CallerGone when it has ended.
    """
    held = Call.objects.held().get(pk=call.pk)
    if held.state not in VOICE:
        raise CallerGone
    if held.direction == Call.Direction.OUT:
        raise NotYours(
            _("A call you made cannot go to the line: ask a colleague into it, then hand it over.")
        )
    assert held.ticket is not None
    turn = held.turn
    entry(
        held.ticket, Kind.PASS, by=by, at=at, text=words, public=False,
        data={"to": to.pk if to else None, "why": why, **(both_names("to", to) if to else {})},
    )  # fmt: skip
    facts = facts_of(held)
    keep_work(held, facts, turn, user=held.user_id, until=since or at)
    queues.release(held.ticket, at=at)
    held.legs.here().exclude(role=Leg.Role.CALLER).update(left_at=at)
    queues.put_back(
        held.ticket, channel=Channel.PHONE, since=held.started_at, at=at, to=to,
        spoke=any(facts.spoke(one) for one in facts.turns),
    )  # fmt: skip
    note(
        held, Fact.RELEASED, at=since or at, turn=turn, why=why, user=by, source=source,
        received_at=at,
    )  # fmt: skip
    providers.of(held).arrange(held, at=at)
    timing.start_waiting(held, at=at)
    queues.assign(at=at)
    call.refresh_from_db()


@transaction.atomic
def consult(leg: Leg, *, to: Any, at: datetime) -> Leg:
    """Ask a colleague in while the caller hears music; the colleague's leg, rung until they join.

    Raises NotYours when the colleague is in a call, or somebody is asked already.
    """
    call = leg.call
    one_at_a_time(to)
    if in_call(to, at=at):
        raise NotYours(_("%(name)s is in a call.") % {"name": to.shown_name})
    set_hold(leg, True, at=at)
    try:
        with transaction.atomic():
            asked = Leg.objects.create(
                call=call, role=Leg.Role.ADVISOR, user=to, mode=Leg.Mode.CONSULT, made_at=at
            )
    except IntegrityError:
        raise NotYours(_("%(name)s is asked already.") % {"name": to.shown_name}) from None
    moved(call)
    return asked


@transaction.atomic
def accept(asked: Leg, *, at: datetime) -> None:
    """The colleague's page is there: both advisors speak, the caller still hears music."""
    if asked.call.legs.here().filter(pk=asked.pk, seen_at=None).update(seen_at=at):
        regrouped(asked.call, at=at)


@transaction.atomic
def hand_over(leg: Leg, *, at: datetime, words: str = "") -> None:
    """The colleague who was asked has the call: their voice reaches the caller, the request is theirs.

    Raises NotYours when nobody has joined.
    """
    call = Call.objects.held().get(pk=leg.call_id)
    asked = call.legs.here().filter(mode=Leg.Mode.CONSULT).exclude(seen_at=None).first()
    if asked is None or call.ticket is None:
        raise NotYours(_("Nobody has joined yet."))
    set_hold(leg, False, at=at)
    call.refresh_from_db()
    keep_work(call, facts_of(call), call.turn, user=leg.user_id, until=at)
    queues.pass_on(call.ticket, to=asked.user, by=leg.user, at=at, note=words)
    turn = call.turn + 1
    asked_rows = call.legs.filter(pk=asked.pk)
    asked_rows.update(mode=Leg.Mode.ON, turn=turn)
    call.legs.here().filter(pk=leg.pk).update(left_at=at)
    # The next turn first: for a moment without one the call would stand in line, and every link of it close.
    note(call, Fact.CLAIMED, at=at, turn=turn, user=asked.user, source=Source.USER)
    note(call, Fact.RELEASED, at=at, turn=turn - 1, why=Why.TRANSFER, source=Source.USER)
    timing.expect_join(call, turn=turn, at=at)
    providers.of(call).arrange(call, at=at)
    leg.refresh_from_db()


@transaction.atomic
def take_back(leg: Leg, *, at: datetime) -> None:
    """The consultation is over without handing over: the caller is on the line again."""
    gone = leg.call.legs.here().filter(mode=Leg.Mode.CONSULT).update(left_at=at)
    set_hold(leg, False, at=at)
    if gone:
        regrouped(leg.call, at=at)
