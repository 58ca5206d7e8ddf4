"""The engine for records of other packages: rows with a text, names and codes, found by their key.

The same analysis and the same folders as the library's; who writes holds a lease for its host.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

from knowledge.search import analysis, glossary
from knowledge.search.engines import record_terms as terms
from knowledge.search.engines.generations import Generations
from knowledge.search.engines.lease import Lease
from knowledge.search.engines.port import EngineBroken
from knowledge.search.engines.record_terms import Record, Wanted

_HEAP = 32_000_000
_NOTES, _TAKEN_OUT = "notes.json", "taken-out"


def _read(index: tantivy.Index, before: tantivy.Searcher | None) -> tantivy.Searcher:
    return index.searcher()


class RecordEngine:
    """Safe to share between threads for reading; one thread at a time may write."""

    def __init__(self, root: Path, *, feed: str) -> None:
        """`feed` names the way its owner makes records: another one means to build anew."""
        self._feed = feed
        self._folders: Generations[tantivy.Searcher] = Generations(
            root, versions=self._versions, read=_read, heap=_HEAP
        )
        self._lease = Lease(root / "writer.lock")

    def _versions(self) -> dict[str, object]:
        return {
            "schema": terms.VERSION, "analysis": analysis.VERSION, "glossary": glossary.version(),
            "feed": self._feed,
        }  # fmt: skip

    # --- reading ----------------------------------------------------------------------------

    @property
    def is_current(self) -> bool:
        """Whether an index is there and was built with this analysis and this feed."""
        return self._folders.is_current

    @property
    def generation(self) -> str:
        return self._folders.generation

    @property
    def root(self) -> Path:
        return self._folders.root

    @property
    def count(self) -> int:
        """Records that can be found. Raises EngineBroken."""
        with self._folders.guarded():
            return int(self._folders.open().num_docs)

    def find(self, wanted: Wanted, *, scopes: Sequence[str], limit: int) -> list[int]:
        """Keys of the best records of these scopes, best first. Raises EngineBroken."""
        with self._folders.guarded():
            searcher = self._folders.open()
            query = terms.query_of(wanted, scopes, searcher)
            if query is None:
                return []
            hits = searcher.search(query, limit, count=False).hits
            addresses = [address for _, address in hits]
            keys = [int(key or 0) for key in searcher.fast_field_values("key", addresses)]
        # The best first; of equally good ones the newest.
        ranked = sorted(
            (-round(score, 2), -key) for (score, _), key in zip(hits, keys, strict=True)
        )
        return [-key for _, key in ranked]

    def holds(self, stem: str) -> bool:
        """Whether some record has this stem. Raises EngineBroken."""
        with self._folders.guarded():
            return bool(self._folders.open().doc_freq("stems", stem))

    def stamps(self, keys: Sequence[int]) -> dict[int, str]:
        """{key: stamp} of those of these records that are indexed. Raises EngineBroken."""
        return self._stamps(terms.of_keys(keys), len(keys))

    def stamps_between(self, after: int, until: int) -> dict[int, str]:
        """The same for keys from after one until another, some thousands at most."""
        return self._stamps(terms.of_keys_between(after, until), 5000)

    def _stamps(self, query: tantivy.Query, most: int) -> dict[int, str]:
        with self._folders.guarded():
            searcher = self._folders.open()
            hits = searcher.search(query, max(1, most), count=False).hits
            return dict(
                terms.key_and_stamp(str(searcher.doc(a).get_first("stamp"))) for _, a in hits
            )

    # --- writing ----------------------------------------------------------------------------

    def take_lease(self) -> None:
        """Be the one who writes, until `release`. Raises EngineBusy."""
        self._lease.take()

    def release(self) -> None:
        """Let another process write."""
        self._folders.release()
        self._lease.give_back()

    def replace(self, records: Iterable[Record], *, gone: Iterable[int] = ()) -> None:
        """Put in the records, each in place of one of the same key, and take out those gone.

        Raises EngineBroken when there is no index, EngineBusy when another process is writing.
        """
        try:
            with self._folders.guarded():
                self._lease.take()
                writer = self._folders.writer()
                for key in gone:
                    writer.delete_documents_by_term("key", key)
                for record in records:
                    writer.delete_documents_by_term("key", record.key)
                    writer.add_document(terms.indexed(record))
                writer.commit()
        except EngineBroken:
            self.release()
            raise

    def begin(self) -> "Building":
        """A next generation, to be filled in steps while the present one serves."""
        self._lease.take()
        self._folders.drop(but=(self.generation,))
        with self._folders.guarded():
            return Building(self._folders)

    def drop_old(self) -> None:
        """Delete generations no longer in use: they hold what was taken out since."""
        self._lease.take()
        self._folders.drop(but=(self.generation,))

    def condemn(self) -> None:
        """Never answer from the present generation again: it is damaged."""
        self.release()
        self._folders.condemn()

    # --- what the owner keeps beside it -----------------------------------------------------

    @property
    def notes(self) -> dict[str, object]:
        """What the owner noted of this generation; empty when nothing readable is there."""
        try:
            found = json.loads((self._folders.current / _NOTES).read_text())
            return found if isinstance(found, dict) else {}
        except (OSError, ValueError):
            return {}

    def note(self, notes: Mapping[str, object]) -> None:
        _write(self._folders.current / _NOTES, notes)

    @property
    def taken_out_at(self) -> float | None:
        """Since when text lies in files though no search finds it; None when there is none."""
        try:
            return (self._folders.current / _TAKEN_OUT).stat().st_mtime
        except OSError:
            return None

    def mark_taken_out(self) -> None:
        if self.taken_out_at is None:
            (self._folders.current / _TAKEN_OUT).touch()


class Building:
    """A generation being filled. Dropped unfinished it is never seen."""

    def __init__(self, folders: Generations[tantivy.Searcher]) -> None:
        self._folders, self._folder = folders, folders.next_folder()
        self._writer = folders.writer_of(tantivy.Index(terms.SCHEMA, path=str(self._folder)))

    def add(self, records: Iterable[Record]) -> None:
        with self._folders.guarded():
            for record in records:
                self._writer.add_document(terms.indexed(record))

    def finish(self, notes: Mapping[str, object]) -> None:
        """Swap it in."""
        with self._folders.guarded():
            self._writer.commit()
            self._writer.wait_merging_threads()
            _write(self._folder / _NOTES, notes)
            self._folders.release()
            self._folders.swap_to(self._folder)


def _write(path: Path, notes: Mapping[str, object]) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(notes))
    new.replace(path)
