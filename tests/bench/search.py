"""Search beside SQLite's FTS5 and a plain LIKE: how well, how fast, how large, how soon.

*How well*: the labelled set of `tests/search`, by kind of question. *How fast*: articles made of
the words of the starter library and the test set, half Arabic, half French; questions are three to
six of their words, one in four with an error; the whole path is timed: reading the question,
spelling, both languages. With the semantic extra installed each table has a line for it.
`python -m tests.bench search`; with ENGINE=elastic see `search_elastic`.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from knowledge.search.engines import dense
from knowledge.search.engines.dense import Shelf
from knowledge.search.engines.embedded import EmbeddedEngine
from knowledge.search.engines.port import Document
from knowledge.search.evaluation import documents_of, evaluate, judge, percentile
from knowledge.search.expansion import understand
from knowledge.search.fusion import fuse, readable
from tests.bench.peers import Fts5, Like
from tests.bench.texts import articles, asked

SIZES = (1_000, 10_000, 100_000)
P95_MS = {("wasl", 10_000): 30.0, ("wasl", 100_000): 100.0, ("wasl + vectors", 10_000): 80.0}
"""95 in 100 questions are answered within this, on two idle cores."""
AIM_MS = 10.0
"""What the layer should take at 10 000 articles."""
SOON_MS = 2_000.0
"""A saved article is found within this."""
MUST = {
    "msa": (0.97, 1.0), "darija": (0.84, 0.90), "arabizi": (0.80, 0.85), "fr": (0.91, 0.90),
    "frtypo": (0.95, 0.95),
}  # fmt: skip
"""Kind of question: mean reciprocal rank and share with a right article in the first three."""
SAVES = 10
_SET = Path(__file__).resolve().parents[1] / "search" / "assoc-ma"


def main() -> int:
    """Print the tables; 1 when a target is missed."""
    if os.environ.get("ENGINE") == "elastic":
        from tests.bench import search_elastic

        return search_elastic.main()
    missed = [*quality(), *speed()]
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept")
    return int(bool(missed))


# --- how well ---------------------------------------------------------------------------------


def quality() -> Iterator[str]:
    print("reciprocal rank / a right one in the first three, by kind of question")
    print(f"{'engine':<16}" + "".join(f"{kind:>15}" for kind in MUST))
    ours = evaluate(_SET, ())
    rows = {"wasl": ours}
    if dense.is_available():
        rows["wasl + vectors"] = evaluate(_SET, (), semantic=True)
    documents = documents_of(_SET)
    for peer in (Fts5(documents), Like(documents)):
        rows[peer.name] = judge(_SET, peer.find)
    for name, figures in rows.items():
        cells = [f"{k['mrr']:.3f} / {k['s3']:.2f}" for k in map(figures["kinds"].get, MUST) if k]
        print(f"{name:<16}" + "".join(f"{cell:>15}" for cell in cells), flush=True)
    for kind, (mrr, s3) in MUST.items():
        got = ours["kinds"][kind]
        if got["mrr"] < mrr or got["s3"] < s3:
            yield f"{kind}: {got['mrr']:.3f} / {got['s3']:.2f}, at least {mrr} / {s3}"


# --- how fast ---------------------------------------------------------------------------------


def speed() -> Iterator[str]:
    print(f"{'articles':>8}  {'engine':<16} {'p50 ms':>8} {'p95 ms':>8} {'build s':>8} "
          f"{'MB':>7} {'found after ms':>15}")  # fmt: skip
    for size in SIZES:
        documents = list(articles(size))
        questions = list(asked(documents))
        for line in (*ours(documents, questions), *peers(documents, questions)):
            p50, p95 = percentile(line["times"], 0.50), percentile(line["times"], 0.95)
            print(f"{size:>8}  {line['name']:<16} {p50:>8.2f} {p95:>8.2f} {line['build']:>8.1f} "
                  f"{line['mb']:>7.1f} {line.get('soon', ''):>15}", flush=True)  # fmt: skip
            limit = P95_MS.get((line["name"], size))
            if limit and p95 > limit:
                yield f"{line['name']} at {size}: p95 {p95:.1f} ms, at most {limit:.0f}"
            if line.get("soon", 0) > SOON_MS:
                yield f"{line['name']} at {size}: found after {line['soon']} ms"
            if line["name"] == "wasl" and size == 10_000:
                print(f"{'':>8}  aim of {AIM_MS:.0f} ms: {'kept' if p95 <= AIM_MS else 'missed'}")


def ours(documents: list[Document], questions: list[str]) -> Iterator[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Path(folder))
        began = time.perf_counter()
        engine.build(documents)
        understand("association", engine.vocabulary)
        build = time.perf_counter() - began

        def words(text: str) -> None:
            question = understand(text, engine.vocabulary)
            for lang in ("ar", "fr"):
                engine.find(question, lang=lang, limit=50)

        times, mb = timed(words, questions), size_of(Path(folder))
        soon = max(saved_to_found(engine, documents[turn]) for turn in range(SAVES))
        yield {"name": "wasl", "times": times, "build": build, "mb": mb, "soon": soon}
        if dense.is_available():
            yield with_vectors(engine, documents, questions)


def with_vectors(
    engine: EmbeddedEngine, documents: list[Document], questions: list[str]
) -> dict[str, Any]:
    """The questions are embedded for truth; the articles share the vectors of a few hundred."""
    with TemporaryDirectory() as folder, borrowed_vectors():
        shelf = Shelf(Path(folder))
        began = time.perf_counter()
        shelf.put(documents)
        build = time.perf_counter() - began

        def both(text: str) -> None:
            question = understand(text, engine.vocabulary)
            vector = dense.embed_question(readable(text, question))
            for lang in ("ar", "fr"):
                by_words = [hit.key for hit in engine.find(question, lang=lang, limit=50)]
                fuse(by_words, [hit.key for hit in shelf.find(vector, lang=lang, limit=50)])

        both("association")
        times, mb = timed(both, questions), size_of(Path(folder))
        return {"name": "wasl + vectors", "times": times, "build": build, "mb": mb}


@contextmanager
def borrowed_vectors() -> Iterator[None]:
    import numpy as np

    truly, stock = dense.embed_documents, {}

    def borrowed(documents: list[Document]) -> Any:
        if not stock:
            stock["rows"] = truly(documents[:200])
        dice = np.random.default_rng(1)
        rows = stock["rows"][dice.integers(0, len(stock["rows"]), len(documents))]
        rows = rows + dice.normal(0, 0.01, rows.shape).astype(rows.dtype)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    dense.embed_documents = borrowed
    try:
        yield
    finally:
        dense.embed_documents = truly


def saved_to_found(engine: EmbeddedEngine, document: Document) -> int:
    """Milliseconds from writing an article with a new word until it is found by that word."""
    word = f"zyzzyva{time.perf_counter_ns()}"
    began = time.perf_counter()
    engine.replace([replace(document, text=f"{document.text} {word}", stamp=word)])
    while not engine.find(understand(word, engine.vocabulary), lang=document.lang, limit=1):
        time.sleep(0.005)
    return round((time.perf_counter() - began) * 1000)


def peers(documents: list[Document], questions: list[str]) -> Iterator[dict[str, Any]]:
    for kind in (Fts5, Like):
        began = time.perf_counter()
        peer = kind(documents)
        build = time.perf_counter() - began
        yield {
            "name": peer.name, "times": timed(peer.find, questions), "build": build,
            "mb": peer.megabytes,
        }  # fmt: skip


def timed(ask: Callable[[str], object], questions: list[str]) -> list[float]:
    """Milliseconds of each question, in order of size."""
    times = []
    for text in questions:
        began = time.perf_counter()
        ask(text)
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def size_of(folder: Path) -> float:
    """Megabytes on disk."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
