"""The engine on disk: tantivy, fed with the terms that our analysis makes.

`root/gen-N/` holds a built index and the versions it was built with, `root/current` points to the
one in use. A rebuild makes the next generation and swaps the link; readers look at the link before
each search and open the new one. One process at a time may write (tantivy holds a lock file).
"""

import json
import os
import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from knowledge.search import analysis, glossary
from knowledge.search.engines.port import (
    GRAMS,
    PAIRS,
    STEMS,
    Document,
    EngineBroken,
    Found,
)
from knowledge.search.expansion import Question
from knowledge.search.vocabulary import Count, Vocabulary, count_words

SCHEMA_VERSION = 2
_HEAP = 64_000_000
_VERSIONS = "versions.json"
_JOINT = "\t"
_TERM_FIELDS = ("stems", "grams", "pairs")


def versions() -> dict[str, object]:
    """What an index must have been built with to answer rightly."""
    return {
        "schema": SCHEMA_VERSION,
        "analysis": analysis.VERSION,
        "glossary": glossary.version(),
    }


@dataclass(frozen=True)
class _Opened:
    """One generation as this process reads it; `stamp` tells when its files last changed."""

    generation: str
    stamp: int
    index: tantivy.Index
    searcher: tantivy.Searcher
    vocabulary: Vocabulary


class EmbeddedEngine:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._opened: _Opened | None = None
        self._writer: tuple[str, tantivy.IndexWriter] | None = None
        self._lock = threading.Lock()

    # --- reading ---------------------------------------------------------------------------

    @property
    def is_current(self) -> bool:
        """Whether an index is there and was built with this analysis and this glossary."""
        try:
            built_with = json.loads((self._root / "current" / _VERSIONS).read_text())
            return bool(built_with == versions())
        except (OSError, ValueError):
            return False

    @property
    def vocabulary(self) -> Vocabulary:
        return self._open().vocabulary

    def find(
        self, question: Question, *, lang: str = "", theme: str = "", limit: int = 10
    ) -> Sequence[Found]:
        """The best documents; the same score keeps the order of keys. Raises EngineBroken."""
        if question.is_empty:
            return []
        opened = self._open()
        try:
            query = _query(question, lang=lang, theme=theme)
            hits = opened.searcher.search(query, limit, count=False).hits
            return [_found(opened.searcher, score, address) for score, address in hits]
        except ValueError as error:
            raise EngineBroken(str(error)) from error

    def stamps(self) -> dict[str, str]:
        """{key: stamp} of what is indexed. Raises EngineBroken."""
        searcher = self._open().searcher
        live = searcher.terms_with_prefix("stamp", "", tantivy.Query.all_query())
        return dict(joined.split(_JOINT, 1) for joined, documents in live if documents)

    @property
    def generation(self) -> str:
        """Name of the generation in use; empty when there is none."""
        try:
            return os.readlink(self._root / "current")
        except OSError:
            return ""

    # --- writing ---------------------------------------------------------------------------

    def build(self, documents: Iterable[Document]) -> None:
        """Build the next generation beside the present one, then swap. Raises EngineBroken."""
        self.release()
        folder = self._root / f"gen-{self._last_generation() + 1}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        writer = _create(folder).writer(heap_size=_HEAP, num_threads=1)
        for document in documents:
            writer.add_document(_indexed(document))
        writer.commit()
        writer.wait_merging_threads()
        (folder / _VERSIONS).write_text(json.dumps(versions()))
        self._swap_to(folder)

    def replace(self, documents: Iterable[Document], *, gone: Iterable[str] = ()) -> None:
        """Put in the documents, each in place of one of the same key, and take out those gone.

        Raises EngineBroken when there is no index or another process is writing.
        """
        writer = self._writing()
        try:
            for key in gone:
                writer.delete_documents_by_term("key", key)
            for document in documents:
                writer.delete_documents_by_term("key", document.key)
                writer.add_document(_indexed(document))
            writer.commit()
        except (ValueError, OSError) as error:
            self.release()
            raise EngineBroken(str(error)) from error

    def release(self) -> None:
        """Let another process write."""
        self._writer = None

    # --- files -----------------------------------------------------------------------------

    def _open(self) -> _Opened:
        """The generation in use, opened anew when the link or its files changed."""
        try:
            generation = os.readlink(self._root / "current")
            folder = self._root / generation
            stamp = (folder / "meta.json").stat().st_mtime_ns
            opened = self._opened
            if opened and (opened.generation, opened.stamp) == (generation, stamp):
                return opened
            with self._lock:
                self._opened = self._read(folder, generation, stamp)
                return self._opened
        except (OSError, ValueError) as error:
            raise EngineBroken(str(error)) from error

    def _read(self, folder: Path, generation: str, stamp: int) -> _Opened:
        before = self._opened
        if before and before.generation == generation:
            if before.stamp == stamp:
                return before
            index, vocabulary = before.index, before.vocabulary
            index.reload()
        else:
            if not self.is_current:
                raise EngineBroken("the index was built with another analysis or glossary")
            index, vocabulary = tantivy.Index.open(str(folder)), Vocabulary()
        searcher = index.searcher()
        vocabulary.add(_counts(searcher))
        return _Opened(generation, stamp, index, searcher, vocabulary)

    def _writing(self) -> tantivy.IndexWriter:
        """The writer of the generation in use, kept open: a new one costs up to a second."""
        try:
            generation = os.readlink(self._root / "current")
            if self._writer and self._writer[0] == generation:
                return self._writer[1]
            self.release()
            index = tantivy.Index.open(str(self._root / generation))
            self._writer = (generation, index.writer(heap_size=_HEAP, num_threads=1))
            return self._writer[1]
        except (OSError, ValueError) as error:
            raise EngineBroken(str(error)) from error

    def _last_generation(self) -> int:
        names = (path.name.removeprefix("gen-") for path in self._root.glob("gen-*"))
        return max((int(name) for name in names if name.isdigit()), default=0)

    def _swap_to(self, folder: Path) -> None:
        """Readers keep the old generation until their next search, so the one before it goes."""
        link = self._root / "current.new"
        previous = os.readlink(self._root / "current") if (self._root / "current").exists() else ""
        link.unlink(missing_ok=True)
        os.symlink(folder.name, link)
        os.replace(link, self._root / "current")
        for path in self._root.glob("gen-*"):
            if path.name not in (folder.name, previous):
                shutil.rmtree(path, ignore_errors=True)


def _schema() -> tantivy.Schema:
    """Terms are joined and split by blanks: tantivy's own analysis must not touch them."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "topic", "lang", "theme"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    for name in _TERM_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("words", "title_words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def _create(folder: Path) -> tantivy.Index:
    return tantivy.Index(_schema(), path=str(folder))


def _indexed(document: Document) -> tantivy.Document:
    terms = document.terms
    words, titled = count_words(document.title, document.text)
    return tantivy.Document(
        key=document.key,
        stamp=f"{document.key}{_JOINT}{document.stamp}",
        topic=document.topic,
        lang=document.lang,
        theme=document.theme,
        stems=" ".join(terms.stems),
        grams=" ".join(terms.grams),
        pairs=" ".join(terms.pairs),
        words=" ".join(words),
        title_words=" ".join(titled),
    )


def _counts(searcher: tantivy.Searcher) -> Iterable[Count]:
    titled = Counter(dict(searcher.terms_with_prefix("title_words", "")))
    for word, documents in searcher.terms_with_prefix("words", ""):
        yield Count(word, documents, titled[word])


def _query(question: Question, *, lang: str, theme: str) -> tantivy.Query:
    """Any of the terms, by weight; language and theme narrow without counting."""
    fields = (
        ("stems", STEMS, question.stems),
        ("grams", GRAMS, question.grams),
        ("pairs", PAIRS, question.pairs),
    )
    terms = [
        (
            tantivy.Occur.Should,
            tantivy.Query.boost_query(_term(name, term), factor * weight),
        )
        for name, factor, weights in fields
        for term, weight in weights.items()
    ]
    query = tantivy.Query.boolean_query(terms)
    narrowing = [(name, value) for name, value in (("lang", lang), ("theme", theme)) if value]
    if not narrowing:
        return query
    filters = [
        (tantivy.Occur.Must, tantivy.Query.const_score_query(_term(name, value), 0.0))
        for name, value in narrowing
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *filters])


_SCHEMA = _schema()


def _term(name: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_SCHEMA, name, value, "freq")


def _found(searcher: tantivy.Searcher, score: float, address: tantivy.DocAddress) -> Found:
    stored = searcher.doc(address)
    key, topic, lang = (str(stored.get_first(name)) for name in ("key", "topic", "lang"))
    return Found(key, topic, lang, score)
