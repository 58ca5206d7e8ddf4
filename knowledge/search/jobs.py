"""Sweeps of search: the index follows the library, old searches are forgotten."""

import logging
from datetime import datetime

from knowledge.search import index
from knowledge.search.engines import dense
from knowledge.search.engines.port import EngineBroken
from knowledge.search.models import SearchRecord
from knowledge.search.rules import KEPT

VECTORS_A_BEAT = 8
log = logging.getLogger("wasl.search")


def index_due(*, at: datetime) -> int:
    """Bring the index up to the published versions; documents touched.

    Every process may run it: the index takes one writer, the others find it busy and try again.
    """
    try:
        touched = index.refresh()
        index.warm()
        return touched
    except EngineBroken as error:
        log.info("index not written now", extra={"reason": str(error)})
        return 0


def vectors_due(*, at: datetime) -> int:
    """Embed published versions that have no vector yet; documents touched. Nothing without the extra."""
    return index.refresh_vectors(most=VECTORS_A_BEAT) if dense.is_available() else 0


def forget_old(*, at: datetime) -> int:
    """Delete search records past their time; records deleted."""
    return SearchRecord.objects.older_than(at - KEPT).delete()[0]
