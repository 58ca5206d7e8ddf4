"""The cluster of Elasticsearch, where the settings name one.

It is a second engine, never the only one: the index on disk of each host is kept as without it, reads
the question, and answers whenever the cluster does not.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from knowledge.search.link import Link

LATELY = 60.0
"""Seconds; a process that is asked nothing would else tell for ever what it saw last."""


def link() -> "Link | None":
    """None where the settings name no cluster."""
    if not settings.ELASTICSEARCH_URL:
        return None
    return _link(
        settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_API_KEY, settings.ELASTICSEARCH_CA,
        settings.ELASTICSEARCH_PREFIX, Path(settings.DATA_DIR) / "index",
    )  # fmt: skip


def does_not_answer() -> bool:
    """Whether a cluster is named and this process found it away a minute ago at most."""
    named = link()
    return named is not None and any(
        breaker.failed_within(LATELY) for breaker in (named.asking, named.feeder.breaker)
    )


@lru_cache(maxsize=8)
def _link(url: str, api_key: str, ca: str, prefix: str, folder: Path) -> "Link":
    # Only here: the client costs a second and 40 MB, which a centre without a cluster does not pay.
    from knowledge.search.engines.elastic_client import Cluster
    from knowledge.search.link import Link

    return Link(Cluster(url, api_key, ca, prefix), folder)
