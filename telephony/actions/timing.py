"""Timers of a call: rows that a sweep of each second runs once, by compare-and-set.

Nothing is remembered in a process: after a restart everything that is due is still a row.
"""

from datetime import datetime, timedelta

from helpdesk.queues.reception import longest_wait
from telephony import providers
from telephony.models import Call, Leg, Timer

Kind = Timer.Kind
JOIN_WITHIN = timedelta(seconds=12)
"""An advisor whose voice is not there by then gives the call back."""
SILENT_WAITING = timedelta(seconds=90)
"""A waiting caller's page not heard of for so long is gone."""
SILENT_TALKING = timedelta(seconds=45)
"""A talking caller not heard of for so long is lost."""
RINGS_FOR = timedelta(seconds=35)
"""Whoever is called is given so long to answer: shorter than most answering machines."""
ADVISOR_BACK_WITHIN = timedelta(seconds=20)
"""An advisor whose page is gone and does not come back: the caller is first in line again."""
NO_END = timedelta(hours=4)


def start(call: Call, kind: Timer.Kind, *, due_at: datetime, turn: int = 0) -> None:
    """Begin a timer, or begin it anew."""
    _start([Timer(call=call, kind=kind, turn=turn, due_at=due_at)])


def _start(timers: list[Timer]) -> None:
    Timer.objects.bulk_create(
        timers, update_conflicts=True, unique_fields=["call", "kind", "turn"],
        update_fields=["due_at", "done_at"],
    )  # fmt: skip


def start_waiting(call: Call, *, at: datetime) -> None:
    """What is due on a call that stands in line."""
    due = {Kind.LONG_WAIT: call.started_at + longest_wait(call.ticket_id),
           Kind.NO_END: call.started_at + NO_END}  # fmt: skip
    if providers.of(call).capabilities.is_heard_of:
        due[Kind.CALLER_SILENT] = at + SILENT_WAITING
    _start([Timer(call=call, kind=kind, due_at=when) for kind, when in due.items()])


def expect_join(call: Call, *, turn: int, at: datetime) -> None:
    due = {Kind.JOIN: at + JOIN_WITHIN}
    if providers.of(call).capabilities.is_heard_of:
        due[Kind.ADVISOR_SILENT] = at + ADVISOR_BACK_WITHIN
    _start([Timer(call=call, kind=kind, turn=turn, due_at=when) for kind, when in due.items()])


def hasten(leg: Leg, *, at: datetime) -> None:
    """A page is being left: look sooner whether it came back."""
    silent = {Leg.Role.ADVISOR: Kind.ADVISOR_SILENT, Leg.Role.CALLER: Kind.CALLER_SILENT}
    kind = silent.get(Leg.Role(leg.role))
    if kind is not None:
        turn = leg.turn if kind == Kind.ADVISOR_SILENT else 0
        start(leg.call, kind, due_at=at + ADVISOR_BACK_WITHIN, turn=turn)


def run_once(timer: Timer, *, at: datetime) -> bool:
    """Whether this process was the one to run it."""
    return bool(Timer.objects.filter(pk=timer.pk, done_at=None).update(done_at=at))
