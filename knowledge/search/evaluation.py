"""How well questions find the right documents of a labelled set, through the product's own path.

A set is a folder with docs.jsonl {id, title, text, lang}, queries.jsonl {id, text, lang, kind?} and
qrels.jsonl {q, d, rel}. It is indexed apart from the live index, with the shipped glossary.
"""

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from knowledge.search.engines import dense
from knowledge.search.engines.dense import Shelf
from knowledge.search.engines.embedded import EmbeddedEngine
from knowledge.search.engines.port import Document, Engine
from knowledge.search.expansion import Question, understand
from knowledge.search.fusion import fuse, readable

if TYPE_CHECKING:
    from knowledge.search.engines.elastic_client import Cluster

DEPTH = 10
"""Places of the list that count for nDCG and MRR."""
FUSED = 50
"""Places of each list that are fused."""


@dataclass(frozen=True)
class Outcome:
    """One question: its kind, the relevance of each place of the list, of all right documents."""

    kind: str
    gains: tuple[int, ...]
    ideal: tuple[int, ...]
    milliseconds: float


class BadSet(Exception):
    """The folder is no labelled set."""


def evaluate(
    folder: Path,
    distractors: Sequence[Path],
    *,
    lang: str = "",
    semantic: bool = False,
    cluster: "Cluster | None" = None,
) -> dict[str, Any]:
    """Figures for all questions and for each kind; `semantic` adds the vectors. Raises BadSet.

    With a cluster Elasticsearch answers in place of the index on disk, and `same_ten` is the share of
    questions for which both give the same documents in the same order. Raises EngineBroken then.
    """
    documents = documents_of(folder, *distractors)
    with ExitStack() as stack:
        root = Path(stack.enter_context(TemporaryDirectory(prefix="wasl-eval-")))
        engine = EmbeddedEngine(root)
        engine.build(documents)
        shelf = Shelf(root) if semantic else None
        if shelf:
            shelf.put(documents)
        understand("association", engine.vocabulary)  # opened and warm, as in a serving process
        asking = stack.enter_context(_filled(cluster, documents)) if cluster else engine

        def find(text: str) -> list[str]:
            asked = understand(text, engine.vocabulary)
            if shelf:
                return _both(asking, shelf, asked, text, lang=lang)
            return [hit.key for hit in asking.find(asked, lang=lang, limit=DEPTH)]

        figures = judge(folder, find)
        if cluster:
            figures["all"]["same_ten"] = _same_ten(folder, engine, asking, lang=lang)
        return figures


def _filled(cluster: "Cluster", documents: Sequence[Document]) -> AbstractContextManager[Engine]:
    from knowledge.search.engines.trial import filled  # only here: it loads the cluster's client

    return filled(cluster, documents)


def _same_ten(folder: Path, engine: EmbeddedEngine, other: Engine, *, lang: str) -> float:
    same = []
    for question in _lines(folder, "queries.jsonl"):
        asked = understand(question["text"], engine.vocabulary)
        ours, theirs = (one.find(asked, lang=lang, limit=DEPTH) for one in (engine, other))
        same.append(float([hit.key for hit in ours] == [hit.key for hit in theirs]))
    return _mean(same)


def documents_of(*folders: Path) -> list[Document]:
    """The documents of some sets. Raises BadSet."""
    return [document for folder in folders for document in _documents(folder)]


def judge(folder: Path, find: Callable[[str], list[str]]) -> dict[str, Any]:
    """Figures of any search that gives the keys of its best documents, best first. Raises BadSet."""
    right, kinds, outcomes = _right(folder), defaultdict(list), []
    for question in _lines(folder, "queries.jsonl"):
        outcome = _ask(find, question, right.get(question["id"], {}))
        outcomes.append(outcome)
        if outcome.kind:
            kinds[outcome.kind].append(outcome)
    return {
        "all": _figures(outcomes),
        "kinds": {kind: _figures(some) for kind, some in sorted(kinds.items())},
    }


def _ask(
    find: Callable[[str], list[str]], question: dict[str, Any], right: dict[str, int]
) -> Outcome:
    began = time.perf_counter()
    found = find(question["text"])
    spent = (time.perf_counter() - began) * 1000
    gains = tuple(right.get(key, 0) for key in found[:DEPTH])
    ideal = tuple(sorted((rel for rel in right.values() if rel > 0), reverse=True))
    return Outcome(question.get("kind", ""), gains, ideal, spent)


def _both(engine: Engine, shelf: Shelf, asked: Question, text: str, *, lang: str) -> list[str]:
    """Keys by words and by meaning."""
    vector = dense.embed_question(readable(text, asked))
    words = [hit.key for hit in engine.find(asked, lang=lang, limit=FUSED)]
    near = [hit.key for hit in shelf.find(vector, lang=lang, limit=FUSED)]
    return [key for key, _score in fuse(words, near)][:DEPTH]


def _figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    times = sorted(outcome.milliseconds for outcome in outcomes)
    return {
        "n": len(outcomes),
        "ndcg": _mean(_ndcg(outcome) for outcome in outcomes),
        "s3": _mean(float(any(outcome.gains[:3])) for outcome in outcomes),
        "mrr": _mean(_reciprocal_rank(outcome) for outcome in outcomes),
        "p50_ms": percentile(times, 0.50),
        "p95_ms": percentile(times, 0.95),
    }


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of the ordered values do not pass; 0 when there are none."""
    if not ordered:
        return 0.0
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 3)


def _ndcg(outcome: Outcome) -> float:
    ideal = _discounted(outcome.ideal[:DEPTH])
    return _discounted(outcome.gains) / ideal if ideal else 0.0


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def _reciprocal_rank(outcome: Outcome) -> float:
    return next((1 / place for place, gain in enumerate(outcome.gains, 1) if gain > 0), 0.0)


def _mean(values: Iterable[float]) -> float:
    row = list(values)
    return round(sum(row) / len(row), 4) if row else 0.0


def _right(folder: Path) -> dict[str, dict[str, int]]:
    right: dict[str, dict[str, int]] = defaultdict(dict)
    for line in _lines(folder, "qrels.jsonl"):
        right[line["q"]][line["d"]] = line["rel"]
    return right


def _documents(folder: Path) -> Iterator[Document]:
    for line in _lines(folder, "docs.jsonl"):
        lang = line.get("lang", "")
        yield Document(line["id"], line["id"], lang, "", line.get("title") or "", line["text"])


def _lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    try:
        with (folder / name).open(encoding="utf-8") as file:
            for line in file:
                if line.strip():
                    yield json.loads(line)
    except (OSError, ValueError) as error:
        raise BadSet(f"{folder / name}: {error}") from error
