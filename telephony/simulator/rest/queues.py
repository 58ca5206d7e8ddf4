"""Queues and who stands in them. `Front` names the first in line."""

from telephony.simulator import queueing
from telephony.simulator.rest import calls, errors, showing
from telephony.simulator.rest.asked import Reply, Request, route
from telephony.simulator.state import Queue


def _found(request: Request) -> Queue:
    queue = request.world.queues.get(request.ids["QueueSid"])
    if queue is None:
        raise errors.not_found(request.path)
    return queue


def queue_create(request: Request) -> Reply:
    name = request.fields.one("FriendlyName")
    if not 1 <= len(name) <= 64:
        raise errors.wrong("FriendlyName", name)
    if any(one.name == name for one in request.world.queues.values()):
        raise errors.Refusal(400, 22003, "A queue of that name exists")
    queue = queueing.named(request.world, name)
    queue.most = request.fields.number("MaxSize", 1000)
    return Reply(201, showing.queue(request.world.account, queue))


def queue_list(request: Request) -> Reply:
    account = request.world.account
    rows = [showing.queue(account, one) for one in request.world.queues.values()]
    return showing.page(request, "queues", rows)


def queue_fetch(request: Request) -> Reply:
    return Reply(200, showing.queue(request.world.account, _found(request)))


def queue_update(request: Request) -> Reply:
    queue = _found(request)
    queue.name = request.fields.one("FriendlyName", queue.name)
    queue.most = request.fields.number("MaxSize", queue.most)
    return Reply(200, showing.queue(request.world.account, queue))


def queue_delete(request: Request) -> Reply:
    queue = _found(request)
    if queue.members:
        raise errors.Refusal(409, 22005, "The queue is not empty")
    del request.world.queues[queue.sid]
    return Reply(204)


def member_list(request: Request) -> Reply:
    world, queue = request.world, _found(request)
    rows = [
        showing.member(world.account, one, world.clock.now, place + 1)
        for place, one in enumerate(queue.members)
    ]
    return showing.page(request, "queue_members", rows)


def member_fetch(request: Request) -> Reply:
    world, queue = request.world, _found(request)
    for place, one in enumerate(queue.members):
        if request.ids["CallSid"] in (one.call.sid, "Front" if place == 0 else ""):
            return Reply(200, showing.member(world.account, one, world.clock.now, place + 1))
    raise errors.not_found(request.path)


QUEUES = f"{calls.BASE}/Queues"
ROUTES = (
    route("POST", f"{QUEUES}.json", queue_create, "FriendlyName MaxSize"),
    route("GET", f"{QUEUES}.json", queue_list, calls.PAGED),
    route("GET", f"{QUEUES}/{{QueueSid}}.json", queue_fetch),
    route("POST", f"{QUEUES}/{{QueueSid}}.json", queue_update, "FriendlyName MaxSize"),
    route("DELETE", f"{QUEUES}/{{QueueSid}}.json", queue_delete),
    route("GET", f"{QUEUES}/{{QueueSid}}/Members.json", member_list, calls.PAGED),
    route("GET", f"{QUEUES}/{{QueueSid}}/Members/{{CallSid}}.json", member_fetch),
)  # fmt: skip
