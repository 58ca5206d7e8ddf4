"""Sweeps of tickets: the search index follows the database."""

import logging
from datetime import datetime

from helpdesk.tickets import indexing
from knowledge.search.engines.port import EngineBroken

log = logging.getLogger("wasl.search")


def index_due(*, at: datetime) -> int:
    """Bring the index of tickets up to date, for one or two seconds at most; tickets touched.

    Every process may run it: one of a host writes, the others find it busy and try again.
    """
    try:
        return indexing.refresh()
    except EngineBroken as error:
        log.info("index of tickets not written now", extra={"reason": str(error)})
        return 0
