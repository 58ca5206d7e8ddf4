"""What this process knows of one cluster of Elasticsearch: its engine, who feeds it, whether it answers."""

import logging
from collections.abc import Sequence
from pathlib import Path

from knowledge.search.engines.elastic import ElasticEngine
from knowledge.search.engines.elastic_client import Cluster
from knowledge.search.engines.limits import Breaker
from knowledge.search.engines.port import EngineBroken, Found
from knowledge.search.expansion import Question
from knowledge.search.feeding import Feeder

LONGEST_PAUSE = 15.0
"""Seconds at most until a cluster that came back is asked again."""
log = logging.getLogger("wasl.search")


class Link:
    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.engine = ElasticEngine(cluster)
        self.feeder = Feeder(self.engine, folder / "elastic.lock")
        self.asking = Breaker(longest=LONGEST_PAUSE)

    def find(
        self, question: Question, *, langs: Sequence[str], theme: str, limit: int
    ) -> list[Found] | None:
        """The best of each language; None when another engine has to answer."""
        if not self.asking.lets_through():
            return None
        was_away = self.asking.is_open
        try:
            rows = self.engine.find_each(question, langs=langs, theme=theme, limit=limit)
        except EngineBroken as error:
            self.asking.failed(str(error))
            if not was_away:
                log.warning("the index of this host answers", extra={"error": str(error)})
            return None
        self.asking.answered()
        if was_away:
            log.warning("Elasticsearch answers again")
        return [hit for row in rows for hit in row]
