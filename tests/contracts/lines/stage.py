"""The desk's side of a call, the same on every line, and what a line must bring to be judged."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse

from helpdesk.queues.models import Presence
from helpdesk.supervision.measure_figures import ROWS
from helpdesk.supervision.measure_rows import Asked, read
from helpdesk.supervision.periods import period
from telephony import jobs, providers
from telephony.facts import Fact
from telephony.models import Call
from tests import make

NUMBER = "+212612345678"
CALLER = "caller"
CALL_BACK, MESSAGE = "call-back", "message"
JSON = {"accept": "application/json"}
FIGURES = ("offered", "answered", "abandoned", "left", "handled", "passed", "held")
Heard = set[tuple[str, str]]
"""Pairs: whose ear, whose voice. `CALLER`, else names of users."""


class Stage(ABC):
    """One caller, one line, and the clock. Seconds are those of the clock."""

    line: str
    """As calls of it are marked."""

    def __init__(self, people: dict[str, Any]) -> None:
        self.people = people
        self.clients = {name: Client() for name in people}
        for name, user in people.items():
            self.clients[name].force_login(
                user, backend="django.contrib.auth.backends.ModelBackend"
            )
            Presence.objects.update_or_create(
                user=user,
                defaults={"state": Presence.State.FREE, "since": make.NOW, "seen_at": make.NOW},
            )

    # --- what a line brings -----------------------------------------------------------------------

    @property
    @abstractmethod
    def now(self) -> datetime:
        """What time it is on the line."""

    @abstractmethod
    def run(self, seconds: float) -> None:
        """Time passes: pages are there, the line tells, our sweeps run."""

    @abstractmethod
    def rings(self, *, agrees: bool = False) -> None:
        """Somebody calls and stands in line. `agrees`: to a recording, where the line asks."""

    @abstractmethod
    def wishes(self, way: str) -> None:
        """The caller takes another way (CALL_BACK, MESSAGE): while waiting, where the line has keys for
        it, else before standing in line."""

    @abstractmethod
    def caller_hangs_up(self) -> None: ...

    @abstractmethod
    def page_comes(self, name: str) -> None:
        """The page of somebody in the call lets their voice in."""

    @abstractmethod
    def page_goes(self, name: str) -> None:
        """Without a word: a network that is lost, a tab that is closed."""

    @abstractmethod
    def hears(self) -> Heard:
        """Who really hears whom, as the line itself has it; never as our rows say."""

    @abstractmethod
    def records(self, name: str, seconds: int) -> None:
        """The page of somebody records, where pages do; else the line does by itself."""

    # --- the desk -----------------------------------------------------------------------------------

    @property
    def capabilities(self) -> providers.Capabilities:
        return providers.by_line(self.line).capabilities

    @property
    def call(self) -> Call:
        return Call.objects.select_related("ticket", "user", "payload").get(line=self.line)

    @contextmanager
    def at_the_moment(self) -> Iterator[None]:
        with time_machine.travel(self.now, tick=False):
            yield

    def act(self, name: str, act: str, **data: str) -> Any:
        """Somebody presses a button of a call; the answer, once everything that follows is done."""
        address = reverse(f"telephony:{act}", args=[self.call.pk])
        with self.at_the_moment():
            answer = self.clients[name].post(address, data, headers=JSON)
        self.run(2)
        return answer

    def answers(self, name: str) -> None:
        """Takes the call, and speaks."""
        assert self.act(name, "answer").status_code == 200
        self.page_comes(name)
        self.run(3)

    def talk(self, name: str = "amina") -> None:
        """Somebody calls, and is answered after a while."""
        self.rings()
        self.run(10)
        self.answers(name)

    def writes(self, name: str) -> Any:
        """The wrap-up."""
        call = self.call
        said = {
            "person": "", "ticket": str(call.ticket_id), "words": "سؤال", "language": "ar",
            "help": "advice", "outcome": "waiting-asker-documents",
        }  # fmt: skip
        with self.at_the_moment():
            return self.clients[name].post(reverse("telephony:card", args=[call.pk]), said)

    def sweep(self) -> None:
        """What our sweeps of each second do for every line."""
        with self.at_the_moment():
            jobs.timers_due(at=self.now)

    # --- what is judged -------------------------------------------------------------------------------

    def facts(self) -> Counter[tuple[str, int]]:
        """What is known of the call: kind and turn, each step once."""
        return Counter(self.call.events.order_by().values_list("kind", "turn"))

    def has(self, *kinds: Fact, turn: int = 0) -> bool:
        return all((str(kind), turn) in self.facts() for kind in kinds)

    def figures(self) -> dict[str, int]:
        """Of the day, as the supervisor reads them; those that are not nought."""
        brahim, asked = self.people["brahim"], Asked(period("day", make.NOW.date()))
        rows = read(brahim, asked, at=self.now + timedelta(hours=1))
        return {name: n for name in FIGURES if (n := len(ROWS[name](rows)))}
