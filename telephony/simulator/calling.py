"""Calls begin, are answered, are moved and end.

A number's own status address is told only of the end; a call made over the REST surface tells what it
was asked to. Creations over REST are begun one a second, the rest wait.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from telephony.simulator import queueing, recording, room_recording, rooms
from telephony.simulator.documents import Document, Verb
from telephony.simulator.flow import Flow
from telephony.simulator.people import Person
from telephony.simulator.running import Run
from telephony.simulator.state import OVER, Call, Hooks
from telephony.simulator.world import World

if TYPE_CHECKING:
    from telephony.simulator.simulator import Simulator

PER_SECOND = 1
"""Creations over REST, by default."""
RINGS = 60
"""Seconds, unless the creation says otherwise."""
GAP = 0.05
"""Seconds between the two requests after a move."""


def ring(world: World, number: str, to: str, person: Person) -> Call:
    """Somebody calls one of our numbers."""
    call = _call(world, number, to, "inbound", world.account.numbers[to], person, "ringing")
    world.note("arrived", call, number=number, kind="telephone")
    _begin(world, call)
    return call


def connect(
    world: World, identity: str, application: str, custom: dict[str, str], person: Person
) -> Call:
    """A browser dials in: `device.connect({params})`."""
    hooks = world.account.applications[application]
    call = _call(world, f"client:{identity}", "", "inbound", hooks, person, "ringing")
    call.custom = {**custom, "ApplicationSid": application}
    world.note("arrived", call, number=call.from_, kind="browser")
    _begin(world, call)
    return call


def place(
    world: World, from_: str, to: str, hooks: Hooks, events: tuple[str, ...], *,
    timeout: int = RINGS, limit: int = 0,
) -> Call:  # fmt: skip
    """Over REST. It stands in line for its second; who is called decides whether it is answered.

    `timeout`: seconds of ringing; `limit`: seconds after which an answered one is ended, 0: never."""
    person = world.callee(to)
    call = _call(world, from_, to, "outbound-api", hooks, person, "queued")
    call.events = events
    at = max(world.clock.now, world.next_dial)
    world.next_dial = at + timedelta(seconds=1 / PER_SECOND)
    wait = (at - world.clock.now).total_seconds()
    call.queue_time = int(wait * 1000)
    world.note("arrived", call, number=to, kind="outbound")
    call.timeout, call.limit = timeout, limit
    world.clock.after(wait, lambda: _dial(world, call))
    return call


def _call(
    world: World, from_: str, to: str, direction: str, hooks: Hooks, person: Person, status: str
) -> Call:
    call = Call(world.ids.new("CA"), from_, to, direction, world.clock.now, status, hooks)
    call.person, person.world = person, cast("Simulator", world)
    call.main, call.inner = Flow(world, call, "call"), Flow(world, call, "wait")
    call.main.ended = lambda: hang_up(world, call, by="document")
    call.main.failed = lambda: hang_up(world, call, by="error")
    world.calls[call.sid] = call
    return call


def _begin(world: World, call: Call) -> None:
    """Answered by the first document, unless it refuses."""

    def first(document: Document) -> None:
        if not (document.verbs and document.verbs[0].name == "Reject"):
            answered(world, call)

    call.main.first = first
    call.main.ask("voice", call.hooks.voice, extra=dict(call.custom))


def answered(world: World, call: Call) -> None:
    if call.status not in OVER and call.started is None:
        call.status, call.started = "in-progress", world.clock.now
        world.note("answered", call)
        if call.direction != "inbound":
            world.changed(call, "answered")


def _dial(world: World, call: Call) -> None:
    if call.over:
        return
    world.changed(call, "initiated")
    world.clock.after(1.0, lambda: _rings(world, call))


def _rings(world: World, call: Call) -> None:
    if call.over:
        return
    call.status = "ringing"
    world.changed(call, "ringing")
    answers = call.person.answers(call)
    if not isinstance(answers, str) and answers > call.timeout:
        answers = "no-answer"
    if isinstance(answers, str):
        status, wait = answers, float(call.timeout) if answers == "no-answer" else 1.0
        world.clock.after(wait, lambda: hang_up(world, call, by="callee", status=status))
    else:
        world.clock.after(answers, lambda: _picked_up(world, call))


def _picked_up(world: World, call: Call) -> None:
    if call.over:
        return
    answered(world, call)
    if call.limit:
        world.clock.after(call.limit, lambda: hang_up(world, call, by="limit"))
    if call.participant:
        person = call.participant
        if person.room.status == "completed":
            hang_up(world, call, by="error")
        else:
            person.here, person.status = True, "connected"
            rooms.join(world, person.room, person)
    elif call.document:
        call.main.carry(call.document)
    else:
        call.main.ask("voice", call.hooks.voice)


def hang_up(world: World, call: Call, *, by: str, status: str = "completed") -> None:
    """The end, whoever brings it: caller, document, api, error, callee. Harmless when repeated."""
    if call.over:
        return
    if status == "completed" and call.started is None:
        status = "no-answer" if by == "caller" else "failed" if by == "error" else "canceled"
    call.status, call.ended = status, world.clock.now
    recording.hung_up(world, call)
    call.main.stop()
    queueing.hung_up(world, call)
    rooms.leave(world, call, rooms.HUNG_UP)
    for one in world.recordings.values():
        if one.call == call.sid:
            room_recording.stop(world, one)
    call.inner.stop()
    world.note("ended", call, by=by, status=status)
    world.changed(call, "completed")


def move(world: World, call: Call, url: str, method: str, document: Document | None) -> None:
    """By the REST surface, wherever the call is. An inline document is carried out at once."""
    first = world.adversary.moves_first()
    waits = call.member is not None
    queueing.moved_out(world, call, GAP if first else 0)
    rooms.leave(world, call, rooms.MOVED)
    call.taking = None
    world.note("moved", call)
    if document:
        call.main.carry(document)
    else:
        call.main.ask("move", url, method, wait=GAP if waits and not first else 0)


def _hangup(run: Run, verb: Verb) -> None:
    hang_up(run.world, run.call, by="document")


def _reject(run: Run, verb: Verb) -> None:
    busy = verb.get("reason", "rejected") == "busy"
    status = "busy" if busy else "no-answer"
    hang_up(run.world, run.call, by="document", status=status)


VERBS: dict[str, Any] = {
    "Enqueue": queueing.enqueue, "Leave": queueing.leave, "Dial": rooms.dial,
    "Record": recording.begin, "Hangup": _hangup, "Reject": _reject,
}  # fmt: skip
