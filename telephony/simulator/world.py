"""The exchange itself: its state, its clock, what it sends and in which order things happen.

Every change happens under `lock`; every request to the server goes out without it, because the
server may ask the REST surface before it answers. In-process everything runs in one thread: an act,
then the requests it caused, then the next act.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from telephony.simulator import parameters
from telephony.simulator.adversary import Adversary
from telephony.simulator.clock import Clock
from telephony.simulator.documents import Reader, Verb
from telephony.simulator.overrides import BadOverride
from telephony.simulator.people import Person
from telephony.simulator.posting import (
    Answer,
    Delivery,
    Down,
    Failure,
    Form,
    Get,
    Killed,
    Post,
    Poster,
    Slow,
)
from telephony.simulator.running import Run
from telephony.simulator.signing import Signer
from telephony.simulator.state import (
    Account,
    Asked,
    Call,
    Conference,
    Ids,
    Message,
    Queue,
    Recording,
)  # fmt: skip
from telephony.simulator.values import BadDocument

LATENCY = 0.1
"""Seconds between a decision of the exchange and its request at the server."""


class Complaint(AssertionError):
    """The server did something that Twilio would refuse, ignore or punish."""


@dataclass(frozen=True)
class Moment:
    """One thing that happened; `truth` is told from these alone."""

    at: datetime
    what: str
    call: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def usual_length(verb: Verb) -> float:
    """Seconds a `<Play>` or `<Say>` takes, once."""
    return 4.0 if verb.name == "Play" else max(1.0, 0.07 * len(verb.text))


class World:
    def __init__(
        self, post: Post, *, account: Account, seed: int = 1, start: datetime | None = None,
        get: Get | None = None, signer: Signer | None = None, adversary: Adversary | None = None,
        clock: Clock | None = None, reader: Reader | None = None,
    ) -> None:  # fmt: skip
        self.seed, self.account = seed, account
        self.clock = clock or Clock(start or datetime(2026, 11, 30, 9, tzinfo=UTC))
        self.ids, self.random = Ids(seed), Random(f"{seed}/world")
        self.adversary = adversary or Adversary()
        self.reader = reader or Reader()
        self.poster = Poster(post, signer or Signer(account.token), get)
        self.poster.tried, self.poster.before, self.poster.after = (
            self._tried,
            self._before,
            self._after,
        )
        self.lock = threading.RLock()
        self.latency = LATENCY
        """Of every request to the server; the REST surface has its own, on `rest`."""
        self.lengths: Callable[[Verb], float] = usual_length
        self.callee: Callable[[str], Person] = lambda number: Person()
        self.proxy: Post | None = None
        """Asked while the server is down; None: nobody answers then."""
        self.restart: Callable[[], None] = lambda: None
        """Called when the server that was killed comes back."""
        self.down_until: datetime | None = None
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, Queue] = {}
        self.rooms: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.messages: dict[str, Message] = {}
        self.history: list[Moment] = []
        self.complaints: list[Complaint] = []
        self.strict = True
        """A complaint stops the run; otherwise it is kept for the report."""
        self.points: list[str] = []
        self.next_dial = self.clock.now
        self.ready: list[Callable[[], None]] = []
        """To be done without the lock: requests to the server, its sweeps."""
        self.verbs: dict[str, Callable[[Run, Verb], None]] = {}
        """What is done at verbs that are more than heard."""
        self.sent = 0

    # --- time ---------------------------------------------------------------------------------

    def run(self, seconds: float | None = None, *, until: datetime | None = None) -> None:
        """Let it all happen up to a moment, or until nothing is due. Raises the first complaint."""
        if seconds is not None:
            until = self.clock.now + timedelta(seconds=seconds)
        while self.step(until or datetime.max.replace(tzinfo=UTC)):
            pass
        if until:
            self.clock.move(until)
        self._raise()

    def step(self, until: datetime) -> bool:
        """One act and what it sends; False when nothing is due by then."""
        with self.lock:
            due = self.clock.take(until)
            if due is None:
                return False
            due.act()
            ready, self.ready = self.ready, []
        for work in ready:
            self.work(work)
        self._raise()
        return True

    def _raise(self) -> None:
        if self.complaints and self.strict:
            raise self.complaints[0]

    def work(self, work: Callable[[], None]) -> None:
        """In this thread; a world in real time gives it to another."""
        work()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Something done at the server, not at the exchange: without the lock. While its process is
        away, or when it dies of this, it is tried again a second later, as people do."""

        def once() -> None:
            if not self.is_down:
                try:
                    act()
                    return
                except Killed:
                    pass
            self.later(1.0, act)

        self.clock.after(seconds, lambda: self.ready.append(once))

    def every(self, seconds: float, sweep: Callable[[], None]) -> None:
        """A sweep of the server's, on this clock; none while its process is away."""

        def again() -> None:
            sweep()
            self.later(seconds, again)

        self.later(seconds, again)

    def perform(self, delivery: Delivery) -> None:
        """Without the lock; what follows from the answer, with it."""
        try:
            answer = self.poster.send(delivery)
        except BadOverride as wrong:
            answer = Failure(11200, f"override {wrong}", delivery.url)
            self.complain(f"{delivery.url}: {wrong}")
        with self.lock:
            if isinstance(answer, Failure) and answer.why in ("4xx", "5xx") and not self.is_down:
                self.complain(f"{delivery.kind} at {answer.url} was answered with {answer.why}")
            try:
                delivery.done(answer)
            except BadDocument as wrong:
                self.complain(f"{delivery.kind} at {delivery.url}: {wrong}")

    # --- what is sent -------------------------------------------------------------------------

    def send(
        self, kind: str, url: str, form: Form, done: Callable[[Answer | Failure], None], *,
        method: str = "POST", fallback: str = "", fallback_method: str = "POST", call: str = "",
        wants: bool = True, wait: float = 0,
    ) -> None:  # fmt: skip
        """Ask the server; `done` hears the answer. `wait`: seconds beside the usual latency."""
        fate = self.adversary.fate(kind, wants)
        delivery = Delivery(
            kind, url, form, done, method, fallback, fallback_method, call, wants, fate,
            self.ids.token(),
        )  # fmt: skip
        self.clock.after(
            self.latency + wait + fate.delay,
            lambda: self.ready.append(lambda: self.perform(delivery)),
        )

    def tell(self, kind: str, url: str, form: Form, *, call: str = "") -> None:
        """Only tells: whatever is answered changes nothing."""
        if url:
            self.send(kind, url, form, lambda answer: None, call=call, wants=False)

    def changed(self, call: Call, event: str) -> None:
        """A change of status, told when it was subscribed to."""
        if event in call.events and call.hooks.status:
            form = parameters.changed(self.account, call, event, self.clock.now)
            call.sequence += 1
            self.tell(f"status:{event}", call.hooks.status, form, call=call.sid)

    def note(self, what: str, call: Call | None = None, **detail: Any) -> None:
        self.history.append(Moment(self.clock.now, what, call.sid if call else "", detail))
        if call and call.person:
            call.person.notice(call, what)

    def complain(self, what: str) -> None:
        self.complaints.append(
            Complaint(f"{what} [seed {self.seed}, {self.clock.now:%H:%M:%S.%f}]")
        )

    # --- a server that goes and comes back ----------------------------------------------------

    @property
    def is_down(self) -> bool:
        return self.down_until is not None and self.clock.now < self.down_until

    def point(self, name: str) -> None:
        """A named moment at which the adversary may end the server's process. Killed if it does."""
        self.points.append(name)
        away = self.adversary.kill(name, len(self.points))
        if away and not self.is_down:
            self.kill(away)
            raise Killed(name)

    def kill(self, seconds: float) -> None:
        with self.lock:
            self.down_until = self.clock.now + timedelta(seconds=seconds)
            self.history.append(Moment(self.clock.now, "server killed"))
            self.clock.after(seconds, self._back)

    def _back(self) -> None:
        self.history.append(Moment(self.clock.now, "server back"))
        self.restart()

    def _before(self, delivery: Delivery, url: str, form: Form) -> tuple[int, str, bytes] | None:
        try:
            self.point(f"{delivery.kind}:before")
        except Killed:
            pass
        if not self.is_down:
            return None
        if self.proxy is None:
            raise Down
        return self.proxy(url, form, {})

    def _after(self, delivery: Delivery) -> None:
        try:
            self.point(f"{delivery.kind}:after")
        except Killed as ended:
            raise Slow from ended

    def _tried(self, delivery: Delivery, url: str, answer: Answer | None, why: str) -> None:
        self.sent += 1
        call = self.calls.get(delivery.call)
        if call is not None:
            status, body = (answer.status, answer.body) if answer else (0, b"")
            entry = Asked(self.clock.now, url, delivery.form, status, body.decode(errors="replace"))
            call.requests.append(entry)
