"""What a caller or an advisor should hear next, as data: steps one after the other. No Twilio word, no query.

Addresses are paths of ours; who renders a script makes them whole.
"""

from dataclasses import dataclass
from typing import Literal

Spoken = Literal["ar", "ary", "fr"]
"""Languages in which something is said; whoever speaks Tashelhit is spoken to in Darija."""


@dataclass(frozen=True)
class Say:
    """One prompt: its recording where there is one, else its text read by a machine.

    `text` stands for the text of the list where the prompt has none there: the name of a theme, a number.
    """

    prompt: str
    language: Spoken
    text: str = ""


@dataclass(frozen=True)
class Music:
    """So many seconds of music; silence where no music was recorded."""

    seconds: int = 60


@dataclass(frozen=True)
class Menu:
    """Says all of it and waits for one key, told to `to`; also that none came, if `tells_silence`."""

    says: tuple[Say | Music, ...]
    to: str
    seconds: int = 5
    """Of waiting for the key after the last word."""
    tells_silence: bool = True


@dataclass(frozen=True)
class Park:
    """Stand in line: `wait` is asked for what is heard there, `left` is told the end of it."""

    wait: str
    left: str


@dataclass(frozen=True)
class Room:
    """Into the room of a call. `label` names this end in it; `events` is told who comes and goes."""

    name: str
    label: str
    events: str
    ends: bool = False
    """The room ends with this one."""
    muted: bool = False
    whispers_to: str = ""
    """The voice at Twilio that alone hears this one."""


@dataclass(frozen=True)
class Record:
    """Record a message: `then` is asked for what follows, `kept` is told when the sound is there."""

    then: str
    kept: str
    longest: int = 300
    """Seconds."""


@dataclass(frozen=True)
class GoTo:
    to: str


@dataclass(frozen=True)
class Leave:
    """Out of the line; what follows is asked for where the line's end is told."""


@dataclass(frozen=True)
class HangUp:
    pass


Step = Say | Music | Menu | Park | Room | Record | GoTo | Leave | HangUp
Script = tuple[Step, ...]
"""Nothing at all is a script too: whoever asked goes on as they were."""
