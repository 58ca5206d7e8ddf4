"""What a call's state asks of the record: done once however often, and in whatever order, it is told."""

from datetime import datetime, timedelta

from helpdesk.hours.timetables import add_working_minutes
from helpdesk.queues import actions as queues
from helpdesk.queues.actions import choose_queue
from helpdesk.tickets.actions import promising
from helpdesk.tickets.models import Promise
from helpdesk.tickets.rules import Channel
from telephony import providers
from telephony.facts import LEFT, Reckoned, State
from telephony.models import Call, Leg

CALL_BACK_WITHIN = 4 * 60
"""Working minutes within which a caller who left is called back."""
KINDS = {
    State.VOICEMAIL: Promise.Kind.VOICEMAIL, State.CALL_BACK: Promise.Kind.CALL_BACK,
    State.ABANDONED: Promise.Kind.MISSED, State.SHORT: Promise.Kind.MISSED,
    State.CLOSED: Promise.Kind.MISSED, State.FAILED: Promise.Kind.MISSED,
}  # fmt: skip


def settle(call: Call, *, before: State, found: Reckoned, at: datetime) -> None:
    """Bring promises, the line, the work and the legs in step with the state reckoned."""
    if found.ended_at is not None:
        call.legs.filter(left_at=None).update(left_at=found.ended_at)
        call.timers.filter(done_at=None).update(done_at=at)
    if call.ticket is not None:
        if found.state in LEFT:
            _owe(call, found, at=at)
        elif found.state in (State.WRAP_UP, State.DONE):
            _end_talk(call, found)
            if before in LEFT:
                promising.drop_made(call.ticket, key=_key(call), at=at)
    if before != found.state:
        providers.of(call).arrange(call, at=at)


def _key(call: Call) -> str:
    return f"left:{call.pk}"


def _owe(call: Call, found: Reckoned, *, at: datetime) -> None:
    """One open item for what the caller left; a caller nobody can call back is only counted."""
    ticket, kind = call.ticket, KINDS[found.state]
    assert ticket is not None
    queues.release(ticket, at=at)
    is_reachable = bool(call.number or ticket.contact_number or ticket.contact_email)
    if kind == Promise.Kind.MISSED and not is_reachable:
        if call.line == Call.Line.WEB and not ticket.is_closed:
            queues.leave_line(ticket, at=at)
        return
    since = found.ended_at or at
    queue = choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
    until = add_working_minutes(queue.schedule, CALL_BACK_WITHIN, at=since)
    window = (since, max(until, since + timedelta(minutes=30)))
    queues.owe(ticket, kind, window=window, at=at, key=_key(call))


def _end_talk(call: Call, found: Reckoned) -> None:
    """The work's seconds follow the call's: talk and hold as reckoned from its facts."""
    rows = call.ticket.handlings.filter(channel=Channel.PHONE, wrapped_at=None)  # type: ignore[union-attr,misc]
    rows.filter(user=found.user).update(
        ended_at=found.ended_at, answered_at=found.answered_at,
        talk_seconds=found.talk, hold_seconds=found.hold,
    )  # fmt: skip


def caller_leg(call: Call) -> Leg | None:
    """The caller's end while they are there."""
    return call.legs.here().filter(role=Leg.Role.CALLER).first()
