"""Short stories on the simulated network, each of which makes our client use one method of its own.

Everybody acts on the network's clock; whoever is refused at the desk tries again a second later, as people do.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from helpdesk.tickets.errors import Refusal
from telephony import actions, providers
from telephony.actions import calling, recording
from telephony.facts import Why
from telephony.models import Call, Leg
from telephony.providers.twilio import claims, media, strays, tapes
from telephony.providers.twilio.checking import running
from telephony.simulator import room_recording
from telephony.simulator.people import Scripted
from telephony.simulator.rest import faults
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import network as n
from tests.telephony.twilio.test_calling_out_world import Talks, begin
from tests.telephony.twilio.test_media import TO, WHO, picture
from tests.telephony.twilio.world import OurDesk, at

LAST = {
    "talk": 80, "hold": 80, "given_back": 115, "handed_over": 115, "ended_by_us": 50, "unheard": 250,
    "unheard_room": 90, "message": 60, "written": 180, "nights": 30, "dialled": 80, "dialled_unsure": 80, "checked": 20,
    "taped": 90, "taped_unsure": 90, "rests": 90, "taken_back": 90, "strange": 80, "files": 30,
}  # fmt: skip
"""Seconds after which each story is over."""


class Story:
    def __init__(self, world: Any, desk: OurDesk, advisor: Any, colleague: Any) -> None:
        self.world, self.desk = world, desk
        self.advisor, self.colleague = advisor, colleague
        world.every(5, lambda: n.sends(world))

    def run(self, name: str) -> None:
        getattr(self, name)()
        self.world.run(LAST[name])
        if name == "nights":
            n.night()
        if name == "strange":
            self.looked = [self.look(hours) for hours in (1, 2, 3)]

    # --- the stories ----------------------------------------------------------------------------

    def talk(self) -> None:
        """Caller and advisor speak; the advisor ends it."""
        self._caller()
        self._at(12, lambda: self._take(self.advisor))
        self._at(60, lambda: self.desk.hang_up(self._name(self.advisor)))

    def hold(self) -> None:
        self.talk()
        self._at(25, lambda: self.desk.hold(self._name(self.advisor), True))
        self._at(40, lambda: self.desk.hold(self._name(self.advisor), False))

    def given_back(self) -> None:
        """Into the line again, and to a colleague."""
        self._caller()
        self._at(12, lambda: self._take(self.advisor))
        self._at(30, lambda: self._give_back(self.advisor))
        self._at(45, lambda: self._take(self.colleague))
        self._at(90, lambda: self.desk.hang_up(self._name(self.colleague)))

    def handed_over(self) -> None:
        """To a colleague who was asked first: the advisor's voice is dropped from the room."""
        self._caller()
        self._at(12, lambda: self._take(self.advisor))
        self._at(25, self._consult)
        self._at(45, lambda: actions.hand_over(self._leg(self.advisor), at=self.world.clock.now))
        self._at(90, lambda: self.desk.hang_up(self._name(self.colleague)))

    def ended_by_us(self) -> None:
        """A caller in line is hung up on by the clock."""
        self._caller()
        self._at(30, self._end)

    def unheard(self) -> None:
        """A caller gives up, and nothing is told of it."""
        call = self._caller()
        self.world.clock.after(20, lambda: n.deafen(self.world))
        self.world.clock.after(22, lambda: self.world.hang_up(call))

    def unheard_room(self) -> None:
        """The room tells of nobody who came."""
        self.talk()
        self.world.adversary.deaf = ("room:participant-join",)

    def message(self) -> None:
        self.world.ring(n.CALLER, c.OUR_NUMBER, Scripted(["2", "0", "2"], spoken=12))

    def written(self) -> None:
        self._at(1, lambda: n.text(self.world))

    def dialled(self) -> None:
        """The advisor calls somebody back, who answers and puts the telephone down."""
        self.world.callee = lambda number: Talks()
        begin(self.world, self.advisor, n.CALLER, "one")

    def dialled_unsure(self) -> None:
        """The same, and the answer to the request is lost."""
        self.world.rest.faults.then(faults.CUT, "participant_create")
        self.dialled()

    def checked(self) -> None:
        """Whether the account is set up is asked for."""
        self._at(1, lambda: running.check_due(at=self.world.clock.now))

    def nights(self) -> None:
        """A day of which nothing was told: its list is asked for in the night."""
        n.deafen(self.world)
        self._caller()

    def taped(self) -> None:
        """A talk that is recorded, for its caller agreed; it is held for fifteen seconds."""
        self._caller("1")
        self._at(12, lambda: self._take(self.advisor))
        self._at(25, lambda: self.desk.hold(self._name(self.advisor), True))
        self._at(40, lambda: self.desk.hold(self._name(self.advisor), False))
        self._at(60, lambda: self.desk.hang_up(self._name(self.advisor)))

    def taped_unsure(self) -> None:
        """The same, and the answer to the request that began it is lost."""
        self.world.rest.faults.then(faults.CUT, "recording_start")
        self.taped()

    def rests(self) -> None:
        """The advisor lets it rest, to the end."""
        self._caller("1")
        self._at(12, lambda: self._take(self.advisor))
        self._at(
            30, lambda: tapes.rest(self._leg(self.advisor).call, True, at=self.world.clock.now)
        )
        self._at(60, lambda: self.desk.hang_up(self._name(self.advisor)))

    def taken_back(self) -> None:
        """The caller does not want it any more, two seconds after the talk began."""
        self._caller("1")
        self._at(12, lambda: self._take(self.advisor))
        self._at(15, self._withdraw)
        self._at(60, lambda: self.desk.hang_up(self._name(self.advisor)))

    def strange(self) -> None:
        """Somebody records a call at Twilio, past us and unasked."""
        self.talk()
        self._at(30, self._record_unasked)

    def files(self) -> None:
        """A message with a picture."""
        self.world.every(3, self._fetch_files)
        self.world.text(WHO, TO, "Voici", files=[("image/jpeg", picture())])

    # --- who acts -------------------------------------------------------------------------------

    def _caller(self, *more: str) -> Any:
        return n.rings(self.world, Scripted(["2", "0", *more]))

    def _at(self, seconds: float, act: Callable[[], Any]) -> None:
        def acts() -> None:
            with at(self.world):
                try:
                    act()
                except (Refusal, LookupError):
                    self.world.later(1, acts)

        self.world.later(seconds, acts)

    def _name(self, user: Any) -> str:
        return claims.identity(user)

    def _leg(self, user: Any) -> Leg:
        legs = Leg.objects.here().filter(user=user, joined_at__isnull=False)
        return next(iter(legs.select_related("call__ticket")))

    def _take(self, user: Any) -> None:
        call = next(iter(Call.objects.filter(state="waiting")))
        leg = actions.answer(call, by=user, at=self.world.clock.now)
        self._connect(leg)

    def _connect(self, leg: Leg) -> None:
        code = providers.of(leg.call).pass_for(leg)
        self.world.connect(self._name(leg.user), c.APP, Scripted([]), claim=code)

    def _give_back(self, user: Any) -> None:
        call = self._leg(user).call
        actions.give_back(call, why=Why.TRANSFER, at=self.world.clock.now, by=user)

    def _consult(self) -> None:
        leg = self._leg(self.advisor)
        self._connect(actions.consult(leg, to=self.colleague, at=self.world.clock.now))

    def _end(self) -> None:
        call = next(iter(Call.objects.filter(state="waiting")))
        source = actions.Source.CLOCK
        calling.hang_up(call, why=Why.CLOCK, at=self.world.clock.now, source=source)

    def _withdraw(self) -> None:
        assert recording.withdraw(self._leg(self.advisor).call, at=self.world.clock.now)

    def _record_unasked(self) -> None:
        voice = self._leg(self.advisor).call.key.removeprefix("public:")
        room_recording.begin(self.world, None, "", call=voice)

    def _fetch_files(self) -> None:
        with at(self.world):
            media.fetch_due(at=self.world.clock.now)

    def look(self, hours: int) -> int:
        """What is at Twilio is looked at, so long after the story; how many are strange."""
        return strays.look(at=self.world.clock.now + timedelta(hours=hours))
