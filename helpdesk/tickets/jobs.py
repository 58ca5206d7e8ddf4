"""Sweeps of tickets: the search index follows the database; a month later the result is asked."""

import logging
from datetime import datetime

from helpdesk.tickets import indexing
from helpdesk.tickets.actions import rating
from helpdesk.tickets.models import Ticket
from knowledge.search.engines.port import EngineBroken

log = logging.getLogger("wasl.search")
BATCH = 200


def index_due(*, at: datetime) -> int:
    """Bring the index of tickets up to date, for one or two seconds at most; tickets touched.

    Every process may run it: one of a host writes, the others find it busy and try again.
    """
    try:
        return indexing.refresh()
    except EngineBroken as error:
        log.info("index of tickets not written now", extra={"reason": str(error)})
        return 0


def ask_results(*, at: datetime) -> int:
    """Ask once, 30 days after the end, what came of a request; how many were asked.

    Harmless when repeated or run by two at once: the row that says "asked" is unique to its request.
    """
    ended = Ticket.objects.result_due(after=at - rating.TOO_LATE, before=at - rating.ASKED_AFTER)
    return sum(rating.ask_result(ticket, at=at) for ticket in ended[:BATCH])
