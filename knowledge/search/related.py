"""Words to try instead when a search finds nothing: terms of the glossary near what was typed."""

from functools import lru_cache

from knowledge.search.analysis import stems_of
from knowledge.search.folding import fold, words
from knowledge.search.glossary import Entry, entries
from knowledge.search.simple import vocabulary

MOST = 6
_LONGEST = 400


def related_words(text: str, lang: str) -> list[str]:
    """Up to six terms in `lang` that share a word, or a word spelled nearly so, with the text."""
    terms = (entry.fr if lang == "fr" else entry.ar for entry in related_entries(text))
    return list(dict.fromkeys(spellings[0] for spellings in terms if spellings))[:MOST]


def related_entries(text: str) -> list[Entry]:
    """The same as entries, those that share most first."""
    typed = set(stems_of(text[:_LONGEST]))
    for word in set(words(text[:_LONGEST])):
        typed.update(stem for near, _ in vocabulary().near(fold(word)) for stem in stems_of(near))
    scored = [(len(typed & _stems(entry)), entry) for entry in entries()]
    return [entry for shared, entry in sorted(scored, key=lambda pair: -pair[0]) if shared]


@lru_cache(maxsize=4096)
def _stems(entry: Entry) -> frozenset[str]:
    spellings = entry.ar + entry.fr + entry.darija + entry.latin
    return frozenset(stem for text in spellings for stem in stems_of(text))
