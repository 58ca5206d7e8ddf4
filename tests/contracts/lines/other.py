"""A third line that is none of ours: an exchange that counts instead of naming, lays single wires instead of
rooms or links, asks everything before a caller waits, and hears of nothing while they do.
"""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import time_machine
from django.db import transaction

from helpdesk.associations.numbers import Number
from telephony import actions, providers
from telephony.actions import answering, fetched
from telephony.actions.calling import Caller
from telephony.facts import Why
from telephony.models import Call, Leg
from telephony.providers.port import Page
from tests import make
from tests.contracts.lines.stage import CALL_BACK, CALLER, NUMBER, Heard, Stage
from tests.telephony.twilio.answers import wav

WEBHOOK = actions.Source.WEBHOOK
Mode, Role = Leg.Mode, Leg.Role


@dataclass
class Trunk:
    """One call as the exchange counts it."""

    number: int
    jacks: set[int] = field(default_factory=set)
    """Ends that are plugged in, each by the number of its leg."""
    wires: set[tuple[int, int]] = field(default_factory=set)
    """From an ear to a mouth."""
    told: set[tuple[int, int]] = field(default_factory=set)
    """Ends and turns of which it was said that their voice is there."""


class Exchange:
    """Its state is in these objects alone; `patch` is all it is ever asked."""

    def __init__(self) -> None:
        self.numbers = itertools.count(41)
        self.trunks: dict[int, Trunk] = {}
        """By the number of the call with us."""
        self.news: list[tuple[Trunk, int]] = []
        """Wires that were laid, to be told of a second later."""

    def patch(self, call: int) -> None:
        """Lay the wires that the rows ask for, and cut the others."""
        row, trunk = Call.objects.get(pk=call), self.trunks[call]
        legs = [one for one in row.legs.here() if one.pk in trunk.jacks] if row.has_voice else []
        advisor = next((one for one in legs if one.turn and one.turn == row.turn), None)
        trunk.wires = wires(legs, advisor) if advisor else set()
        self.news += [(trunk, call)] if trunk.wires else []


def wires(legs: list[Leg], advisor: Leg) -> set[tuple[int, int]]:
    on_hold = advisor.mode == Mode.HOLD
    speaks: dict[int, list[Leg]] = {}
    for one in legs:
        others = [leg for leg in legs if leg != one]
        if one.mode == Mode.LISTEN or (one.role == Role.CALLER and on_hold):
            reached = []
        elif one.mode == Mode.WHISPER:
            reached = [advisor]
        else:
            reached = [leg for leg in others if not (leg.role == Role.CALLER and on_hold)]
        speaks[one.pk] = reached
    return {(ear.pk, mouth) for mouth, reached in speaks.items() for ear in reached}


class OtherLine:
    capabilities = providers.Capabilities(
        voice_in_page=True, hold=True, transfer=True, listen=True, keys_while_waiting=False
    )

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def arrange(self, call: Any, *, at: datetime) -> None:
        transaction.on_commit(partial(self.exchange.patch, call.pk))

    def reconcile(self, call: Any, *, at: datetime) -> int:
        return 0

    def pass_for(self, leg: Any) -> str:
        return str(leg.pk)

    def page_of(self, call: Any) -> Page:
        return Page()


class OtherStage(Stage):
    line = "other"

    def __init__(
        self, people: dict[str, Any], clock: time_machine.Traveller, monkeypatch: Any
    ) -> None:
        super().__init__(people)
        self.clock, self._now, self.exchange = clock, make.NOW, Exchange()
        ours, known = OtherLine(self.exchange), providers.by_line
        monkeypatch.setattr(
            providers, "by_line", lambda line: ours if line == self.line else known(line)
        )

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def trunk(self) -> Trunk:
        return self.exchange.trunks[self.call.pk]

    def run(self, seconds: float) -> None:
        for _second in range(int(seconds)):
            self._now += timedelta(seconds=1)
            self.clock.move_to(self._now)
            news, self.exchange.news = self.exchange.news, []
            for trunk, call in news:
                self._tell(trunk, Call.objects.get(pk=call))
            self.sweep()

    def rings(self, *, agrees: bool = False) -> None:
        call = self._arrives()
        answering.stand_in_line(call, at=self.now)
        self.trunk.jacks.add(self._end(Role.CALLER).pk)

    def wishes(self, way: str) -> None:
        """Asked before there is a line to stand in."""
        call = self._arrives()
        if way == CALL_BACK:
            answering.ask_call_back(call, at=self.now)
            return
        answering.over(call, why=Why.CALLER, at=self.now, received_at=self.now)
        self.run(5)
        key = f"tape:{self.trunk.number}"
        answering.message_came(self.call, at=self.now, key=key)
        leg = call.legs.get(role=Role.CALLER)
        fetched.keep_message(leg, wav(3), seconds=3, key=key, at=self.now)

    def caller_hangs_up(self) -> None:
        answering.over(self.call, why=Why.CALLER, at=self.now, received_at=self.now, key="on-hook")
        self.run(2)

    def page_comes(self, name: str) -> None:
        """A page is let in by the number it was given."""
        leg = self.call.legs.here().get(user=self.people[name])
        self.trunk.jacks.add(int(providers.of(leg.call).pass_for(leg)))
        if leg.mode == Mode.CONSULT:
            actions.accept(leg, at=self.now)
        actions.seen(leg, at=self.now)
        self.exchange.patch(leg.call_id)
        self.run(1)

    def page_goes(self, name: str) -> None:
        leg = self.call.legs.here().get(user=self.people[name])
        self.trunk.jacks.discard(leg.pk)
        actions.leave_page(leg, at=self.now)
        self.exchange.patch(leg.call_id)

    def records(self, name: str, seconds: int) -> None:
        self.run(seconds)

    def hears(self) -> Heard:
        known = {user.pk: name for name, user in self.people.items()}
        names = {leg.pk: known.get(leg.user_id, CALLER) for leg in self.call.legs.all()}
        return {(names[ear], names[mouth]) for ear, mouth in self.trunk.wires}

    def _arrives(self) -> Call:
        number = next(self.exchange.numbers)
        caller = Caller(number=Number.parse(NUMBER), language="ar")
        with transaction.atomic():
            call = answering.ring(
                self.line, caller, centre=make.centre(), at=self.now, key=f"other:{number}"  # type: ignore[arg-type]
            ).call  # fmt: skip
        self.exchange.trunks[call.pk] = Trunk(number)
        return call

    def _end(self, role: Leg.Role) -> Leg:
        return self.call.legs.get(role=role)

    def _tell(self, trunk: Trunk, call: Call) -> None:
        """Whose voice is there, once for each turn."""
        wired = {end for wire in trunk.wires for end in wire}
        for leg in call.legs.here().filter(pk__in=wired).select_related("call", "user"):
            if (leg.pk, call.turn) not in trunk.told:
                trunk.told.add((leg.pk, call.turn))
                actions.joined(leg, at=self.now, source=WEBHOOK)
