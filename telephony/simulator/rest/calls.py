"""Calls: made, looked at, moved, ended, deleted; what was asked of the server in one."""

from datetime import UTC, datetime

from telephony.simulator import calling
from telephony.simulator.documents import Document
from telephony.simulator.rest import errors, showing
from telephony.simulator.rest.asked import Fields, Reply, Request, route
from telephony.simulator.state import Call, Hooks

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
ENDS = frozenset({"completed", "canceled"})


def found(request: Request, name: str = "CallSid") -> Call:
    call = request.world.calls.get(request.ids[name])
    if call is None:
        raise errors.not_found(request.path)
    return call


def inline(request: Request) -> Document | None:
    """The document sent inside the request: every address in it absolute."""
    text = request.fields.one("Twiml")
    return request.world.reader.read(text.encode(), "text/xml", "") if text else None


def events(request: Request, name: str = "StatusCallbackEvent") -> tuple[str, ...]:
    given = request.fields.all(name, ("completed",))
    if unknown := set(given) - EVENTS:
        raise errors.wrong(name, ", ".join(sorted(unknown)))
    return given


def dialled(request: Request) -> tuple[str, str]:
    """From and To: ours or a browser's, and a number in a country that may be dialled."""
    world, fields = request.world, request.fields
    from_, to = fields.one("From"), fields.one("To")
    if not to or not from_:
        raise errors.missing("To" if not to else "From")
    if from_ not in world.account.numbers and not from_.startswith("client:"):
        raise errors.Refusal(400, 21210, f"'From' {from_} is not one of the account's numbers")
    if not to.startswith("client:"):
        if not to.startswith("+") or not to[1:].isdigit() or not 8 <= len(to[1:]) <= 15:
            raise errors.Refusal(400, 21211, f"Invalid 'To' phone number: {to}")
        if to.startswith("+212") != ("MA" in world.account.countries):
            raise errors.Refusal(400, 21215, f"Account not authorized to call {to}")
    return from_, to


def patience(request: Request) -> dict[str, int]:
    fields = request.fields
    timeout, limit = fields.number("Timeout", calling.RINGS), fields.number("TimeLimit", 0)
    if not 1 <= timeout <= 600:
        raise errors.wrong("Timeout", str(timeout))
    return {"timeout": timeout, "limit": limit}


def call_create(request: Request) -> Reply:
    fields, world = request.fields, request.world
    from_, to = dialled(request)
    url, document = fields.one("Url"), inline(request)
    if bool(url) == bool(document):
        raise errors.Refusal(400, 21205, "Url or Twiml, one of them")
    if url:
        world.reader.address(url, "")
    hooks = Hooks(url, fields.one("FallbackUrl"), fields.one("StatusCallback"))
    call = calling.place(world, from_, to, hooks, events(request), **patience(request))
    call.document = document
    return Reply(201, showing.call(world.account, call))


def call_fetch(request: Request) -> Reply:
    return Reply(200, showing.call(request.world.account, found(request)))


def call_update(request: Request) -> Reply:
    """Moved to a document, or ended. 21220 once it is over, or not yet answered."""
    call, fields, world = found(request), request.fields, request.world
    if "Status" in fields:
        if fields.one("Status") not in ENDS:
            raise errors.wrong("Status", fields.one("Status"))
        if call.over:
            raise errors.not_in_progress()
        status = "completed" if call.started else "canceled"
        calling.hang_up(world, call, by="api", status=status)
        return Reply(200, showing.call(world.account, call))
    if call.status != "in-progress":
        raise errors.not_in_progress()
    document, url = inline(request), fields.one("Url")
    if bool(url) == (document is not None):
        raise errors.Refusal(400, 21205, "Url or Twiml, one of them")
    if url:
        world.reader.address(url, "")
    calling.move(world, call, url, fields.one("Method", "POST"), document)
    return Reply(200, showing.call(world.account, call))


def call_delete(request: Request) -> Reply:
    call = found(request)
    if not call.over:
        raise errors.Refusal(409, 20409, "The call is still under way")
    del request.world.calls[call.sid]
    return Reply(204)


def call_list(request: Request) -> Reply:
    """Newest first, by status, ends and numbers."""
    fields = request.fields
    rows = [
        call for call in request.world.calls.values()
        if fields.one("Status") in ("", call.status)
        and fields.one("From") in ("", call.from_) and fields.one("To") in ("", call.to)
        and within(fields, "StartTime", call.started or call.created)
    ]  # fmt: skip
    rows.sort(key=lambda call: call.created, reverse=True)
    return showing.page(request, "calls", [showing.call(request.world.account, x) for x in rows])


def within(fields: Fields, name: str, at: datetime) -> bool:
    """By the two bounds that a list may be asked for."""
    low, high = moment(fields.one(f"{name}>")), moment(fields.one(f"{name}<"))
    return (low is None or at >= low) and (high is None or at <= high)


def moment(text: str) -> datetime | None:
    """A date is its beginning. 20001 when it is none."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise errors.wrong("StartTime", text)
    return at.replace(tzinfo=at.tzinfo or UTC) if at else None


def call_events(request: Request) -> Reply:
    call = found(request)
    rows = [
        {
            "request": {"method": "POST", "url": one.url, "parameters": one.form},
            "response": {
                "response_code": one.status, "response_body": one.body,
                "date_created": one.at.isoformat(),
            },
        }
        for one in call.requests
    ]  # fmt: skip
    return showing.page(request, "events", rows)


def member_move(request: Request) -> Reply:
    """Takes exactly this caller out of the queue, to a document."""
    world, fields = request.world, request.fields
    call = world.calls.get(request.ids["CallSid"])
    name = request.ids["QueueSid"]
    if name not in world.queues:
        raise errors.not_found(request.path)
    if call is None or call.over:
        raise errors.not_in_progress() if call else errors.not_found(request.path)
    if call.member is None or call.member.queue.sid != name:
        raise errors.not_found(request.path)
    if not fields.one("Url"):
        raise errors.missing("Url")
    member = call.member
    world.reader.address(fields.one("Url"), "")
    shown = showing.member(world.account, member, world.clock.now,
                           member.queue.members.index(member) + 1)  # fmt: skip
    calling.move(world, call, fields.one("Url"), fields.one("Method", "POST"), None)
    return Reply(200, shown)


BASE = "/2010-04-01/Accounts/{AccountSid}"
PAGED = "PageSize Page PageToken"
ROUTES = (
    route("POST", f"{BASE}/Calls.json", call_create,
          "To From Url Twiml Method FallbackUrl StatusCallback StatusCallbackEvent Timeout "
          "StatusCallbackMethod TimeLimit"),
    route("GET", f"{BASE}/Calls.json", call_list,
          f"To From Status StartTime> StartTime< {PAGED}"),
    route("GET", f"{BASE}/Calls/{{CallSid}}.json", call_fetch),
    route("POST", f"{BASE}/Calls/{{CallSid}}.json", call_update, "Url Method Twiml Status"),
    route("DELETE", f"{BASE}/Calls/{{CallSid}}.json", call_delete),
    route("GET", f"{BASE}/Calls/{{CallSid}}/Events.json", call_events, PAGED),
    route("POST", f"{BASE}/Queues/{{QueueSid}}/Members/{{CallSid}}.json", member_move,
          "Url Method"),
)  # fmt: skip
