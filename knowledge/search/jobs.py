"""Sweeps of search: the index follows the library, old searches are forgotten."""

import logging
from datetime import datetime

from django.utils import timezone

from knowledge.search import cluster, index
from knowledge.search.engines import dense
from knowledge.search.engines.port import EngineBroken, EngineBusy
from knowledge.search.models import SearchRecord, SuggestionCount, UnknownWord
from knowledge.search.rules import KEPT, SELDOM

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


def cluster_due(*, at: datetime) -> int:
    """Bring the index in the cluster up to the published versions; documents touched.

    Nothing where the settings name no cluster. One process of each host feeds it.
    """
    named = cluster.link()
    if named is None:
        return 0
    was_away = named.feeder.breaker.is_open
    try:
        return named.feeder.step()
    except EngineBusy:
        return 0
    except EngineBroken as error:
        if not was_away:  # said once, not with every try
            log.warning("Elasticsearch is not fed now", extra={"error": str(error)})
        return 0


def vectors_due(*, at: datetime) -> int:
    """Embed published versions that have no vector yet; documents touched. Nothing without the extra."""
    return index.refresh_vectors(most=VECTORS_A_BEAT) if dense.is_available() else 0


def forget_old(*, at: datetime) -> int:
    """Delete searches and counts of suggestions past their time; rows deleted."""
    counts = SuggestionCount.objects.older_than(timezone.localdate(at - KEPT)).delete()[0]
    return SearchRecord.objects.older_than(at - KEPT).delete()[0] + counts


def forget_words(*, at: datetime) -> int:
    """Delete counts of unknown words past their time, those of rare words sooner; rows deleted."""
    today = timezone.localtime(at).date()
    old = UnknownWord.objects.before(today - KEPT).delete()[0]
    return old + UnknownWord.objects.unread().before(today - SELDOM).delete()[0]
