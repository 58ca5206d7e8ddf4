"""An article laid out for reading: sections in their fixed order, marks, numbered texts.

Plain data from a version whose statements and citations are loaded; no query of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.articles import citing, register
from knowledge.articles.rules import Mark, Section

MAIN = (Section.IN_SHORT, Section.STEPS, Section.DOCUMENTS, Section.WATCH)


@dataclass
class Text:
    """A legal text at the foot of the page, with the places cited."""

    number: int
    instrument: Any
    language: str
    words: list[str] = field(default_factory=list)
    """The places cited, as the sheet writes them."""

    @property
    def code(self) -> str:
        return str(self.instrument.code)

    @property
    def name(self) -> str:
        return str(getattr(self.instrument, f"name_{self.language}"))

    @property
    def bulletin(self) -> str:
        return str(getattr(self.instrument, f"bulletin_{self.language}"))

    @property
    def is_over(self) -> bool:
        """It is no longer in force."""
        return bool(self.instrument.is_over)

    @property
    def places(self) -> list[str]:
        kind = self.instrument.kind
        return [citing.place(kind, words, self.language) for words in self.words]

    @property
    def cited(self) -> list[register.Cited]:
        """Its citations to copy and to say."""
        return register.cited(self.instrument, self.words or [""], self.language)


@dataclass(frozen=True)
class Line:
    """One statement: its words, how sure, and the numbers of the texts behind it."""

    key: str
    text: str
    mark: str
    texts: tuple[int, ...] = ()

    @property
    def head(self) -> str:
        """The words before a colon, when they name what the line is about."""
        before, colon, after = self.text.partition(":")
        return before.strip() if colon and after.strip() and len(before) <= 60 else ""

    @property
    def tail(self) -> str:
        """What follows the head, as a sentence of its own."""
        after = self.text.partition(":")[2].strip()
        return after[:1].upper() + after[1:] if self.head else self.text


@dataclass(frozen=True)
class Part:
    """One section. `mark` is set when all its lines are equally sure: shown once, not line by line."""

    section: Section
    lines: Sequence[Line]
    mark: str = ""

    @property
    def name(self) -> str:
        return self.section.value

    @property
    def title(self) -> str:
        return str(self.section.label)


@dataclass(frozen=True)
class Page:
    """The whole article as a reader sees it."""

    main: Sequence[Part]
    deadlines: Part
    spoken: Part
    texts: Sequence[Text]
    sources: Sequence[str]


def lay_out(version: Any, *, unsure: bool) -> Page:
    """Arrange a loaded version; statements that are not certain only when `unsure`."""
    language = version.edition.language
    shown = [s for s in version.statements.all() if unsure or s.mark != Mark.UNSURE]
    texts = _Texts(language)
    lines = {
        section: [
            Line(key=s.key, text=s.text, mark=s.mark, texts=texts.numbers(s.citations.all()))
            for s in shown
            if s.section == section
        ]
        for section in Section
    }
    parts = {section: Part(section, rows, _one_mark(rows)) for section, rows in lines.items()}
    return Page(
        main=[parts[section] for section in MAIN],
        deadlines=parts[Section.DEADLINES],
        spoken=parts[Section.SPOKEN],
        texts=list(texts.found.values()),
        sources=texts.sources,
    )


class _Texts:
    """Numbers legal texts in the order in which the page first leans on them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.found: dict[str, Text] = {}
        self.sources: list[str] = []

    def numbers(self, citations: Iterable[Any]) -> tuple[int, ...]:
        numbers = []
        for citation in citations:
            instrument = citation.instrument
            if instrument.kind == "source":
                self._read_in(instrument)
                continue
            text = self._text(instrument)
            if citation.place and citation.place not in text.words:
                text.words.append(citation.place)
            if text.number not in numbers:
                numbers.append(text.number)
        return tuple(numbers)

    def _text(self, instrument: Any) -> Text:
        if instrument.code not in self.found:
            self.found[instrument.code] = Text(len(self.found) + 1, instrument, self.language)
        return self.found[instrument.code]

    def _read_in(self, instrument: Any) -> None:
        name = getattr(instrument, f"name_{self.language}")
        if name not in self.sources:
            self.sources.append(name)


def _one_mark(lines: Sequence[Line]) -> str:
    marks = {line.mark for line in lines}
    return marks.pop() if len(marks) == 1 else ""
