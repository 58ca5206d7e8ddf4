"""A real Elasticsearch node, killed, stopped, slow, and built anew under readers: nothing is lost."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.articles.models import Edition
from knowledge.search import cluster, jobs, library, query
from knowledge.search.engines.port import EngineBroken
from knowledge.search.engines.trial import UNHURRIED
from knowledge.search.expansion import understand
from knowledge.search.link import Link
from knowledge.search.simple import vocabulary
from tests import make
from tests.faults.elastic_way import Way
from tests.search.conftest import library as library_with_index  # noqa: F401 - a fixture
from tests.search.conftest import shelf  # noqa: F401 - a fixture
from tests.search.node import Node, own_indexes

pytestmark = pytest.mark.full
READERS = 10
REBUILDS = 5
BACK_WITHIN = 60.0
"""Seconds after its return in which a cluster holds what the library holds."""


@pytest.fixture
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    made = Node(tmp_path_factory.mktemp("node"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def link_to(library_with_index: Path, settings: Any) -> Callable[[str], Link]:  # noqa: F811
    def named(url: str) -> Link:
        settings.ELASTICSEARCH_URL = url
        found = cluster.link()
        assert found
        return found

    return named


def take_out(topic: str) -> None:
    Edition.objects.filter(article__topic=topic).update(current=None)


def until_equal(named: Link, *, since: float) -> float:
    """Seconds until the sweep made it so."""
    while True:
        assert time.monotonic() - since < BACK_WITHIN, "still not as the library"
        jobs.cluster_due(at=make.NOW)
        try:
            if named.engine.stamps(named.engine.live() or "none") == library.stamps():
                return time.monotonic() - since
        except EngineBroken:
            pass
        time.sleep(0.2)


def test_killed_in_a_bulk(
    node: Node, link_to: Callable[[str], Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.search.feeding.CHUNK", 4)
    with Way(node.url) as way:
        named = link_to(way.url)
        for bulks in (3, 9):  # while it is filled for the first time, then once more
            way.requests.clear()

            def kill_in_the_middle(after: int = bulks) -> None:
                while sum("_bulk" in path for _, path in list(way.requests)) < after:
                    time.sleep(0.001)
                node.kill()

            killer = threading.Thread(target=kill_in_the_middle)
            killer.start()
            until = time.monotonic() + BACK_WITHIN
            while killer.is_alive():
                assert time.monotonic() < until
                jobs.cluster_due(at=make.NOW)
            killer.join()
            assert query.search("TVA", lang="fr").hits
            take_out("T34-bank" if bulks == 3 else "T19-tax")
            node.start()
            back = until_equal(named, since=time.monotonic())
            print(f"killed in bulk {bulks}: equal {back:.1f} s after its return")
            named.engine.drop_all() if bulks == 3 else None
            named.feeder._equal = ((0, 0, 0), 0.0)
        assert named.engine.state(named.engine.live()) == library.fingerprint()


@pytest.mark.parametrize("fault", ["slow", "429", "garbage", "gone"])
def test_it_catches_up_when_it_is_back(
    link_to: Callable[[str], Link], fault: str, settings: Any
) -> None:
    with own_indexes() as own, Way(own.url) as way:
        settings.ELASTICSEARCH_PREFIX = own.prefix
        named = link_to(way.url)
        until_equal(named, since=time.monotonic())
        way.fault = "reset" if fault == "gone" else fault
        take_out("T34-bank")
        take_out("T19-tax")
        taken, until = [], time.monotonic() + 5
        while time.monotonic() < until:
            jobs.index_due(at=make.NOW)
            jobs.cluster_due(at=make.NOW)
            began = time.monotonic()
            found = query.search("compte bancaire", lang="fr")
            taken.append(time.monotonic() - began)
            assert found.hits
            assert "T34-bank" not in [hit.topic for hit in found.hits]
        p95 = sorted(taken)[int(len(taken) * 0.95)]
        assert p95 <= 1.2
        way.fault = ""
        back = until_equal(named, since=time.monotonic())
        print(
            f"{fault}: {len(taken)} searches, p95 {p95 * 1000:.0f} ms; equal {back:.1f} s after its return"
        )
        named.asking.answered()
        named.engine._reading = UNHURRIED
        assert not query.search("compte bancaire", lang="fr").by_host


def test_ten_readers_never_find_nothing(link_to: Callable[[str], Link], settings: Any) -> None:
    with own_indexes() as own:
        settings.ELASTICSEARCH_PREFIX = own.prefix
        named = link_to(own.url)
        until_equal(named, since=time.monotonic())
        named.engine._reading = UNHURRIED
        named.engine._client = named.engine._client.options(request_timeout=UNHURRIED)
        question = understand("récépissé définitif", vocabulary())
        done, counts, empty = threading.Event(), [0] * READERS, list[str]()

        def read(place: int) -> None:
            while not done.is_set():
                counts[place] += 1
                try:
                    if len(named.engine.find(question, lang="fr", limit=5)) != 5:
                        empty.append("too few")
                except EngineBroken as error:
                    empty.append(str(error))

        threads = [threading.Thread(target=read, args=(place,)) for place in range(READERS)]
        for thread in threads:
            thread.start()
        for _ in range(REBUILDS):
            assert named.feeder.rebuild() == len(library.stamps())
        done.set()
        for thread in threads:
            thread.join()
        print(
            f"{sum(counts)} answers to {READERS} readers under {REBUILDS} rebuilds, {len(empty)} empty"
        )
        assert min(counts) > 0
        assert empty == [], f"{len(empty)} of {sum(counts)} answers were empty"
