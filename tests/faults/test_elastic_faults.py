"""A cluster that does not answer: search goes on from the index of the host, and says so to staff."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from knowledge.articles.models import Edition
from knowledge.search import cluster, jobs, query
from knowledge.search.engines.limits import Breaker
from tests import make
from tests.faults.elastic_way import FAULTS, Way
from tests.search.conftest import library, shelf  # noqa: F401 - fixtures


@pytest.fixture
def way() -> Iterator[Way]:
    with Way() as made:
        yield made


AT_ONCE_OR_LATE = [
    pytest.param(fault, marks=[pytest.mark.long] if fault in ("slow", "trickle") else [])
    for fault in FAULTS
]


@pytest.fixture
def faulty(library: Path, settings: Any, way: Way) -> Way:  # noqa: F811
    settings.ELASTICSEARCH_URL = way.url
    return way


def stop_the_clock(breaker: Breaker) -> None:
    """A pause of a second then never ends, however busy the machine."""
    breaker._clock = lambda: 0.0


@pytest.mark.parametrize("fault", AT_ONCE_OR_LATE)
def test_the_index_of_the_host_answers(faulty: Way, settings: Any, fault: str) -> None:
    faulty.fault = fault
    found = query.search("الوصل النهائي", lang="ar")
    assert found.by_host
    assert not found.degraded, "the same search, and a search worth counting"
    settings.ELASTICSEARCH_URL = ""
    alone = query.search("الوصل النهائي", lang="ar")
    assert [hit.topic for hit in found.hits] == [hit.topic for hit in alone.hits]
    assert not alone.by_host


def test_it_is_left_alone_and_health_says_so(faulty: Way, client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    faulty.fault = "503"
    named = cluster.link()
    assert named
    stop_the_clock(named.asking)
    for _ in range(5):
        assert query.search("TVA", lang="fr").hits
    assert [path for _, path in faulty.requests].count("/_msearch") == 1
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert b"Elasticsearch does not answer" in answer.content


def test_nobody_there(library: Path, settings: Any) -> None:  # noqa: F811
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert query.search("TVA", lang="fr").by_host
        assert jobs.cluster_due(at=make.NOW) == 0


@pytest.mark.parametrize("fault", AT_ONCE_OR_LATE)
def test_the_sweep_goes_on(faulty: Way, fault: str) -> None:
    faulty.fault = fault
    named = cluster.link()
    assert named
    stop_the_clock(named.feeder.breaker)
    assert jobs.cluster_due(at=make.NOW) == 0
    assert cluster.does_not_answer()
    asked = len(faulty.requests)
    assert jobs.cluster_due(at=make.NOW) == 0
    assert len(faulty.requests) == asked, "it is left alone for a while"
    assert query.search("TVA", lang="fr").hits


def test_publishing_asks_nothing_of_it(faulty: Way) -> None:
    faulty.fault = "slow"
    edition = Edition.objects.get(article__topic="T19-tax", language="fr")
    edition.current = None
    edition.save()
    assert jobs.index_due(at=make.NOW) == 1, "the index of the host follows at once"
    assert faulty.requests == []


def test_staff_are_told_quietly_and_nobody_else(
    faulty: Way, amina: Any, chama: Any, as_user: Any
) -> None:
    faulty.fault = "503"
    told = "Elasticsearch"
    for user, is_told in ((None, False), (chama, False), (amina, True)):
        page = as_user(user).get("/fr/search/?q=TVA").content.decode()
        assert "T19-tax" in page
        assert (told in page) is is_told, user


@pytest.mark.full
@pytest.mark.parametrize("fault", ["slow", "trickle", "429", "reset", "garbage"])
def test_nobody_waits_longer_than_the_limit(faulty: Way, fault: str) -> None:
    faulty.fault = fault
    query.search("TVA", lang="fr")
    taken, until = [], time.monotonic() + 6
    while time.monotonic() < until:
        began = time.monotonic()
        assert query.search("récépissé définitif", lang="fr").hits
        taken.append(time.monotonic() - began)
        time.sleep(0.02)
    assert sorted(taken)[int(len(taken) * 0.95)] <= 1.2
