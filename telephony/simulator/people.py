"""Who holds a telephone or sits before a browser, as far as the exchange notices them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telephony.simulator.documents import Verb
    from telephony.simulator.simulator import Simulator
    from telephony.simulator.state import Call


@dataclass(frozen=True)
class Keys:
    digits: str
    after: float = 1.0
    """Seconds from the beginning of the prompt to the first key; the others follow fast."""


class Person:
    """Listens to everything and does nothing; those who act override."""

    world: "Simulator"

    def answers(self, call: "Call") -> float | str:
        """After how many seconds of ringing; or busy, no-answer, failed. Asked of whom we call."""
        return 4.0

    def keys(self, call: "Call", gather: "Verb") -> Keys | None:
        return None

    def message(self, call: "Call", record: "Verb") -> float:
        """Seconds spoken after the tone; 0 is silence."""
        return 0.0

    def notice(self, call: "Call", what: str) -> None:
        """answered, queued, dequeued, moved, joined, talking, left, held, resumed, ended."""


@dataclass
class Scripted(Person):
    """Presses what is listed, one entry for each question; then is silent."""

    presses: "list[str | Keys | None] | None" = None
    spoken: float = 0.0
    ringing: float | str = 4.0

    def answers(self, call: "Call") -> float | str:
        return self.ringing

    def keys(self, call: "Call", gather: "Verb") -> Keys | None:
        pressed = self.presses.pop(0) if self.presses else None
        return Keys(pressed) if isinstance(pressed, str) else pressed

    def message(self, call: "Call", record: "Verb") -> float:
        return self.spoken
