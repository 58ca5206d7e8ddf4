"""Every sweep and its beat, and the thread that runs them.

A sweep is a function `(*, at) -> int` in an app's `jobs.py`: it finds rows that are due, takes some
by compare-and-set with a lease, does the work, stamps them, and returns how many it did. A crash
loses nothing, because what is due is a query.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.db import close_old_connections, connection
from django.utils import timezone

from config.beating import Beats

log = logging.getLogger("wasl.sweeps")


@dataclass(frozen=True)
class Sweep:
    """`path` names the function, `every` is the beat in seconds."""

    path: str
    every: float

    def run(self, *, at: datetime) -> int:
        """Rows done."""
        module, _, name = self.path.rpartition(".")
        sweep: Callable[..., int] = getattr(import_module(module), name)
        return sweep(at=at)


SWEEPS: list[Sweep] = [
    Sweep("helpdesk.associations.jobs.pass_deadlines", every=60),
    Sweep("helpdesk.tickets.reminders.remind_deadlines", every=60),
    Sweep("helpdesk.hours.jobs.propose_holidays", every=6 * 3600),
    Sweep("helpdesk.accounts.jobs.chain_audit", every=10),
    Sweep("helpdesk.notices.jobs.send_due", every=5),
    Sweep("helpdesk.notices.webhooks.send_due", every=2),
    Sweep("helpdesk.portal.jobs.tell_published", every=60),
    Sweep("helpdesk.queues.mail_in.fetch_mail", every=30),
    Sweep("helpdesk.queues.chats.turn_unattended", every=5),
    Sweep("helpdesk.queues.jobs.offer_due", every=5),
    Sweep("helpdesk.queues.jobs.end_forgotten", every=10),
    Sweep("helpdesk.tickets.jobs.tell_late", every=15),
    Sweep("helpdesk.tickets.jobs.tell_broken", every=15),
    Sweep("helpdesk.tickets.jobs.reckon_due", every=15),
    Sweep("telephony.jobs.timers_due", every=1),
    Sweep("telephony.jobs.reconcile", every=60),
    Sweep("telephony.jobs.close_recordings", every=10),
    Sweep("telephony.jobs.delete_recordings", every=3600),
    Sweep("telephony.providers.hook.applying.apply_left", every=1),
    Sweep("telephony.providers.hook.once.forget_old", every=300),
    Sweep("telephony.providers.hook.inbox.forget_old", every=6 * 3600),
    Sweep("telephony.providers.twilio.sending.send_due", every=1),
    Sweep("telephony.providers.twilio.tapes.fetch_left_behind", every=60),
    Sweep("telephony.providers.twilio.strays.look", every=24 * 3600),
    Sweep("telephony.providers.twilio.sending.forget_old", every=6 * 3600),
    Sweep("telephony.providers.twilio.texting.send_due", every=5),
    Sweep("telephony.providers.twilio.comparing.compare_due", every=1800),
    Sweep("telephony.providers.twilio.media.fetch_due", every=3),
    Sweep("telephony.providers.twilio.checking.running.check_due", every=5),
    Sweep("knowledge.search.jobs.index_due", every=1),
    Sweep("knowledge.search.jobs.cluster_due", every=1),
    Sweep("helpdesk.tickets.jobs.index_due", every=1),
    Sweep("helpdesk.tickets.jobs.ask_results", every=600),
    Sweep("knowledge.search.jobs.vectors_due", every=5),
    Sweep("knowledge.search.jobs.forget_old", every=6 * 3600),
    Sweep("knowledge.search.jobs.forget_words", every=6 * 3600),
    Sweep("helpdesk.upkeep.jobs.tell_reviews", every=600),
    Sweep("helpdesk.editing.jobs.publish_released", every=30),
    Sweep("helpdesk.supervision.jobs.tell_gaps", every=1800),
    Sweep("helpdesk.tickets.jobs.recall_due", every=30),
    Sweep("helpdesk.live.jobs.forget_old_drafts", every=6 * 3600),
    Sweep("helpdesk.live.jobs.forget_old_viewings", every=3600),
    Sweep("helpdesk.files.jobs.drop_orphans", every=6 * 3600),
    Sweep("config.retention.jobs.delete_due", every=6 * 3600),
    Sweep("config.installation.backups.jobs.back_up_due", every=300),
]


FIRST = 1.0
"""Seconds before the first round: after a restart whoever waited at the door is answered first."""


class Sweeper(threading.Thread):
    """Runs every sweep at its beat until stopped; a sweep that fails is logged and tried again."""

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._stopped = threading.Event()

    def run(self) -> None:
        due, beats = dict.fromkeys(SWEEPS, 0.0), Beats()
        self._stopped.wait(FIRST)
        while not self._stopped.is_set():
            close_old_connections()
            for sweep in SWEEPS:
                if due[sweep] <= time.monotonic() and not self._stopped.is_set():
                    well = run_logged(sweep) is not None
                    beats.ran(sweep.path, at=timezone.now(), well=well)
                    due[sweep] = time.monotonic() + sweep.every
            note_logged(beats)
            self._stopped.wait(0.5)
        connection.close()

    def stop(self) -> None:
        """Ask for the end and wait up to 5 s for the sweep under way."""
        self._stopped.set()
        self.join(5)


def note_logged(beats: Beats) -> None:
    """A database that is away costs a note, never the thread."""
    try:
        beats.told()
    except Exception:
        log.exception("beats not noted")


def run_logged(sweep: Sweep) -> int | None:
    """Run one sweep now, None when it failed; its failure never stops the others."""
    try:
        return sweep.run(at=timezone.now())
    except Exception:
        log.exception("sweep failed", extra={"sweep": sweep.path})
        return None
