"""The way to a cluster of Elasticsearch: address, key and authority from the settings, and its limits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from elastic_transport.client_utils import url_to_node_config
from elasticsearch import Elasticsearch

from knowledge.search.engines.limits import MOST_WAITING
from knowledge.search.engines.port import EngineBroken

READING = 0.8
"""Seconds in which a question is answered, or the index of this host answers it."""
PROBE = 2.0
"""Seconds for the sweep's first question: other sweeps wait behind it."""
WRITING = 5.0
"""Seconds for one bulk request of the sweep."""
SCAN = 20.0
"""Seconds for the list of what is indexed, a hundred thousand documents at most."""
# That a node does not answer is told once by who asks, not with every try.
logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Cluster:
    """Where it is; `url` may be several, with commas."""

    url: str
    api_key: str = ""
    ca: str = ""
    prefix: str = "wasl"


@lru_cache(maxsize=8)
def client(cluster: Cluster) -> Elasticsearch:
    """One for all threads. Certificates are always checked; a failed request is never repeated here."""
    nodes = [
        url_to_node_config(url.strip(), use_default_ports_for_scheme=True)
        for url in filter(None, cluster.url.split(","))
    ]
    more: dict[str, Any] = {}
    if cluster.api_key:
        ident, colon, key = cluster.api_key.partition(":")
        more["api_key"] = (ident, key) if colon else cluster.api_key
    if cluster.ca and all(node.scheme == "https" for node in nodes):
        more["ca_certs"] = cluster.ca
    return Elasticsearch(
        nodes, request_timeout=READING, max_retries=0, retry_on_timeout=False,
        connections_per_node=MOST_WAITING, meta_header=False, **more,
    )  # fmt: skip


@contextmanager
def guarded() -> Iterator[None]:
    """Every trouble as EngineBroken.

    The client meets garbage with whatever it fails at, so all is caught; only the kind of the error is
    told, since its text may hold what was asked.
    """
    try:
        yield
    except EngineBroken:
        raise
    except Exception as error:
        status = getattr(error, "status_code", "")
        raise EngineBroken(f"Elasticsearch: {type(error).__name__} {status}".strip()) from error
