"""One run of the simulated network with the people who work meanwhile: from coming on shift to going home."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.db import DatabaseError, connection
from django.utils import timezone

from config.demonstration import sheets
from config.demonstration.crew import comparing, who
from config.demonstration.crew.browser import Browser, NoPage
from config.demonstration.crew.desk import PageDesk, Seat
from config.demonstration.crew.standing_in import StandIn
from telephony.simulator.load import Load
from telephony.simulator.simulator import Simulator
from telephony.simulator.traffic import Traffic
from telephony.simulator.truth import Truth

TOLD_EVERY = 20.0
"""Seconds between two lines about how it stands; in a short run there are ten lines."""
DAY = (8 * 60 + 30, 8 * 60)
"""Minutes: the day that is played begins at half past eight and lasts eight hours."""


class Shift:
    def __init__(self, world: Simulator, plan: Load, *, number: str, application: str) -> None:
        self.world, self.plan = world, plan
        self.number, self.application = number, application
        self.traffic: Traffic | None = None
        self.desk = PageDesk({})
        self.lines: list[comparing.Now] = []
        """What the board said, each time it was looked at."""
        self.truths: list[comparing.Now] = []
        self._board: Browser | None = None
        self._before: dict[str, int] = {}
        self._say: Callable[[str], object] = lambda line: None
        self._began = datetime.now()

    def begin(self, base: str, *, say: Callable[[str], object]) -> None:
        """Everybody enters, and the telephones ring. Raises NoPage where nobody may enter."""
        self._say, self._began = say, self.world.clock.now
        advisors: list[str] = []
        supervisors: list[str] = []
        if self.plan.advisors.number:
            for player in who.come(self.plan.advisors.number, at=timezone.now()):
                browser = Browser(base)
                browser.enter(player.role.value, player.name)
                self.desk.seats[player.name] = Seat(
                    browser, Random(f"{self.world.seed}/{player.name}")
                )
                is_supervisor = player is who.SUPERVISOR
                if is_supervisor:
                    browser.send("/desk/presence/", {"state": "busy"})
                (supervisors if is_supervisor else advisors).append(player.name)
            self._board = self.desk.seats[supervisors[0]].browser
            self._before = comparing.pages_today(self._board)
            crew = [who.PREFIX + name for name in self.desk.seats]
            self._standing_in = StandIn(self.world, self.application, crew)
            self.world.every(1.0, self._look)
            self.world.every(min(TOLD_EVERY, self.plan.minutes * 6), self._tell)
            say(f"at the desk: {', '.join(advisors)}; {supervisors[0]} at the board")
        self.traffic = Traffic(
            self.world, self.plan, self.desk, number=self.number, application=self.application,
            identities=advisors, supervisors=supervisors, known=_known(),
        )  # fmt: skip
        self.traffic.begin()

    def close(self) -> None:
        """Nobody calls any more; what is under way is brought to its end."""
        self._say("no more calls; the last ones end")

    def is_over(self) -> bool:
        """The callers are gone, and nobody has a call left to write down."""
        assert self.traffic is not None
        waits = any(not call.over for call in self.traffic.callers)
        return not waits and not any(one.busy for one in self.traffic.advisors)

    def cut_off(self) -> None:
        """Who is still on the line hangs up."""
        assert self.traffic is not None
        for call in self.traffic.callers:
            self.world.hang_up(call)

    def end(self) -> None:
        """Everybody goes home; the pages are read once more."""
        self._after: dict[str, int] = {}
        if self._board is None:
            return
        for name in self.desk.seats:
            self.desk.free(name)
        try:
            self._after = comparing.pages_today(self._board)
        except NoPage as no:
            self._say(f"the pages could not be read: {no}")
        connection.close()  # the one from the beginning may have been cut off since
        who.go(at=timezone.now())

    def report(self, truth: Truth) -> list[str]:
        """What was done, and each figure beside what the pages say."""
        if not self._before:
            return []
        done = ", ".join(f"{count} {what}" for what, count in sorted(self.desk.done.items()))
        lines = [f"at the desk: {done or 'nothing'}; {len(self.desk.missed)} pages did not come"]
        if self._after:
            lines.append(f"{'':<12}{'happened':>10}{'pages':>8}")
            for name, true, said in self.compared(truth):
                lines.append(f"{name:<12}{true:>10}{said:>8}{'' if true == said else '  differs'}")
        return lines

    def compared(self, truth: Truth) -> list[tuple[str, int, int]]:
        return comparing.compared(self._before, self._after, comparing.truth_of(truth))

    def _look(self) -> None:
        try:
            self._standing_in.look(at=timezone.now())
        except DatabaseError:
            return  # away for a while: the next second looks again
        finally:
            connection.close()

    def _tell(self) -> None:
        assert self._board is not None
        try:
            said, true = comparing.pages_now(self._board), comparing.truth_now(self.world)
        except NoPage as no:
            self._say(str(no))
            return
        self.lines.append(said)
        self.truths.append(true)
        self._say(
            f"{self._played()}  waiting {true.waiting} (board {said.waiting}), "
            f"talking {true.talking} (board {said.talking})"
        )

    def _played(self) -> str:
        """The time of the day that is played."""
        share = (self.world.clock.now - self._began) / timedelta(minutes=self.plan.minutes)
        minutes = int(DAY[0] + DAY[1] * min(share, 1.0))
        return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _known() -> list[str]:
    """Numbers of people of the demonstration."""
    return [one.phone for sheet in sheets.associations() for one in sheet.holders if one.phone]
