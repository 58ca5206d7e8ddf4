"""The engine in a real Elasticsearch node: the same answers as tantivy, swaps, and what feeds it."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from elasticsearch import Elasticsearch

from knowledge.articles.actions import wording
from knowledge.articles.models import Edition
from knowledge.search import cluster, index, jobs, query
from knowledge.search.engines import elastic_schema, trial
from knowledge.search.engines.elastic import ElasticEngine
from knowledge.search.engines.elastic_client import Cluster
from knowledge.search.engines.embedded import EmbeddedEngine
from knowledge.search.engines.port import Document, EngineBroken
from knowledge.search.evaluation import _lines, documents_of
from knowledge.search.expansion import understand
from knowledge.search.link import Link
from tests import make
from tests.search.node import URL, own_indexes
from tests.search.test_engine import RECEIPT, RECU, TAX

pytestmark = pytest.mark.full
SET = Path(__file__).parent / "assoc-ma"
VOCABULARY = "récépissé définitif TVA exonérations bénévolat"


@pytest.fixture
def own() -> Iterator[Cluster]:
    with own_indexes() as made:
        yield made


@pytest.fixture
def engine(own: Cluster) -> ElasticEngine:
    made = ElasticEngine(own, reading=trial.UNHURRIED)
    first = made.next()
    made.write(first, [RECEIPT, RECU, TAX])
    made.swap_to(first)
    return made


@pytest.fixture
def linked(library: Path, settings: Any, own: Cluster) -> Link:
    """The library, and a cluster without any of it yet."""
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = own.url, own.prefix
    named = cluster.link()
    assert named
    named.engine._reading = trial.UNHURRIED  # what is found is asked here, not how soon
    return named


def keys(engine: ElasticEngine, text: str, **narrowing: str) -> list[str]:
    from knowledge.search.simple import vocabulary

    return [hit.key for hit in engine.find(understand(text, vocabulary()), **narrowing)]


def indexes(own: Cluster) -> list[str]:
    return sorted(Elasticsearch(own.url).indices.get(index=f"{own.prefix}-*").body)


def feed(named: Link) -> int:
    """Until nothing is due."""
    touched = 0
    while some := named.feeder.step():
        touched += some
    return touched


# --- answers ---------------------------------------------------------------------------------


def test_the_same_ten_in_the_same_order(tmp_path: Path) -> None:
    """On the shipped questions, in each language and in both."""
    documents = documents_of(SET)
    embedded = EmbeddedEngine(tmp_path)
    embedded.build(documents)
    same = []
    with trial.filled(Cluster(URL), documents) as engine:
        for line in _lines(SET, "queries.jsonl"):
            asked = understand(line["text"], embedded.vocabulary)
            rows = engine.find_each(asked, langs=("", "ar", "fr"))
            for lang, row in zip(("", "ar", "fr"), rows, strict=True):
                ours = embedded.find(asked, lang=lang)
                same.append([hit.key for hit in ours] == [hit.key for hit in row])
                assert [hit.score for hit in row] == pytest.approx(
                    [hit.score for hit in ours], rel=1e-3
                )
    assert len(same) == 180
    assert sum(same) >= 0.95 * len(same)


def test_the_command_measures_it() -> None:
    out = StringIO()
    call_command("search_eval", str(SET), "--engine", "elastic", "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["all"]["same_ten"] >= 0.95
    assert figures["kinds"]["arabizi"]["s3"] >= 0.85


def test_finds_by_language_and_theme(engine: ElasticEngine) -> None:
    assert keys(engine, "récépissé définitif")[0] == "r.fr"
    assert keys(engine, "récépissé définitif", lang="ar") == ["r.ar"]
    assert keys(engine, "récépissé TVA", theme="D") == ["t.fr"]
    assert keys(engine, "zzzzz") == keys(engine, "?!") == []


def test_the_page_answers_as_without_it(linked: Link, settings: Any) -> None:
    assert query.search("TVA", lang="fr").by_host, "nothing is there yet"
    feed(linked)
    linked.asking.answered()
    for text in (
        "récépissé définitif",
        "kifach njib lwasl",
        "الوصل النهائي",
        "zzzz 'ا",
        "a" * 9000,
    ):
        settings.ELASTICSEARCH_URL = linked.engine._client.transport.node_pool.get().base_url
        theirs = query.search(text, lang="fr")
        settings.ELASTICSEARCH_URL = ""
        ours = query.search(text, lang="fr")
        assert not theirs.by_host
        assert [(h.topic, h.snippet) for h in theirs.hits] == [
            (h.topic, h.snippet) for h in ours.hits
        ]


def test_no_question_is_too_long(linked: Link) -> None:
    feed(linked)
    linked.asking.answered()
    dice = random.Random(1)
    letters = "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=4_000))
    words = " ".join("".join(dice.choices("ابتثجحخدذرزسشصضطظعغ", k=40)) for _ in range(90))
    for text in (f"TVA {letters}", f"TVA {words}"):
        assert not query.search(text, lang="fr").by_host


# --- what lies there -------------------------------------------------------------------------


def test_replace_and_take_out(engine: ElasticEngine) -> None:
    live = engine.live()
    assert engine.state(live) == (3, 3, 6)
    changed = Document("t.fr", "t", "fr", "D", "Douane", "Rien", stamp="4")
    engine.write(live, [changed], gone=["r.ar", "never-there"])
    assert engine.stamps(live) == {"r.fr": "2", "t.fr": "4"}
    assert engine.state(live) == (2, 4, 6)
    assert keys(engine, "douane") == ["t.fr"]
    assert keys(engine, "exonérations") == []


def test_nothing_that_could_be_read_lies_there(engine: ElasticEngine, own: Cluster) -> None:
    kept = Elasticsearch(own.url).search(index=engine.alias).body["hits"]["hits"]
    assert {field for hit in kept for field in hit["_source"]} == {
        "topic", "lang", "theme", "stamp", "number",
    }  # fmt: skip


def test_filled_beside_and_swapped(engine: ElasticEngine, own: Cluster) -> None:
    first = engine.live()
    second = engine.next()
    engine.write(second, [RECU])
    assert keys(engine, "TVA") == ["t.fr"], "questions still go to the first"
    assert engine.next() == second, "what was begun is gone on with"
    engine.swap_to(second)
    assert keys(engine, "TVA") == []
    assert indexes(own) == [first, second], "the one before stays for questions under way"
    third = engine.next(anew=True)
    engine.swap_to(third)
    assert indexes(own) == [second, third]


def test_another_glossary_has_an_index_of_its_own(
    engine: ElasticEngine, own: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two versions of the program serve side by side while one takes over from the other."""
    before = engine.live()
    with monkeypatch.context() as patch:
        patch.setattr("knowledge.search.glossary.version", lambda: "another")
        assert engine.live() == ""
        with pytest.raises(EngineBroken):
            keys(engine, "TVA")
        made = engine.next()
        engine.swap_to(made)
        assert sorted(indexes(own)) == sorted([before, made])
    assert engine.live() == before
    assert keys(engine, "TVA") == ["t.fr"]
    monkeypatch.setattr("knowledge.search.engines.elastic.KEPT_SECONDS", -1e9)
    engine.swap_to(engine.next(anew=True))
    assert made not in indexes(own), "a day later it goes"


def test_an_index_made_by_the_server_itself_is_never_used(
    engine: ElasticEngine, own: Cluster
) -> None:
    """A bulk into an index that somebody deleted makes it anew, with fields of the server's own."""
    begun = engine.next()
    Elasticsearch(own.url).indices.delete(index=begun)
    engine.write(begun, [TAX])
    with pytest.raises(EngineBroken, match="our making"):
        engine.swap_to(begun)
    assert keys(engine, "TVA") == ["t.fr"]


def test_a_refused_document_is_told(engine: ElasticEngine) -> None:
    broken = replace(TAX, topic="t" * 40_000)
    with pytest.raises(EngineBroken, match="refused 1"):
        engine.write(engine.live(), [broken])


def test_a_term_of_the_staff_finds_at_once_and_indexes_nothing(
    linked: Link, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.search.kept.LOOK_SECONDS", 1.0)
    feed(linked)
    alias, live = linked.engine.alias, linked.engine.live()
    assert query.search("zerwata", lang="fr").hits == []
    columns: dict[str, Any] = {"ar": [], "fr": ["TVA"], "darija": [], "latin": ["zerwata"]}
    plain = {"meaning_ar": "", "meaning_fr": "", "is_shown": False, "note": ""}
    wording.write_term({**columns, **plain}, by=editor, at=make.NOW)
    until = time.perf_counter() + 2
    while not (found := query.search("zerwata", lang="fr")).hits:
        assert time.perf_counter() < until
        time.sleep(0.05)
    assert found.hits[0].topic == "T19-tax"
    assert not found.by_host
    assert (linked.engine.alias, linked.engine.live()) == (alias, live)
    assert linked.feeder.step() == 0


# --- feeding ---------------------------------------------------------------------------------


def test_the_sweep_fills_it_and_follows(linked: Link) -> None:
    assert feed(linked) == len(index.library.stamps())
    live = linked.engine.live()
    assert linked.engine.state(live) == index.library.fingerprint()
    edition = Edition.objects.get(article__topic="T19-tax", language="fr")
    edition.current = None
    edition.save()
    assert jobs.cluster_due(at=make.NOW) == 1
    assert "T19-tax.fr" not in linked.engine.stamps(live)
    edition.current = edition.versions.get()
    edition.save()
    assert jobs.cluster_due(at=make.NOW) == 1
    assert linked.engine.stamps(live) == index.library.stamps()
    assert jobs.cluster_due(at=make.NOW) == 0


def test_what_the_cluster_lost_comes_back(linked: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index restored from yesterday, or deleted, while nothing was published."""
    monkeypatch.setattr("knowledge.search.feeding.LOOK_SECONDS", 0)
    feed(linked)
    live = linked.engine.live()
    linked.engine.write(live, [], gone=["T19-tax.fr", "T03-receipt.ar"])
    assert feed(linked) == 2
    linked.engine._client.indices.delete(index=live)
    assert feed(linked) == len(index.library.stamps())
    assert linked.engine.state(linked.engine.live()) == index.library.fingerprint()


def test_the_command_builds_it_anew(linked: Link, own: Cluster) -> None:
    feed(linked)
    before, out = linked.engine.live(), StringIO()
    call_command("index", "--rebuild", stdout=out)
    assert linked.engine.live() != before
    assert linked.engine.stamps(linked.engine.live()) == index.library.stamps()
    assert f"Elasticsearch: {len(index.library.stamps())} documents written" in out.getvalue()
    assert elastic_schema.number_of("17") == 17
    assert elastic_schema.number_of("no number") == 0
