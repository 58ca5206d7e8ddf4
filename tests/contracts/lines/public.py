"""The public network: our adapter, and the simulated network as what carries the voices."""

from datetime import datetime
from typing import Any

from telephony.providers.twilio import claims
from telephony.simulator.people import Keys, Person
from telephony.simulator.state import Call as Line
from telephony.simulator.state import Participant
from tests.contracts.lines.stage import CALL_BACK, CALLER, NUMBER, Heard, Stage
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.world import build

KEYS = {CALL_BACK: "1"}
MENU = ["2", "0"]
"""Darija, and no theme."""


class Holder(Person):
    """Of the telephone: presses what is in `presses`, and speaks so long after a tone."""

    def __init__(self) -> None:
        self.presses, self.spoken = list(MENU), 0.0

    def keys(self, call: Line, gather: Any) -> Keys | None:
        return Keys(self.presses.pop(0)) if self.presses else None

    def message(self, call: Line, record: Any) -> float:
        return self.spoken


class PublicStage(Stage):
    line = "public"

    def __init__(self, people: dict[str, Any], monkeypatch: Any) -> None:
        super().__init__(people)
        self.world, self.desk = build(list(people.values()), monkeypatch, seed=1)
        self.names = {claims.identity(user): name for name, user in people.items()}
        self.holder, self.telephone = Holder(), None
        self.voices: dict[str, Line] = {}

    @property
    def now(self) -> datetime:
        return self.world.clock.now

    def run(self, seconds: float) -> None:
        self.world.run(seconds)

    def rings(self, *, agrees: bool = False) -> None:
        self.telephone: Line | None = self.world.ring(NUMBER, c.OUR_NUMBER, self.holder)
        while self.telephone.member is None:
            self.run(1)

    def wishes(self, way: str) -> None:
        self.rings()
        self.holder.spoken = 3.0
        self.holder.presses = [KEYS.get(way, "2")]
        self.run(90)

    def caller_hangs_up(self) -> None:
        assert self.telephone is not None
        self.world.hang_up(self.telephone)
        self.run(2)

    def page_comes(self, name: str) -> None:
        with self.at_the_moment():
            given = self.clients[name].post(f"/desk/calls/{self.call.pk}/coming/").json()
        identity = claims.identity(self.people[name])
        self.voices[name] = self.world.connect(identity, c.APP, Person(), claim=given["claim"])
        self.run(1)

    def page_goes(self, name: str) -> None:
        self.world.hang_up(self.voices[name])
        self.run(1)

    def records(self, name: str, seconds: int) -> None:
        self.run(seconds)

    def hears(self) -> Heard:
        found: Heard = set()
        for room in self.world.rooms.values():
            here = [one for one in room.participants if one.here and not one.hold]
            if room.status == "in-progress":
                found |= {
                    (self._name(ear), self._name(mouth)) for ear in here for mouth in here
                    if ear is not mouth and _reaches(mouth, ear)
                }  # fmt: skip
        return found

    def _name(self, one: Participant) -> str:
        return self.names.get(one.call.identity, CALLER)


def _reaches(mouth: Participant, ear: Participant) -> bool:
    return not mouth.muted and mouth.coach in ("", ear.call.sid)
