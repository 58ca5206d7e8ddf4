"""The engine on disk: tantivy, fed with the terms that our analysis makes.

`root/gen-N/` holds a built index and the versions it was built with, `root/current` points to the
one in use. A rebuild makes the next generation and swaps the link; readers look at the link before
each search and open the new one. One process at a time may write (tantivy holds a lock file).
"""

import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from knowledge.search import analysis, glossary
from knowledge.search.engines import schema
from knowledge.search.engines.port import Document, EngineBroken, EngineBusy, Found
from knowledge.search.expansion import Question
from knowledge.search.vocabulary import Vocabulary

_HEAP = 64_000_000
_VERSIONS = "versions.json"


def versions() -> dict[str, object]:
    """What an index must have been built with to answer rightly."""
    return {
        "schema": schema.VERSION,
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
    """Safe to share between threads for reading; one thread at a time may write."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._current = root / "current"
        self._opened: _Opened | None = None
        self._writer: tuple[str, tantivy.IndexWriter] | None = None
        self._lock = threading.Lock()

    # --- reading ----------------------------------------------------------------------------

    @property
    def is_current(self) -> bool:
        """Whether an index is there and was built with this analysis and this glossary."""
        try:
            built_with = json.loads((self._current / _VERSIONS).read_text())
            return bool(built_with == versions())
        except (OSError, ValueError):
            return False

    @property
    def generation(self) -> str:
        """Name of the generation in use; empty when there is none."""
        try:
            return os.readlink(self._current)
        except OSError:
            return ""

    @property
    def vocabulary(self) -> Vocabulary:
        """Raises EngineBroken."""
        with self._guarded():
            return self._open().vocabulary

    def find(
        self, question: Question, *, lang: str = "", theme: str = "", limit: int = 10
    ) -> Sequence[Found]:
        """The best documents, best first. Raises EngineBroken."""
        if question.is_empty:
            return []
        with self._guarded():
            searcher = self._open().searcher
            query = schema.query_of(question, lang=lang, theme=theme)
            hits = searcher.search(query, limit, count=False).hits
            return [schema.found(searcher, score, address) for score, address in hits]

    def stamps(self) -> dict[str, str]:
        """{key: stamp} of what is indexed. Raises EngineBroken."""
        with self._guarded():
            return schema.stamps(self._open().searcher)

    # --- writing ----------------------------------------------------------------------------

    def build(self, documents: Iterable[Document]) -> None:
        """Build the next generation beside the present one, then swap. Raises EngineBroken."""
        self.release()
        with self._guarded():
            folder = self._root / f"gen-{self._last_generation() + 1}"
            folder.mkdir(parents=True)
            writer = schema.create(folder).writer(heap_size=_HEAP, num_threads=1)
            for document in documents:
                writer.add_document(schema.indexed(document))
            writer.commit()
            writer.wait_merging_threads()
            (folder / _VERSIONS).write_text(json.dumps(versions()))
            self._swap_to(folder)

    def replace(self, documents: Iterable[Document], *, gone: Iterable[str] = ()) -> None:
        """Put in the documents, each in place of one of the same key, and take out those gone.

        Raises EngineBroken when there is no index, EngineBusy when another process is writing.
        """
        try:
            with self._guarded():
                writer = self._writing()
                for key in gone:
                    writer.delete_documents_by_term("key", key)
                for document in documents:
                    writer.delete_documents_by_term("key", document.key)
                    writer.add_document(schema.indexed(document))
                writer.commit()
        except EngineBroken:
            self.release()
            raise

    def release(self) -> None:
        """Let another process write."""
        self._writer = None

    # --- files ------------------------------------------------------------------------------

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Every trouble as EngineBroken.

        tantivy meets damaged files with a panic, which is no Exception: unguarded it would end the
        thread that serves. The generation is then condemned, so that the sweep builds a new one.
        """
        try:
            yield
        except (OSError, ValueError) as error:
            kind = EngineBusy if "LockBusy" in str(error) else EngineBroken
            raise kind(str(error)) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            self._opened = None
            (self._current / _VERSIONS).unlink(missing_ok=True)
            raise EngineBroken(str(error)) from error

    def _open(self) -> _Opened:
        """The generation in use, opened anew when the link or its files changed."""
        generation = os.readlink(self._current)
        folder = self._root / generation
        stamp = (folder / "meta.json").stat().st_mtime_ns
        opened = self._opened
        if opened and (opened.generation, opened.stamp) == (generation, stamp):
            return opened
        with self._lock:
            self._opened = self._read(folder, generation, stamp)
            return self._opened

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
        schema.teach(vocabulary, searcher)
        return _Opened(generation, stamp, index, searcher, vocabulary)

    def _writing(self) -> tantivy.IndexWriter:
        """The writer of the generation in use, kept open: a new one costs up to a second."""
        generation = os.readlink(self._current)
        if self._writer and self._writer[0] == generation:
            return self._writer[1]
        self.release()
        index = tantivy.Index.open(str(self._root / generation))
        self._writer = (generation, index.writer(heap_size=_HEAP, num_threads=1))
        return self._writer[1]

    def _last_generation(self) -> int:
        names = (path.name.removeprefix("gen-") for path in self._root.glob("gen-*"))
        return max((int(name) for name in names if name.isdigit()), default=0)

    def _swap_to(self, folder: Path) -> None:
        """Readers keep the old generation until their next search, so the one before it goes."""
        previous, link = self.generation, self._root / "current.new"
        link.unlink(missing_ok=True)
        os.symlink(folder.name, link)
        os.replace(link, self._current)
        for path in self._root.glob("gen-*"):
            if path.name not in (folder.name, previous):
                shutil.rmtree(path, ignore_errors=True)
