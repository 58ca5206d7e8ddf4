"""SMS and WhatsApp: in with a webhook, out with states.

Played: opt-out words (a number that sent STOP refuses with 21610), WhatsApp's 24 hours (63016
outside of them without a template), unreachable numbers (30003). States of the outgoing ones are
told one by one, so that an adversary can shuffle them; they carry no time of their own.
"""

from collections.abc import Sequence
from datetime import timedelta
from xml.etree import ElementTree

from telephony.simulator import allowed, parameters
from telephony.simulator.posting import Answer, Failure
from telephony.simulator.state import File, Message
from telephony.simulator.values import BadDocument
from telephony.simulator.world import World

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
START = frozenset({"start", "yes", "unstop"})
WINDOW = timedelta(hours=24)
UNREACHABLE = "+212600000000"


def receive(
    world: World, from_: str, to: str, body: str, media: list[str],
    files: Sequence[tuple[str, bytes]] = (),
) -> Message:  # fmt: skip
    """`files`: type and content of each. `media`: addresses as an impostor could send them."""
    kind = "MM" if (media or files) and not from_.startswith("whatsapp:") else "SM"
    message = Message(
        world.ids.new(kind),
        from_,
        to,
        body,
        "inbound",
        world.clock.now,
        "received",
        media=list(media),
        kinds=["image/jpeg"] * len(media),
    )
    for named, content in files:
        one = File(world.ids.new("ME"), named, content, world.ids.token())
        message.files[one.sid] = one
        message.media.append(parameters.file(world.account, message, one))
        message.kinds.append(named)
    world.messages[message.sid] = message
    hooks = world.account.numbers[to]
    world.note("text", sid=message.sid)
    form = parameters.message(world.account, message)
    world.send("message", hooks.message, form, lambda answer: _answered(world, message, answer),
               fallback=hooks.fallback)  # fmt: skip
    return message


def refuses(world: World, to: str) -> bool:
    """They said stop, and no start after it."""
    for one in sorted(world.messages.values(), key=lambda one: one.created, reverse=True):
        word = one.body.strip().lower()
        if one.direction == "inbound" and one.from_ == to and word in STOP | START:
            return word in STOP
    return False


def send(
    world: World, from_: str, to: str, body: str, *, callback: str, template: bool,
    media: list[str], direction: str = "outbound-api",
) -> Message:  # fmt: skip
    message = Message(
        world.ids.new("MM" if media else "SM"), from_, to, body, direction, world.clock.now,
        "queued", callback, media=media,
    )  # fmt: skip
    world.messages[message.sid] = message
    if to.startswith("whatsapp:") and not template and not _talked(world, to):
        world.clock.after(1.5, lambda: _state(world, message, "failed", 63016))
        return message
    world.clock.after(0.5, lambda: _state(world, message, "sent"))
    if to.removeprefix("whatsapp:") == UNREACHABLE:
        world.clock.after(8, lambda: _state(world, message, "undelivered", 30003))
    else:
        world.clock.after(3, lambda: _state(world, message, "delivered"))
        if to.startswith("whatsapp:"):
            world.clock.after(20, lambda: _state(world, message, "read"))
    return message


def _talked(world: World, who: str) -> bool:
    return any(
        one.direction == "inbound" and one.from_ == who and world.clock.now - one.created <= WINDOW
        for one in world.messages.values()
    )


def _state(world: World, message: Message, status: str, error: int = 0) -> None:
    message.status, message.error = status, error
    if status == "sent":
        message.sent = world.clock.now
    world.tell(f"message:{status}", message.callback, parameters.message(world.account, message))


def _answered(world: World, message: Message, answer: Answer | Failure) -> None:
    """A reply in the answer is a message; anything unknown in it is a mistake."""
    if isinstance(answer, Failure) or answer.status == 204:
        return
    if answer.kind.partition(";")[0].strip().lower() not in ("text/xml", "application/xml"):
        raise BadDocument(f"content type {answer.kind!r} for a message")
    try:
        root = ElementTree.fromstring(answer.body)
    except ElementTree.ParseError as wrong:
        raise BadDocument(f"no XML: {wrong}") from wrong
    for verb in root:
        known = allowed.messaging().children.get(verb.tag)
        if known is None or set(verb.attrib) - known.attributes or verb.tag != "Message":
            raise BadDocument(f"<{verb.tag}> in a reply to a message")
        body = "".join(verb.itertext()).strip()
        send(world, message.to, message.from_, body, callback=verb.get("statusCallback", ""),
             template=False, media=[], direction="outbound-reply")  # fmt: skip
