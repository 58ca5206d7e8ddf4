"""The thread that applies what was told as soon as it is stored, in whichever process stored it."""

import logging
import os
import threading

from django.db import close_old_connections, connection

from telephony.providers.hook.applying import drain

log = logging.getLogger("wasl.line")
AGAIN = 1.0
"""Seconds after which it tries again when the database is away."""
_applier: "Applier | None" = None
_starting = threading.Lock()


def wake() -> None:
    """There is something to apply. The thread is made by the first event: after a fork, too."""
    global _applier
    with _starting:
        if _applier is None or not _applier.is_ours:
            _applier = Applier()
            _applier.start()
        _applier.woken.set()


def stop() -> None:
    """Ask for the end and wait up to 5 s for the event under way; the rest is still due."""
    if _applier is not None and _applier.is_ours:
        _applier.stop()


class Applier(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="applier", daemon=True)
        self.woken = threading.Event()
        self._stopped = threading.Event()
        self._process = os.getpid()

    @property
    def is_ours(self) -> bool:
        """Not that of the process which was forked, and not ended."""
        return self._process == os.getpid() and self.is_alive()

    def run(self) -> None:
        while True:
            self.woken.wait()
            self.woken.clear()
            if self._stopped.is_set():
                break
            close_old_connections()
            try:
                drain(go_on=lambda: not self._stopped.is_set())
            except Exception:
                log.exception("events of a line wait")
                self._stopped.wait(AGAIN)
                self.woken.set()
        connection.close()

    def stop(self) -> None:
        self._stopped.set()
        self.woken.set()
        self.join(5)
