"""The engine for records of other packages: rows with a text, names and codes, found by their key.

The same analysis as the library's. What is a name, a code or a scope is the owner's affair; here
they are terms. A typing error is met by terms one edit away, so no vocabulary has to be learnt anew
each time a record is written.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tantivy

from knowledge.search import analysis, glossary
from knowledge.search.analysis import stems_of
from knowledge.search.engines.generations import Generations
from knowledge.search.engines.lease import Lease
from knowledge.search.engines.port import EngineBroken

_VERSION = 1
"""Raise it with any change of the fields: the index is then built anew."""
_HEAP = 32_000_000
_NOTES, _TAKEN_OUT = "notes.json", "taken-out"
CODE, NAME, BEGINNING, KEY, NEAR = 30.0, 2.0, 4.0, 1.2, 0.6
"""Weights beside a word of the text (1): a code, a name as written, its beginning, the same name in
the other script, and a term one edit away."""
_SHORTEST_NEAR, _SHORTEST_BEGINNING = 5, 3


@dataclass(frozen=True)
class Record:
    """One row to index. `stamp` tells which state of the row this is."""

    key: int
    stamp: str
    text: str = ""
    names: Collection[str] = ()
    codes: Collection[str] = ()
    scopes: Collection[str] = ()
    """Parts of the whole that the row belongs to; a search looks in some of them."""


@dataclass(frozen=True)
class Wanted:
    """What to look for: any of it counts, by weight."""

    stems: Mapping[str, float] = field(default_factory=dict)
    typed: Collection[str] = ()
    """The asker's own stems: where no record has one, terms near it are taken."""
    names: Sequence[tuple[str, Sequence[str]]] = ()
    """(word, keys): a name that begins so, or has one of these keys."""
    codes: Collection[str] = ()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("stems", "names"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("codes", "scopes"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


_SCHEMA = _schema()
_Query, _Occur = tantivy.Query, tantivy.Occur


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
            "schema": _VERSION, "analysis": analysis.VERSION, "glossary": glossary.version(),
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
            clauses = _clauses(wanted, searcher)
            if not clauses or not scopes:
                return []
            inside = _Query.const_score_query(
                _Query.term_set_query(_SCHEMA, "scopes", list(scopes)), 0.0
            )
            query = _Query.boolean_query([(_Occur.Must, _any_of(clauses)), (_Occur.Must, inside)])
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
        return self._stamps(_Query.term_set_query(_SCHEMA, "key", list(keys)), len(keys))

    def stamps_between(self, after: int, until: int) -> dict[int, str]:
        """The same for keys from after one until another, some thousands at most."""
        kind = tantivy.FieldType.Integer
        return self._stamps(_Query.range_query(_SCHEMA, "key", kind, after + 1, until), 5000)

    def _stamps(self, query: tantivy.Query, most: int) -> dict[int, str]:
        with self._folders.guarded():
            searcher = self._folders.open()
            hits = searcher.search(query, max(1, most), count=False).hits
            return dict(_stamp(str(searcher.doc(a).get_first("stamp"))) for _, a in hits)

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
                    writer.add_document(_indexed(record))
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
        self._writer = folders.writer_of(tantivy.Index(_SCHEMA, path=str(self._folder)))

    def add(self, records: Iterable[Record]) -> None:
        with self._folders.guarded():
            for record in records:
                self._writer.add_document(_indexed(record))

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


def _stamp(joined: str) -> tuple[int, str]:
    key, stamp = joined.split(" ", 1)
    return int(key), stamp


def _indexed(record: Record) -> tantivy.Document:
    return tantivy.Document(
        key=record.key,
        stamp=f"{record.key} {record.stamp}",
        stems=" ".join(stems_of(record.text)),
        names=" ".join(record.names),
        codes=" ".join(record.codes),
        scopes=" ".join(record.scopes),
    )


def _clauses(wanted: Wanted, searcher: tantivy.Searcher) -> list[tantivy.Query]:
    clauses = [_term("codes", code, CODE) for code in wanted.codes]
    clauses += [_term("stems", stem, weight) for stem, weight in wanted.stems.items()]
    clauses += [_name(word, keys) for word, keys in wanted.names]
    for stem in wanted.typed:
        if len(stem) >= _SHORTEST_NEAR and not searcher.doc_freq("stems", stem):
            clauses += [_near("stems", stem), _near("names", stem)]
    return clauses


def _name(word: str, keys: Sequence[str]) -> tantivy.Query:
    """The best of the ways a name may be meant, not their sum."""
    ways = [_term("names", word, NAME), *(_term("names", key, KEY) for key in keys)]
    if len(word) >= _SHORTEST_BEGINNING:
        begins = _Query.regex_query(_SCHEMA, "names", f"{re.escape(word)}.*")
        ways.append(_Query.const_score_query(begins, BEGINNING))
    return _Query.disjunction_max_query(ways)


def _near(name: str, term: str) -> tantivy.Query:
    return _Query.boost_query(_Query.fuzzy_term_query(_SCHEMA, name, term, 1), NEAR)


def _term(name: str, value: str, weight: float) -> tantivy.Query:
    return _Query.boost_query(_Query.term_query(_SCHEMA, name, value, "freq"), weight)


def _any_of(clauses: Sequence[tantivy.Query]) -> tantivy.Query:
    return _Query.boolean_query([(_Occur.Should, clause) for clause in clauses])
