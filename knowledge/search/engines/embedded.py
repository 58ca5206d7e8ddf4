"""The library's engine on disk: tantivy, fed with the terms that our analysis makes."""

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from knowledge.search import analysis, glossary
from knowledge.search.engines import schema
from knowledge.search.engines.generations import Generations
from knowledge.search.engines.port import Document, EngineBroken, Found
from knowledge.search.expansion import Question
from knowledge.search.vocabulary import Vocabulary

_HEAP = 64_000_000


def versions() -> dict[str, object]:
    """What an index must have been built with to answer rightly."""
    return {
        "schema": schema.VERSION,
        "analysis": analysis.VERSION,
        "glossary": glossary.version(),
    }


class _Reading:
    """A searcher and the words of its index, learnt when a question first needs them."""

    def __init__(self, searcher: tantivy.Searcher, taught: Vocabulary | None) -> None:
        self.searcher = searcher
        self.taught = taught
        self._is_current = False
        self._lock = threading.Lock()

    @property
    def vocabulary(self) -> Vocabulary:
        with self._lock:
            self.taught = (self.taught or Vocabulary()).following(glossary.in_use())
            if not self._is_current:
                schema.teach(self.taught, self.searcher)
                self._is_current = True
            return self.taught


def _read(index: tantivy.Index, before: _Reading | None) -> _Reading:
    return _Reading(index.searcher(), before.taught if before else None)


class EmbeddedEngine:
    """Safe to share between threads for reading; one thread at a time may write."""

    def __init__(self, root: Path) -> None:
        self._folders = Generations(root, versions=versions, read=_read, heap=_HEAP)

    # --- reading ----------------------------------------------------------------------------

    @property
    def is_current(self) -> bool:
        """Whether an index is there and was built with this analysis and this glossary."""
        return self._folders.is_current

    @property
    def generation(self) -> str:
        """Name of the generation in use; empty when there is none."""
        return self._folders.generation

    @property
    def vocabulary(self) -> Vocabulary:
        """Raises EngineBroken."""
        with self._folders.guarded():
            return self._folders.open().vocabulary

    def find(
        self, question: Question, *, lang: str = "", theme: str = "", limit: int = 10
    ) -> Sequence[Found]:
        """The best documents, best first. Raises EngineBroken."""
        if question.is_empty:
            return []
        with self._folders.guarded():
            searcher = self._folders.open().searcher
            query = schema.query_of(question, lang=lang, theme=theme)
            hits = searcher.search(query, limit, count=False).hits
            return [schema.found(searcher, score, address) for score, address in hits]

    def stamps(self) -> dict[str, str]:
        """{key: stamp} of what is indexed. Raises EngineBroken."""
        with self._folders.guarded():
            return schema.stamps(self._folders.open().searcher)

    # --- writing ----------------------------------------------------------------------------

    def build(self, documents: Iterable[Document]) -> None:
        """Build the next generation beside the present one, then swap. Raises EngineBroken."""
        self.release()
        with self._folders.guarded():
            folder = self._folders.next_folder()
            writer = self._folders.writer_of(schema.create(folder))
            for document in documents:
                writer.add_document(schema.indexed(document))
            writer.commit()
            writer.wait_merging_threads()
            self._folders.swap_to(folder)

    def replace(self, documents: Iterable[Document], *, gone: Iterable[str] = ()) -> None:
        """Put in the documents, each in place of one of the same key, and take out those gone.

        Raises EngineBroken when there is no index, EngineBusy when another process is writing.
        """
        try:
            with self._folders.guarded():
                writer = self._folders.writer()
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
        self._folders.release()
