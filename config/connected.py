"""Whose desk is there: an open socket says so, also while its tab is hidden and asks for nothing."""

import asyncio
import logging
from collections.abc import Iterable

from django.db import close_old_connections, connection
from django.utils import timezone

from config.metering import sockets
from helpdesk.live.hub import hub
from helpdesk.queues.actions import seen_all

log = logging.getLogger("wasl.live")
EVERY = 20.0
"""Seconds; a desk counts as gone after a minute."""


async def note_connected() -> None:
    """For as long as the server runs."""
    while True:
        await asyncio.sleep(EVERY)
        sockets.set(len(hub.mailboxes))
        people = {mailbox.person for mailbox in hub.mailboxes if mailbox.person}
        if not people:
            continue
        try:
            await asyncio.to_thread(note, people)
        except Exception:
            log.exception("noting who is connected")


def note(people: Iterable[int]) -> None:
    """In a thread of its own, which keeps no connection."""
    close_old_connections()
    try:
        seen_all(people, at=timezone.now())
    finally:
        connection.close()
