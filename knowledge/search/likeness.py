"""Which questions are the same one: those whose words come to the same stems, however they are spelled."""

from collections.abc import Iterable
from functools import cache

from knowledge.search import index, simple
from knowledge.search.analysis import stems_of
from knowledge.search.engines.port import EngineBroken
from knowledge.search.expansion import understand
from knowledge.search.folding import words
from knowledge.search.stemming import bare_forms
from knowledge.search.vocabulary import Vocabulary

Key = tuple[str, ...]
_PAPERS = """نموذج نماذج مطبوع مطبوعات استمارة موديل modèle modeles formulaire imprimé canevas
    spécimen exemplaire lettre-type template"""


def keys_of(texts: Iterable[str]) -> dict[str, Key]:
    """{text: its stems, each once, in one order}; empty for a text without a telling word.

    Read as a search reads it: Darija in Latin letters by what it stands for, small errors mended.
    """
    known = _vocabulary()
    return {text: tuple(sorted(_stems(text, known))) for text in dict.fromkeys(texts)}


def _stems(text: str, known: Vocabulary) -> set[str]:
    return {word.stem for word in understand(text, known).taken}


def is_ordinary(word: str) -> bool:
    """Whether the library or its glossary has the word: it is hardly meant as somebody's name."""
    known = _vocabulary()
    return any(known.knows(form) for one in words(word) for form in (one, *bare_forms(one)))


def asks_for_paper(key: Key) -> bool:
    """Whether the words ask for a paper to fill in, not only for an answer."""
    return not _paper_stems().isdisjoint(key)


@cache
def _paper_stems() -> frozenset[str]:
    return frozenset(stems_of(_PAPERS))


def _vocabulary() -> Vocabulary:
    try:
        return index.engine().vocabulary
    except EngineBroken:
        return simple.vocabulary()
