"""What every line must be able to do, judged by outcomes: after `arrange` the voices are as the rows say.

The rows say who is in the call (legs and their modes) and what is known of it (events); a line carries
voices and reports facts. Which words a provider uses for that stays in its own folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Capabilities:
    """What a line can do; pages offer only what is true here."""

    voice_in_page: bool = False
    """The advisor speaks in the browser, not on a telephone beside it."""
    hold: bool = False
    transfer: bool = False
    listen: bool = False
    keys_while_waiting: bool = False
    """A waiting caller can choose to be called back or leave a message."""
    digits: bool = False
    """Keys can be sent to whoever is spoken with."""
    record: bool = False
    is_heard_of: bool = False
    """Pages of an end tell every few seconds that they are there: silence says that they are gone."""


@dataclass(frozen=True)
class Page:
    """What the page of a voice is given beside what every page of a call has."""

    scripts: tuple[str, ...] = ()
    """Static files in their order; with them the page knows how to speak on the line (static/telephony/
    voice.js says what that is)."""
    talks_to: tuple[str, ...] = ()
    """Origins that are not ours, to which it may connect."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What the scripts are told."""


class Provider(Protocol):
    capabilities: Capabilities

    def arrange(self, call: Any, *, at: datetime) -> None:
        """Make the voices follow the rows. Harmless when they do; called in the transaction that
        changed the rows, so it only writes rows: what goes outside is sent by a sweep."""

    def reconcile(self, call: Any, *, at: datetime) -> int:
        """Facts found by asking the line about a call of which nothing was heard; how many."""

    def pass_for(self, leg: Any) -> str:
        """By which the page of a leg proves that it speaks for it; empty where no page speaks."""

    def recorded(self, call: Any) -> str:
        """How a talk is recorded by the line itself: `on`, `rests` by the advisor's wish, `paused` by itself;
        empty = not, also where the page records."""

    def page_of(self, call: Any) -> Page:
        """What a page needs to speak in this call; empty where none does."""
