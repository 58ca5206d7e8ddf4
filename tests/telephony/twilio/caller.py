"""A caller's telephone and an advisor's page at Twilio, as our doors see them: what they do is posted, what
is answered is read strictly."""

import itertools
from typing import Any

from telephony import providers
from telephony.models import Call, Leg
from telephony.providers.twilio import claims
from telephony.providers.twilio.models import Order, Room, Voice
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import twiml

ROOT = "/hooks/twilio/"
_numbers = itertools.count(1)


class End:
    """One voice at Twilio. `asked` posts to a door and reads its document, `told` posts what happened."""

    def __init__(self, **fields: str) -> None:
        self.number = next(_numbers)
        self.sid = c.sid("CA", self.number)
        self.carrier, self.fields = c.Carrier(), fields

    def sent(self, **more: str) -> dict[str, str]:
        return c.of_call(self.number, **{**self.fields, **more})

    def asked(self, door: str, **more: str) -> Any:
        answer = self.carrier.post(f"{ROOT}{door}", self.sent(**more))
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        return twiml.read(answer.content.decode())

    def told(self, door: str, **more: str) -> None:
        answer = self.carrier.post(f"{ROOT}{door}", self.sent(**more))
        assert (answer.status_code, answer.content) == (204, b"")

    def in_room(self, event: str, room: Room, *, number: int = 0, at: str = "") -> None:
        """The room tells of this voice."""
        sent = {
            "AccountSid": c.ACCOUNT, "CallSid": self.sid, "ConferenceSid": c.sid("CF", room.pk + number),
            "FriendlyName": room.name, "StatusCallbackEvent": event, "SequenceNumber": "1",
            **({"Timestamp": at} if at else {}),
        }  # fmt: skip
        assert self.carrier.post(f"{ROOT}room/", sent).status_code == 204

    def hangs_up(self, **more: str) -> None:
        self.told("status/", **{"CallStatus": "completed", "CallDuration": "10", **more})

    @property
    def voice(self) -> Voice:
        return Voice.objects.select_related("leg", "room").get(sid=self.sid)


class Telephone(End):
    """A caller's. `waits()` is in line, Darija chosen, no theme."""

    def __init__(self, number: str = c.CALLER) -> None:
        super().__init__(From=number, Caller=number)

    def rings(self) -> Any:
        return self.asked("voice/")

    def presses(self, door: str, key: str) -> Any:
        return self.asked(door, Digits=key, CallStatus="in-progress")

    def listens(self) -> Any:
        """Asks what is heard in line."""
        return self.asked("wait/", QueueSid=c.sid("QU"), QueuePosition="1", QueueTime="3")

    def leaves_line(self, result: str) -> Any:
        return self.asked("left/", QueueResult=result, QueueSid=c.sid("QU"), QueueTime="9")

    def waits(self, language: str = "2", theme: str = "0") -> Call:
        self.rings()
        self.presses("language/1/", language)
        self.presses("theme/1/", theme)
        self.listens()
        return self.call

    @property
    def call(self) -> Call:
        return Call.objects.select_related("ticket", "payload").get(key=f"public:{self.sid}")


class Page(End):
    """The page of an advisor, or of somebody who joins, with its leg."""

    def __init__(self, leg: Leg) -> None:
        self.leg = leg
        super().__init__(From=f"client:{claims.identity(leg.user)}", To="", Direction="inbound")

    def connects(self, code: str) -> Any:
        return self.asked("application/", claim=code)

    def comes(self, code: str) -> Any:
        """Connects with a code, and is heard in the room."""
        document = self.connects(code)
        self.in_room("participant-join", self.voice.room)
        return document


def code(leg: Leg) -> str:
    return providers.of(leg.call).pass_for(leg)


def orders(*kinds: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Those written and not called off: kind, role of the voice, data."""
    rows = Order.objects.open().exclude(kind="look").select_related("voice__leg").order_by("pk")
    found = [(one.kind, one.voice.leg.role if one.voice else "", one.data) for one in rows]
    return [one for one in found if not kinds or one[0] in kinds]


def sent() -> None:
    """Whatever was ordered has gone out."""
    Order.objects.open().update(sent_at=make.NOW, done_at=make.NOW)


class Talk:
    """Caller and advisor are both in the room."""

    def __init__(self, telephone: Telephone, leg: Leg, *, calls_off: bool = True) -> None:
        self.telephone, self.leg, self.page = telephone, leg, Page(leg)
        self.page.comes(code(leg))
        self.telephone.asked(f"enter/{self.room.name}/")
        self.telephone.in_room("participant-join", self.room)
        if calls_off:
            sent()

    @property
    def room(self) -> Room:
        return Room.objects.filter(call=self.leg.call_id).latest("pk")

    @property
    def call(self) -> Call:
        return self.telephone.call
