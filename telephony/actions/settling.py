"""What a call's state asks of the record: done once however often, and in whatever order, it is told."""

from datetime import datetime, timedelta

from helpdesk.associations.numbers import Number
from helpdesk.hours.timetables import add_working_minutes
from helpdesk.queues import actions as queues
from helpdesk.queues.actions import choose_queue
from helpdesk.queues.actions.receiving import wait
from helpdesk.queues.rules import Ended
from helpdesk.tickets.actions import closing, ringing
from helpdesk.tickets.actions.ringing import Ring
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Channel, Help, Outcome
from telephony import providers
from telephony.actions import made, timing
from telephony.actions.beginning import was_opened_by, was_silent
from telephony.facts import LEFT, Fact, Facts, Reckoned, State
from telephony.models import Call, CallPayload, Leg

CALL_BACK_WITHIN = 4 * 60
"""Working minutes within which a caller who left is called back."""
KINDS = {
    State.VOICEMAIL: Promise.Kind.VOICEMAIL, State.CALL_BACK: Promise.Kind.CALL_BACK,
    State.ABANDONED: Promise.Kind.MISSED, State.SHORT: Promise.Kind.MISSED,
    State.CLOSED: Promise.Kind.MISSED, State.FAILED: Promise.Kind.MISSED,
}  # fmt: skip
NEWEST = 200
"""So many calls of one number are looked at."""
SPOKEN = (State.TALKING, State.HELD, State.WRAP_UP, State.DONE)
HOW = {
    State.VOICEMAIL: Ended.VOICEMAIL, State.CALL_BACK: Ended.CALL_BACK, State.SHORT: Ended.SHORT,
}  # fmt: skip
"""How they left the line; every other way is giving up."""


def settle(
    call: Call, *, before: State, found: Reckoned, facts: Facts, at: datetime
) -> None:  # fmt: skip
    """Bring promises, the line, the work and the legs in step with the state reckoned."""
    if found.ended_at is not None:
        call.legs.filter(left_at=None).update(left_at=found.ended_at)
        call.timers.filter(done_at=None).update(done_at=at)
    elif before in LEFT:
        call.legs.filter(role=Leg.Role.CALLER).update(left_at=None)
        timing.start(call, timing.Kind.NO_END, due_at=call.started_at + timing.NO_END)
    if call.ticket is not None:
        if found.ended_at is not None:
            keep_work(call, facts, found.turn, user=found.user)
        if call.direction == Call.Direction.IN:
            _settle_ticket(call, before=before, found=found, facts=facts, at=at)
    elif found.ended_at is not None and call.direction == Call.Direction.OUT:
        _keep_nameless(call, facts)
    if found.state == State.FAILED and _is_made_here(call):
        made.settle(call, facts, at=at)
    if before != found.state:
        providers.of(call).arrange(call, at=at)


def _settle_ticket(
    call: Call, *, before: State, found: Reckoned, facts: Facts, at: datetime
) -> None:  # fmt: skip
    """What an incoming call leaves owed, or settles."""
    if found.state in LEFT:
        _owe(call, found, facts, anew=KINDS.get(before) != KINDS[found.state], at=at)
        return
    if before in LEFT:
        _owe_no_more(call, found, facts, at=at)
    if before not in SPOKEN and found.state in SPOKEN:
        _heard_of(call, found, at=at)
    if found.state == State.WRAP_UP and found.user is None:
        _leave_to_be_written(call, at=at)


def _key(call: Call) -> str:
    return f"left:{call.pk}"


def _taken_at(facts: Facts, found: Reckoned) -> datetime | None:
    return facts.at(Fact.CLAIMED, found.turn) or found.answered_at


def _owe(call: Call, found: Reckoned, facts: Facts, *, anew: bool, at: datetime) -> None:
    """One open item for all that callers of one number left; one nobody can call back is only counted."""
    ticket, kind = call.ticket, KINDS[found.state]
    assert ticket is not None
    queues.release(ticket, at=at)
    how, gone_at = HOW.get(found.state, Ended.ABANDONED), found.ended_at or at
    if found.turn and facts.at(Fact.RELEASED, found.turn) is None:
        queues.not_met(ticket, how=how, at=gone_at)
    if kind != Promise.Kind.MISSED:
        queues.left_word(ticket, how=how, at=gone_at)
    is_reachable = bool(call.number or ticket.contact_number or ticket.contact_email)
    if kind == Promise.Kind.MISSED and not is_reachable:
        if call.line != Call.Line.DESK and not ticket.is_closed:
            queues.leave_line(ticket, at=gone_at, how=how)
            _only_count(call, ticket, at=at)
        return
    if anew and _spoke_since(call, gone_at):
        queues.leave_line(ticket, at=gone_at, how=how)
        return
    if anew and call.number is not None:
        ticket = _at_home(call, call.number, at=at)
    queue = choose_queue(ticket.centre_id, theme=ticket.theme, language=ticket.language)
    until = add_working_minutes(queue.schedule, CALL_BACK_WITHIN, at=gone_at)
    window = (gone_at, max(until, gone_at + timedelta(minutes=30)))
    rung = Ring(_key(call), gone_at, kind, short=found.state == State.SHORT)
    queues.owe(ticket, rung, window=window, at=at, how=how, anew=anew)


def _at_home(call: Call, number: Number, *, at: datetime) -> Ticket:
    """The request on which this number is owed a call already."""
    assert call.ticket is not None
    ticket = queues.home(call.ticket, number, at=at)
    if ticket.pk != call.ticket.pk:
        call.refresh_from_db()
    return ticket


def _spoke_since(call: Call, since: datetime) -> bool:
    """It is told late: meanwhile somebody has talked with this number, which settles a message too."""
    if call.number is None:
        return False
    # By the number first: joined, SQLite walks every call of the centre.
    same = CallPayload.objects.filter(number=call.number).order_by("-pk").values_list("call")
    others = Call.objects.filter(pk__in=[pk for (pk,) in same[:NEWEST]], centre=call.centre_id)
    return others.filter(answered_at__gt=since).exclude(pk=call.pk).exists()


def _owe_no_more(call: Call, found: Reckoned, facts: Facts, *, at: datetime) -> None:
    """It is told late that it was answered, or that the caller is there again."""
    assert call.ticket is not None
    ringing.unring(call.ticket, _key(call), at=at)
    queues.settle_row(call.ticket, at=at)
    queues.met(call.ticket, by=found.user, at=_taken_at(facts, found) or at)


def _heard_of(call: Call, found: Reckoned, *, at: datetime) -> None:
    """Two voices met: calls in vain of this number before are settled."""
    assert call.ticket is not None
    queues.contact(
        call.ticket, number=call.number, spoke=True, since=found.answered_at or at, at=at
    )


def _only_count(call: Call, ticket: Ticket, *, at: datetime) -> None:
    """A withheld number that said nothing leaves nothing to do: the request is no open one."""
    is_bare = was_opened_by(call) and was_silent(ticket)
    if is_bare and ticket.assignee_id is None:
        closing.close(ticket, by=None, at=at, outcome=Outcome.WITHDRAWN, help=Help.INFO)


def keep_work(
    call: Call, facts: Facts, turn: int, *, user: int | None, until: datetime | None = None
) -> None:
    """The work's seconds are those of its own turn, as reckoned from the facts.

    `until`: the turn is about to end then. A turn without a voice has no talk.
    """
    if call.ticket is None or not turn:
        return
    talk, hold = facts.seconds(turn, until)
    rows = call.ticket.handlings.filter(channel=Channel.PHONE, wrapped_at=None, user=user)
    rows.update(
        ended_at=facts.over(turn) or until, answered_at=facts.spoke(turn),
        talk_seconds=talk, hold_seconds=hold,
    )  # fmt: skip


def _is_made_here(call: Call) -> bool:
    """It was made from a page, so that whoever did not answer is told by the line."""
    return call.direction == Call.Direction.OUT and call.line == Call.Line.PUBLIC


def _keep_nameless(call: Call, facts: Facts) -> None:
    """As `keep_work`, of a call made whose request is named at the wrap-up."""
    talk, hold = facts.seconds(1)
    for row in made.work_of(call):
        row.ended_at, row.answered_at = facts.over(1), facts.spoke(1)
        row.talk_seconds, row.hold_seconds = talk, hold
        row.save()


def _leave_to_be_written(call: Call, *, at: datetime) -> None:
    """Answered at a telephone that is nobody's here: the request waits for whoever writes it down."""
    assert call.ticket is not None
    ticket = Ticket.objects.get(pk=call.ticket.pk)
    if not ticket.is_closed and ticket.assignee_id is None:
        wait(ticket, channel=Channel.WEB, at=at)
