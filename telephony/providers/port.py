"""What every line must be able to do, judged by outcomes: after `arrange` the voices are as the rows say.

The rows say who is in the call (legs and their modes) and what is known of it (events); a line carries
voices and reports facts. Which words a provider uses for that stays in its own folder.
"""

from dataclasses import dataclass
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
    record: bool = False
    is_heard_of: bool = False
    """Pages of an end tell every few seconds that they are there: silence says that they are gone."""


class Provider(Protocol):
    capabilities: Capabilities

    def arrange(self, call: Any, *, at: datetime) -> None:
        """Make the voices follow the rows. Harmless when they do; called in the transaction that
        changed the rows, so it only writes rows: what goes outside is sent by a sweep."""

    def reconcile(self, call: Any, *, at: datetime) -> int:
        """Facts found by asking the line about a call of which nothing was heard; how many."""

    def pass_for(self, leg: Any) -> str:
        """By which the page of a leg proves that it speaks for it; empty where no page speaks."""
