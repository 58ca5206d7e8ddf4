"""The web line: voice between two browsers, with rows as its signalling."""

from datetime import datetime
from typing import Any

from telephony.providers.port import Capabilities


class WebLine:
    capabilities = Capabilities(
        voice_in_page=True, hold=True, transfer=True, listen=True, keys_while_waiting=True,
        record=True,
    )  # fmt: skip

    def arrange(self, call: Any, *, at: datetime) -> None:
        """Write the links that the legs and their modes ask for, and close the others."""

    def reconcile(self, call: Any, *, at: datetime) -> int:
        """The pages' reports are the only source: silence is judged by timers."""
        return 0
