"""What advisors and a supervisor do at the desk, through its pages: `simulator.actors.Desk`.

A page that does not come (the server is away, somebody was quicker) is nothing taken: they look again.
"""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from random import Random
from typing import Any

from config.demonstration.crew import cards, forms
from config.demonstration.crew.browser import Browser, NoPage
from telephony.simulator.actors import Desk, Taken

LISTS_EVERY = 12.0
"""Seconds: so often a desk asks for its lists, by which it is known to be there."""
PICKS = 0.1
"""Of looks at a call that is offered to a colleague, those at which it is taken all the same."""
RING = re.compile(r'data-ring="(\w+)-(\d+)"')
OWED = re.compile(r"^/desk/calls/owed/\d+/$")
HEAR = re.compile(r'action="(/desk/calls/(\d+)/supervision/)"')
DUE = re.compile(r'id="sec-due".*?</section>', re.DOTALL)
TICKET = re.compile(r'href="(/desk/tickets/\d+/)"')


@dataclass
class Seat:
    """One person's place: their browser, and the call in hand."""

    browser: Browser
    random: Random
    call: int = 0
    looked: float = 0
    owed: str = ""
    """The card of a call that is owed and being made."""


def quietly(otherwise: Any) -> Callable[[Any], Any]:
    """Without its page an act does not take place: `otherwise` is what comes of it then."""

    def wrap(act: Any) -> Any:
        @wraps(act)
        def tried(self: "PageDesk", *given: Any) -> Any:
            try:
                return act(self, *given)
            except NoPage as no:
                self.missed.append(str(no))
                return otherwise

        return tried

    return wrap


@dataclass
class PageDesk(Desk):
    """`seats` by the name under which the simulated network's people are known."""

    seats: dict[str, Seat]
    owed_share: float = 0.04
    """Of looks at which nothing rings, those after which a call that is owed is made."""
    done: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @quietly(None)
    def come(self, identity: str) -> None:
        """On shift."""
        self._be(identity, "free")

    @quietly(None)
    def take(self, identity: str) -> Taken | None:
        seat = self.seats[identity]
        if time.monotonic() - seat.looked > LISTS_EVERY:
            seat.looked = time.monotonic()
            seat.browser.page("/desk/lists/")
        page = seat.browser.page("/desk/calls/ringing/")
        ring, form = RING.search(page), forms.read(page).get("answering")
        if ring is None or form is None:
            return None
        if ring[1] == "pick" and seat.random.random() >= PICKS:
            return None
        if seat.browser.act(form.action, person=form.fields.get("person", "")) is None:
            self.count("too late")
            return None
        self.count("asked and came" if ring[1] == "asked" else "taken")
        return self._come_in(seat, int(ring[2]))

    @quietly(0.0)
    def idle(self, identity: str) -> float:
        """Nothing rings: now and then a call that is owed is made, on the desk's own telephone."""
        seat = self.seats[identity]
        if seat.random.random() >= self.owed_share:
            return 0.0
        due = DUE.search(seat.browser.page("/desk/"))
        for ticket in TICKET.findall(due[0] if due else "")[:3]:
            for form in forms.read(seat.browser.page(ticket)).values():
                if OWED.match(form.action):
                    seat.owed = seat.browser.go(form.action, {})
                    return seat.random.uniform(6, 15) if seat.owed else 0.0
        return 0.0

    @quietly(None)
    def idled(self, identity: str) -> None:
        """The call that was owed is over: they were reached, or not."""
        seat = self.seats[identity]
        card, seat.owed = seat.owed, ""
        if seat.random.random() < 0.3:
            seat.browser.send(f"{card}not-reached/")
            self.count("owed, not reached")
        else:
            seat.browser.send(f"{card}end/")
            cards.write(seat.browser, card, seat.random)
            self.count("owed, reached")

    @quietly(None)
    def hold(self, identity: str, on: bool) -> None:
        self._act(identity, "hold/", on="1" if on else "0")
        if on:
            self.count("held")

    @quietly(None)
    def pass_on(self, identity: str) -> None:
        """At once, back to the line or to a colleague by name."""
        if self._act(identity, "transfer/", to="", words="") is not None:
            self.count("passed on")

    @quietly(False)
    def ask(self, identity: str) -> bool:
        """A free colleague is asked, while the caller hears music."""
        seat = self.seats[identity]
        page = seat.browser.page(f"/desk/calls/{seat.call}/receivers/")
        people = [
            one for form in forms.read(page).values() for one in form.choices.get("to", []) if one
        ]
        return bool(people) and self._act(identity, "consultation/", to=people[0]) is not None

    @quietly(None)
    def hand_over(self, identity: str) -> None:
        """To the colleague who came; who did not come leaves the caller to be taken back."""
        if self._act(identity, "handing-over/") is not None:
            self.count("handed over")
        else:
            self._act(identity, "consultation/ending/")

    @quietly(None)
    def hang_up(self, identity: str) -> None:
        self._act(identity, "end/")

    @quietly(None)
    def free(self, identity: str) -> None:
        seat = self.seats[identity]
        for card in cards.unwrapped(seat.browser):
            written = cards.write(seat.browser, card, seat.random)
            self.count("written down" if written else "not written down")
        seat.call = 0

    @quietly(None)
    def rest(self, identity: str, on: bool) -> None:
        """A break, and back from it."""
        self._be(identity, "break" if on else "free")
        if on:
            self.count("breaks")

    @quietly(None)
    def listen(self, identity: str) -> Taken | None:
        seat = self.seats[identity]
        heard = HEAR.findall(seat.browser.page("/desk/calls/under-way/"))
        if not heard:
            return None
        path, pk = seat.random.choice(heard)
        if seat.browser.act(path, mode="listen") is None:
            return None
        self.count("listened to")
        return self._come_in(seat, int(pk))

    def count(self, what: str) -> None:
        with self._lock:
            self.done[what] += 1

    def _come_in(self, seat: Seat, pk: int) -> Taken | None:
        """The page asks for its pass, and dials."""
        given = seat.browser.act(f"/desk/calls/{pk}/coming/")
        if given is None:
            return None
        seat.call = pk
        return Taken({"claim": given["claim"]}, token=given["pass"])

    def _act(self, identity: str, what: str, **given: str) -> dict[str, Any] | None:
        seat = self.seats[identity]
        return seat.browser.act(f"/desk/calls/{seat.call}/{what}", **given) if seat.call else None

    def _be(self, identity: str, state: str) -> None:
        self.seats[identity].browser.send("/desk/presence/", {"state": state})
