"""Who may write an index: one process on its host, for as long as it lives.

A lock of the operating system, so that a killed holder leaves nothing behind.
"""

import fcntl
import os
from pathlib import Path

from knowledge.search.engines.port import EngineBusy


class Lease:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def take(self) -> None:
        """Hold it from now on; harmless when held already. Raises EngineBusy."""
        if self._held is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(opened)
            raise EngineBusy("another process writes this index") from error
        self._held = opened

    def give_back(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None
