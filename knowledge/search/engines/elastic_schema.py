"""How documents and questions become Elasticsearch's: its mapping, its rows, its queries.

The terms are those that tantivy gets (`schema`), joined by blanks and split at blanks again; an analyser
of the server's own would turn them into another vocabulary, and another order of answers.
"""

from collections.abc import Iterator
from typing import Any

from elasticsearch_dsl import Keyword, Long, Mapping, Search, Text, query

from knowledge.search import analysis, glossary
from knowledge.search.engines.port import GRAMS, PAIRS, STEMS, Document, EngineBroken, Found
from knowledge.search.expansion import Question

VERSION = 1
"""Raise it with any change of the fields: the index is then built anew, under another name."""
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
"""One shard, so that the weight of a term is that of the whole index, as it is in tantivy's."""
CLAUSES = 1_000
"""Terms of one question: a server that has little memory refuses more than 1 024. Real questions have 30;
one word of four thousand letters would have as many four-grams."""
SOONER = 0.1
"""Seconds before the limit at which the server itself gives a question up."""
_TERM_FIELDS = ("stems", "grams", "pairs")


def versions() -> dict[str, object]:
    """What an index must have been built with to answer rightly."""
    return {
        "elastic": VERSION, "analysis": analysis.VERSION, "glossary": glossary.version(),
    }  # fmt: skip


def mapping() -> Any:
    """Terms are searched and not kept: nothing that could be read lies in the cluster."""
    made = Mapping()
    for name in ("topic", "lang", "theme", "stamp"):
        made.field(name, Keyword())
    made.field("number", Long())
    for name in _TERM_FIELDS:
        made.field(name, Text(analyzer="whitespace", index_options="freqs"))
    made.meta("_source", excludes=list(_TERM_FIELDS))
    made.meta("dynamic", "strict")
    made.meta("_meta", **versions())
    return made


def rows(index: str, documents: list[Document], gone: list[str]) -> Iterator[dict[str, Any]]:
    """Lines of a bulk request."""
    for key in gone:
        yield {"_op_type": "delete", "_index": index, "_id": key}
    for document in documents:
        yield {"_index": index, "_id": document.key, **_row(document)}


def _row(document: Document) -> dict[str, Any]:
    terms = document.terms
    return {
        "topic": document.topic, "lang": document.lang, "theme": document.theme,
        "stamp": document.stamp, "number": number_of(document.stamp),
        "stems": " ".join(terms.stems), "grams": " ".join(terms.grams),
        "pairs": " ".join(terms.pairs),
    }  # fmt: skip


def number_of(stamp: str) -> int:
    """What is summed up to compare an index with the library: the stamps are numbers there."""
    return int(stamp) if stamp.isdecimal() else 0


def search(
    index: str, question: Question, *, lang: str, theme: str, limit: int, seconds: float
) -> Any:
    """Any of the terms, by weight; language and theme narrow without counting."""
    fields = (
        ("stems", STEMS, question.stems),
        ("pairs", PAIRS, question.pairs),
        ("grams", GRAMS, question.grams),
    )
    terms = [
        query.Term(name, {"value": term, "boost": factor * weight})
        for name, factor, weights in fields
        for term, weight in weights.items()
    ][:CLAUSES]
    narrowing = [
        query.Term(name, value) for name, value in (("lang", lang), ("theme", theme)) if value
    ]
    asked = query.Bool(should=terms, minimum_should_match=1, filter=narrowing)
    return Search(index=index).query(asked).source(["topic", "lang"]).extra(
        size=limit, timeout=f"{round((seconds - SOONER) * 1000)}ms", track_total_hits=False
    )  # fmt: skip


def found(answer: Any) -> list[Found]:
    """Raises EngineBroken when only a part of the index answered."""
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise EngineBroken("only a part of the index answered")
    return [
        Found(hit["_id"], hit["_source"]["topic"], hit["_source"]["lang"], float(hit["_score"]))
        for hit in answer["hits"]["hits"]
    ]
