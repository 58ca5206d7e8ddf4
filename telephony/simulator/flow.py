"""What one call hears in one place: the document being carried out, and the question for the next.

A call has a main flow; while it stands in a queue, on hold or alone in a room, an inner one is heard.
Whoever replaces the flow makes every answer still on its way worthless: that is the race of a REST
move against a wait address, decided as Twilio decides it.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telephony.simulator import parameters
from telephony.simulator.documents import Document, Verb
from telephony.simulator.posting import Answer, Failure, Form
from telephony.simulator.running import Run
from telephony.simulator.state import Call
from telephony.simulator.values import BadDocument

if TYPE_CHECKING:
    from telephony.simulator.world import World


MOST, WITHIN = 30, timedelta(seconds=10)
"""So many questions in so short a time come from documents that point at each other."""


class Flow:
    def __init__(self, world: "World", call: Call, place: str) -> None:
        self.world, self.call, self.place = world, call, place
        self.turn = 0
        self._asked: deque[datetime] = deque(maxlen=MOST)
        self.run: Run | None = None
        self.ended: Callable[[], None] = lambda: None
        """The document is used up."""
        self.failed: Callable[[], None] = self._silence
        """No document came."""

        self.first: Callable[[Document], None] = lambda document: None
        """Told of the first document, before it is carried out."""

    def stop(self) -> None:
        self.turn += 1
        if self.run:
            self.run.stop()
            self.run = None

    def carry(self, document: Document) -> None:
        self.stop()
        first, self.first = self.first, lambda document: None
        first(document)
        self.run = Run(self, document)
        self.run.step()

    def ask(
        self, kind: str, url: str, method: str = "POST", extra: Form | None = None, *,
        wait: float = 0,
    ) -> None:  # fmt: skip
        """Stops what is heard and asks for what comes instead.

        The number's fallback stands for documents of the call itself; whether it does for what is
        heard in a queue or a room is not established, so nothing may depend on it: silence there.
        """
        self.stop()
        if self._turns_in_circles():
            self.world.complain(f"{url} is asked for without end")
            self.failed()
            return
        turn = self.turn
        hooks = self.call.hooks
        self.world.send(
            kind, url, parameters.voice(self.world.account, self.call) | (extra or {}),
            lambda answer: self._answered(kind, url, answer) if turn == self.turn else None,
            method=method or "POST", call=self.call.sid, wait=wait,
            fallback=hooks.fallback if self.place == "call" else "",
            fallback_method=hooks.fallback_method,
        )  # fmt: skip

    def _turns_in_circles(self) -> bool:
        now = self.world.clock.now
        self._asked.append(now)
        return len(self._asked) == MOST and now - self._asked[0] < WITHIN

    def _answered(self, kind: str, url: str, answer: Answer | Failure) -> None:
        if self.call.over:
            return
        if isinstance(answer, Failure):
            self._fail(kind, answer)
            return
        try:
            document = self._read(answer)
        except BadDocument:
            self._fail(kind, Failure(12100, "document", url))
            raise
        self.carry(document)

    def _read(self, answer: Answer) -> Document:
        reader = self.world.reader
        if self.place != "call" and (sound := reader.sound(answer.kind, answer.url)):
            return sound
        return reader.read(answer.body, answer.kind, answer.url, self.place)

    def _fail(self, kind: str, failure: Failure) -> None:
        """A call ends with an apology; in a queue or a room there is silence, then another try."""
        self.world.note("no document", self.call, kind=kind, why=failure.why)
        self.failed()

    def _silence(self) -> None:
        self.carry(Document((Verb("Pause", {"length": "10"}),), ""))
