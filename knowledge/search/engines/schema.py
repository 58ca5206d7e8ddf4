"""How documents and questions become tantivy's: its schema, its documents, its queries.

Terms are made by our analysis, joined by blanks here and split at blanks there: an analysis of
tantivy's own would turn them into another vocabulary.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import tantivy

from knowledge.search.engines.port import GRAMS, PAIRS, STEMS, Document, Found
from knowledge.search.expansion import Question
from knowledge.search.folding import is_arabic, words
from knowledge.search.vocabulary import Count, Vocabulary

VERSION = 3
"""Raise it with any change of the fields: the index is then built anew."""
JOINT = "\t"
"""Between key and stamp, in the field that tells which state of each document is indexed."""
_TERM_FIELDS = ("stems", "grams", "pairs")


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("key", "topic", "lang", "theme"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    for name in _TERM_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("words", "title_words", "keywords"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def create(folder: Path) -> tantivy.Index:
    return tantivy.Index(schema(), path=str(folder))


def indexed(document: Document) -> tantivy.Document:
    terms = document.terms
    titled, keywords = set(words(document.title)), set(words(document.keywords))
    said = titled.union(words(document.text), filter(is_arabic, keywords))
    return tantivy.Document(
        key=document.key,
        stamp=f"{document.key}{JOINT}{document.stamp}",
        topic=document.topic,
        lang=document.lang,
        theme=document.theme,
        stems=" ".join(terms.stems),
        grams=" ".join(terms.grams),
        pairs=" ".join(terms.pairs),
        words=" ".join(said),
        title_words=" ".join(titled),
        keywords=" ".join(keywords),
    )


def teach(vocabulary: Vocabulary, searcher: tantivy.Searcher) -> None:
    """Tell the vocabulary what the index holds."""
    vocabulary.add(_counts(searcher))
    vocabulary.know(word for word, _ in searcher.terms_with_prefix("keywords", ""))


def _counts(searcher: tantivy.Searcher) -> Iterable[Count]:
    titled = Counter(dict(searcher.terms_with_prefix("title_words", "")))
    for word, documents in searcher.terms_with_prefix("words", ""):
        yield Count(word, documents, titled[word])


def query_of(question: Question, *, lang: str, theme: str) -> tantivy.Query:
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


_SCHEMA = schema()


def _term(name: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_SCHEMA, name, value, "freq")


def found(searcher: tantivy.Searcher, score: float, address: tantivy.DocAddress) -> Found:
    stored = searcher.doc(address)
    key, topic, lang = (str(stored.get_first(name)) for name in ("key", "topic", "lang"))
    return Found(key, topic, lang, score)


def stamps(searcher: tantivy.Searcher) -> dict[str, str]:
    """{key: stamp} of the documents that were not deleted."""
    live = searcher.terms_with_prefix("stamp", "", tantivy.Query.all_query())
    return dict(joined.split(JOINT, 1) for joined, documents in live if documents)
