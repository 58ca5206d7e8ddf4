"""`<Enqueue>` and what ends it: `<Leave>`, a hang-up, a move by the REST surface.

The wait document is asked again whenever it is used up. After a REST move two requests are made
that compete: the new document's, and the `action` of the queue with the result "redirected". Either
may come first; the second must not answer with a document that does anything.
"""

from telephony.simulator import parameters
from telephony.simulator.documents import Verb
from telephony.simulator.posting import Answer, Failure, Form
from telephony.simulator.running import Run
from telephony.simulator.state import Call, Member, Queue
from telephony.simulator.world import World

QUICKEST = 1.0
"""Seconds: a wait document over sooner would be asked for without end."""


def named(world: World, name: str) -> Queue:
    """The queue of that name, made when there is none."""
    for queue in world.queues.values():
        if queue.name == name:
            return queue
    queue = Queue(world.ids.new("QU"), name, world.clock.now)
    world.queues[queue.sid] = queue
    return queue


def enqueue(run: Run, verb: Verb) -> None:
    world, call = run.world, run.call
    queue = named(world, verb.text)
    if len(queue.members) >= verb.number("maxQueueSize", queue.most):
        _after(run, verb, {"QueueResult": "queue-full"})
        return
    call.member = Member(call, queue, world.clock.now, verb)
    queue.members.append(call.member)
    call.inner.ended = lambda: _wait(call, world)
    world.note("queued", call, queue=queue.name)
    if verb.get("waitUrl"):
        _ask(call, world)


def leave(run: Run, verb: Verb) -> None:
    call, main = run.call, run.call.main
    member = _out(run.world, call, "leave")
    if member and main.run:
        _after(main.run, member.verb, _told(run.world, member, "leave"))


def hung_up(world: World, call: Call) -> None:
    """The caller went away while waiting: the address is told, its answer changes nothing."""
    member = _out(world, call, "hangup")
    if member:
        form = parameters.voice(world.account, call) | _told(world, member, "hangup")
        world.tell("queue:hangup", member.verb.get("action"), form, call=call.sid)


def moved_out(world: World, call: Call, wait: float) -> None:
    """By the REST surface. `wait`: seconds by which the action comes after the new document."""
    member = _out(world, call, "redirected")
    url = member.verb.get("action") if member else ""
    if member and url:
        form = parameters.voice(world.account, call) | _told(world, member, "redirected")
        world.send(
            "queue:redirected", url, form, lambda answer: _empty(world, call, answer),
            method=member.verb.get("method", "POST"), call=call.sid, wait=wait,
        )  # fmt: skip


def _empty(world: World, call: Call, answer: Answer | Failure) -> None:
    if isinstance(answer, Failure):
        world.note("no document", call, kind="queue:redirected", why=answer.why)
        return
    document = world.reader.read(answer.body, answer.kind, answer.url)
    if document.verbs:
        world.complain(f"the action of a moved call answers <{document.verbs[0].name}>")


def _out(world: World, call: Call, result: str) -> Member | None:
    member, call.member = call.member, None
    if member:
        member.queue.members.remove(member)
        member.queue.waits.append((world.clock.now - member.since).total_seconds())
        call.inner.stop()
        world.note("dequeued", call, result=result)
    return member


def _told(world: World, member: Member, result: str) -> Form:
    waited = (world.clock.now - member.since).total_seconds()
    return {
        "QueueResult": result,
        "QueueSid": member.queue.sid,
        "QueueTime": parameters.whole(waited),
    }


def _after(run: Run, verb: Verb, told: Form) -> None:
    if verb.get("action"):
        kind = f"queue:{told['QueueResult']}"
        run.flow.ask(kind, verb.get("action"), verb.get("method", "POST"), told)
    else:
        run.step()


def _wait(call: Call, world: World) -> None:
    run = call.inner.run
    if run and (world.clock.now - run.began).total_seconds() < QUICKEST:
        world.complain("a wait document that is over in less than a second")
    if call.member and call.member.verb.get("waitUrl"):
        _ask(call, world)


def _ask(call: Call, world: World) -> None:
    member = call.member
    if member:
        queue = member.queue
        waited = (world.clock.now - member.since).total_seconds()
        extra = {
            "QueueSid": queue.sid, "QueueTime": parameters.whole(waited),
            "QueuePosition": str(queue.members.index(member) + 1),
            "AvgQueueTime": str(queue.average()), "CurrentQueueSize": str(len(queue.members)),
        }  # fmt: skip
        verb = member.verb
        call.inner.place = "wait"
        call.inner.ask("wait", verb.get("waitUrl"), verb.get("waitUrlMethod", "POST"), extra)
