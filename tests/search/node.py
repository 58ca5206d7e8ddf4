"""The Elasticsearch node that `make services` starts, and one of a test's own that it may kill."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from knowledge.search.engines.elastic import ElasticEngine
from knowledge.search.engines.elastic_client import Cluster
from tests.services import free_port

URL = os.environ.get("ELASTICSEARCH_URL_TEST", "http://127.0.0.1:9200")
_SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "elasticsearch" / "node"


@contextmanager
def own_indexes(url: str = URL) -> Iterator[Cluster]:
    """The node with a prefix of one's own, whose indexes are taken away at the end."""
    try:
        httpx.get(url, timeout=30).raise_for_status()
    except httpx.HTTPError as error:
        raise AssertionError(f"no Elasticsearch at {url}: make services starts one") from error
    made = Cluster(url, prefix=f"test-{secrets.token_hex(4)}")
    try:
        yield made
    finally:
        ElasticEngine(made).drop_all()


class Node:
    """A node of a test's own, on one port however often it is started."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port() % 20_000 + 20_000  # the node takes the port a hundred above too

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        env = {**os.environ, "WASL_ES_HEAP": "256m"}
        subprocess.run([_SCRIPT, "start", self.home, str(self.port)], env=env, check=True)

    def kill(self) -> None:
        pid = int((self.home / "pid").read_text())
        os.kill(pid, 9)
        while Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
            pass

    def stop(self) -> None:
        subprocess.run([_SCRIPT, "stop", self.home], check=True)
