"""An index of its own in a cluster, for measuring: filled, asked without hurry, and taken away."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from knowledge.search.engines.elastic import CHUNK, ElasticEngine
from knowledge.search.engines.elastic_client import Cluster
from knowledge.search.engines.port import Document

UNHURRIED = 30.0
"""Seconds for an answer: what is measured is the answer, not the limit."""


@contextmanager
def filled(cluster: Cluster, documents: Sequence[Document]) -> Iterator[ElasticEngine]:
    """Raises EngineBroken."""
    own = replace(cluster, prefix=f"{cluster.prefix}-trial-{secrets.token_hex(4)}")
    engine = ElasticEngine(own, reading=UNHURRIED)
    try:
        index = engine.next()
        for start in range(0, len(documents), CHUNK):
            engine.write(
                index, list(documents[start : start + CHUNK]), more=start + CHUNK < len(documents)
            )
        engine.swap_to(index)
        yield engine
    finally:
        engine.drop_all()
