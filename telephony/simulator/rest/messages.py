"""Messages sent, looked at, deleted."""

from telephony.simulator import messaging
from telephony.simulator.rest import calls, errors, showing
from telephony.simulator.rest.asked import Reply, Request, route
from telephony.simulator.state import File, Message

LONGEST = 1600


def _found(request: Request) -> Message:
    message = request.world.messages.get(request.ids["MessageSid"])
    if message is None:
        raise errors.not_found(request.path)
    return message


def message_create(request: Request) -> Reply:
    world, fields = request.world, request.fields
    from_, to, body = fields.one("From"), fields.one("To"), fields.one("Body")
    if not to or not from_:
        raise errors.missing("To" if not to else "From")
    if from_ not in world.account.numbers:
        raise errors.Refusal(400, 21606, f"'From' {from_} is not one of the account's numbers")
    if from_.startswith("whatsapp:") != to.startswith("whatsapp:"):
        raise errors.Refusal(400, 63007, "From and To on different channels")
    if not to.removeprefix("whatsapp:").startswith("+"):
        raise errors.Refusal(400, 21211, f"Invalid 'To' phone number: {to}")
    if not body and not fields.one("ContentSid") and not fields.all("MediaUrl"):
        raise errors.Refusal(400, 21602, "Message body is required")
    if len(body) > LONGEST:
        raise errors.Refusal(400, 21617, f"{len(body)} characters, {LONGEST} at most")
    if messaging.refuses(world, to):
        raise errors.Refusal(400, 21610, "The recipient has opted out")
    message = messaging.send(
        world, from_, to, body, callback=fields.one("StatusCallback"),
        template=bool(fields.one("ContentSid")), media=list(fields.all("MediaUrl")),
    )  # fmt: skip
    return Reply(201, showing.message(world.account, message))


def message_fetch(request: Request) -> Reply:
    return Reply(200, showing.message(request.world.account, _found(request)))


def message_list(request: Request) -> Reply:
    fields = request.fields
    rows = [
        showing.message(request.world.account, one)
        for one in reversed(request.world.messages.values())
        if fields.one("To") in ("", one.to) and fields.one("From") in ("", one.from_)
        and calls.within(fields, "DateSent", one.sent or one.created)
    ]  # fmt: skip
    return showing.page(request, "messages", rows)


def message_update(request: Request) -> Reply:
    """Its text taken out: an empty Body."""
    message = _found(request)
    if request.fields.one("Body", "x"):
        raise errors.wrong("Body", "only an empty one")
    message.body = ""
    return Reply(200, showing.message(request.world.account, message))


def message_delete(request: Request) -> Reply:
    message = _found(request)
    if message.status in ("queued", "sending"):
        raise errors.Refusal(409, 20009, "The message is still under way")
    del request.world.messages[message.sid]
    return Reply(204)


def _file(request: Request) -> File:
    found = _found(request).files.get(request.ids["MediaSid"])
    if found is None:
        raise errors.not_found(request.path)
    return found


def media_content(request: Request) -> Reply:
    """By itself it leads on to the store, whose address holds for four hours."""
    return Reply(307, b"", "text/html", leads_to=f"{STORE}/{_file(request).token}")


def media_fetch(request: Request) -> Reply:
    return Reply(200, showing.media_of(request.world.account, _found(request), _file(request)))


def media_list(request: Request) -> Reply:
    message, account = _found(request), request.world.account
    rows = [showing.media_of(account, message, one) for one in message.files.values()]
    return showing.page(request, "media_list", rows)


def media_delete(request: Request) -> Reply:
    one = _file(request)
    del _found(request).files[one.sid]
    request.world.note("file deleted", media=one.sid)
    return Reply(204)


def stored(request: Request) -> Reply:
    """What the store gives out: to whoever knows the address."""
    for message in request.world.messages.values():
        for one in message.files.values():
            if one.token == request.ids["Token"]:
                return Reply(200, one.content, one.kind)
    raise errors.not_found(request.path)


STORE = "https://mms.twiliocdn.com/stored"
ONE = f"{calls.BASE}/Messages/{{MessageSid}}.json"
OF_ONE = f"{calls.BASE}/Messages/{{MessageSid}}/Media"
ROUTES = (
    route("POST", f"{calls.BASE}/Messages.json", message_create,
          "To From Body StatusCallback MediaUrl ContentSid ContentVariables ValidityPeriod "
          "SmartEncoded"),
    route("GET", f"{calls.BASE}/Messages.json", message_list, f"To From DateSent> DateSent< {calls.PAGED}"),
    route("GET", ONE, message_fetch),
    route("POST", ONE, message_update, "Body"),
    route("DELETE", ONE, message_delete),
    route("GET", f"{OF_ONE}.json", media_list, calls.PAGED),
    route("GET", f"{OF_ONE}/{{MediaSid}}.json", media_fetch),
    route("DELETE", f"{OF_ONE}/{{MediaSid}}.json", media_delete),
    route("GET", f"{OF_ONE}/{{MediaSid}}", media_content),
    route("GET", "/stored/{Token}", stored, is_open=True),
)  # fmt: skip
