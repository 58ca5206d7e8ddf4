"""Which sweeps ran, and when: kept by the process that runs them, for the pages that tell how it stands."""

import time
from datetime import datetime

from helpdesk.centre import backing

NOTE_EVERY = 20.0
"""Seconds between two notes of a process: a row a sweep, in one statement."""


class Beats:
    """What one process has to tell; `told` writes it when it is time. Not for several threads."""

    def __init__(self) -> None:
        self._ran: dict[str, datetime] = {}
        self._failed: dict[str, datetime] = {}
        self._noted = time.monotonic()

    def ran(self, sweep: str, *, at: datetime, well: bool) -> None:
        self._ran[sweep] = at
        if not well:
            self._failed[sweep] = at

    def told(self) -> None:
        if time.monotonic() - self._noted < NOTE_EVERY or not self._ran:
            return
        self._noted = time.monotonic()
        backing.note_beats(self._ran, self._failed)
        self._ran, self._failed = {}, {}
