"""How records and questions about them become tantivy's: fields, documents, queries.

What is a name, a code or a scope is the owner's affair; here they are terms. A typing error is met
by terms one edit away, so no vocabulary has to be learnt anew each time a record is written.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import tantivy

from knowledge.search.analysis import stems_of

VERSION = 1
"""Raise it with any change of the fields: the index is then built anew."""
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


SCHEMA = _schema()
_Query, _Occur = tantivy.Query, tantivy.Occur


def key_and_stamp(joined: str) -> tuple[int, str]:
    key, stamp = joined.split(" ", 1)
    return int(key), stamp


def indexed(record: Record) -> tantivy.Document:
    return tantivy.Document(
        key=record.key,
        stamp=f"{record.key} {record.stamp}",
        stems=" ".join(stems_of(record.text)),
        names=" ".join(record.names),
        codes=" ".join(record.codes),
        scopes=" ".join(record.scopes),
    )


def query_of(
    wanted: Wanted, scopes: Sequence[str], searcher: tantivy.Searcher
) -> tantivy.Query | None:
    """Any of what is wanted, in these scopes; None where nothing is wanted."""
    clauses = _clauses(wanted, searcher)
    if not clauses or not scopes:
        return None
    inside = _Query.term_set_query(SCHEMA, "scopes", list(scopes))
    any_of = _Query.boolean_query([(_Occur.Should, clause) for clause in clauses])
    return _Query.boolean_query(
        [(_Occur.Must, any_of), (_Occur.Must, _Query.const_score_query(inside, 0.0))]
    )


def of_keys(keys: Sequence[int]) -> tantivy.Query:
    return _Query.term_set_query(SCHEMA, "key", list(keys))


def of_keys_between(after: int, until: int) -> tantivy.Query:
    """Keys from after one until another."""
    kind = tantivy.FieldType.Integer
    return _Query.range_query(SCHEMA, "key", kind, after + 1, until)


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
        begins = _Query.regex_query(SCHEMA, "names", f"{re.escape(word)}.*")
        ways.append(_Query.const_score_query(begins, BEGINNING))
    return _Query.disjunction_max_query(ways)


def _near(name: str, term: str) -> tantivy.Query:
    return _Query.boost_query(_Query.fuzzy_term_query(SCHEMA, name, term, 1), NEAR)


def _term(name: str, value: str, weight: float) -> tantivy.Query:
    return _Query.boost_query(_Query.term_query(SCHEMA, name, value, "freq"), weight)
