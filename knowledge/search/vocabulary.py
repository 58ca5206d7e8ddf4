"""The words an index knows, for reading Latin letters and for spelling.

One vocabulary serves the whole index, also when a language filter applies: a French question with a
typing error must find an Arabic article too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.search.folding import fold, is_arabic
from knowledge.search.glossary import Glossary, in_use
from knowledge.search.spelling import Speller
from knowledge.search.stemming import stem, without_article
from knowledge.search.thesaurus import latin_words, written_words
from knowledge.search.transliteration import Lexicon

FREQUENT = 2
"""Documents a word must be in before questions are corrected to it: rarer ones may be errors."""


@dataclass(frozen=True)
class Count:
    """A word in normal form: in how many documents it is, and in how many titles."""

    word: str
    documents: int
    titles: int


class Vocabulary:
    def __init__(self, counts: Iterable[Count] = ()) -> None:
        self._lexicon, self._speller = Lexicon(), Speller()
        self._counts: dict[str, Count] = {}
        self._folded: set[str] = set()
        self._latin: set[str] = set()
        self._keywords: set[str] = set()
        self._stems: set[str] = set()
        self._written: frozenset[str] = frozenset()
        self._learn(in_use())
        self.add(counts)

    def following(self, glossary: Glossary) -> "Vocabulary":
        """One that knows the words of this glossary: itself, or another when words left the glossary."""
        if self._of is glossary:
            return self
        if self._written - written_words(glossary):
            # Neither readings nor corrections can be taken out one by one; a word put to rest is rare.
            fresh = Vocabulary(self._counts.values())
            fresh.know(self._keywords)
            return fresh
        self._learn(glossary)
        return self

    def _learn(self, glossary: Glossary) -> None:
        written = written_words(glossary)
        new = sorted(written - self._written)
        self._lexicon.add(((without_article(w), 1) for w in new), domain=True)
        self._speller.add(((word, 1) for word in new), domain=True)
        bare = map(without_article, written)
        self._glossary = frozenset({*written, *bare, *latin_words(glossary)})
        self._written, self._of = written, glossary

    def add(self, counts: Iterable[Count]) -> None:
        """Take in new counts; a word that left the index stays known until the next opening."""
        changed = [count for count in counts if self._counts.get(count.word) != count]
        arabic: dict[str, tuple[int, bool]] = {}
        for count in changed:
            self._counts[count.word] = count
            folded = fold(count.word)
            self._folded.add(folded)
            self._stems.add(stem(count.word))
            if folded.isascii():
                self._latin.add(folded)
            elif is_arabic(folded):
                bare = without_article(folded)
                documents, titled = arabic.get(bare, (0, False))
                arabic[bare] = (documents + count.documents, titled or count.titles > 0)
        self._lexicon.add((word, documents) for word, (documents, titled) in arabic.items())
        self._lexicon.add(((w, n) for w, (n, titled) in arabic.items() if titled), domain=True)
        self._speller.add(
            (fold(count.word), count.documents)
            for count in changed
            if count.documents >= FREQUENT or count.titles
        )

    def is_keyword(self, word: str) -> bool:
        """Whether only the keywords of articles hold this word: it may be Darija in Latin."""
        return fold(word) in self._keywords and fold(word) not in self._latin

    def know(self, words: Iterable[str]) -> None:
        """Add keywords of articles: never corrected, though no text need hold them."""
        for word in words:
            self._folded.add(fold(word))
            self._keywords.add(fold(word))
            self._stems.add(stem(word))

    def knows(self, word: str) -> bool:
        """Whether the word is in an article or in the glossary; such a word is never corrected."""
        folded = fold(word)
        return (
            folded in self._folded
            or folded in self._glossary
            or without_article(folded) in self._glossary
        )

    def has_latin(self, word: str) -> bool:
        """Whether articles hold this word in Latin letters, so that it is not read as Arabic."""
        return fold(word) in self._latin

    def has_stem(self, stem: str) -> bool:
        return stem in self._stems

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        return self._speller.near(fold(word))

    def readings(self, latin: str) -> list[tuple[str, float]]:
        return self._lexicon.candidates(latin)
