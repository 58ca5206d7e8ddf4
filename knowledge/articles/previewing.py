"""A draft as `reading.lay_out` reads versions: nothing is stored, what cannot be read is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.articles import parts
from knowledge.articles.rules import Mark, Section


class Rows(list[Any]):
    """Rows that are asked as a related manager is."""

    def all(self) -> "Rows":
        return self


@dataclass(frozen=True)
class Cited:
    instrument: Any
    place: str


@dataclass(frozen=True)
class Statement:
    key: str
    section: str
    text: str
    mark: str
    citations: Rows = field(default_factory=Rows)


@dataclass(frozen=True)
class Edition:
    article: Any
    language: str


@dataclass(frozen=True)
class Preview:
    """What a template and `lay_out` ask of a version."""

    edition: Edition
    title: str
    question: str
    checked_on: date | None
    statements: Rows


def version(
    article: Any, language: str, texts: Mapping[str, str], instruments: Mapping[str, Any]
) -> Preview:
    """`instruments`: every text and source by its code."""
    return Preview(
        edition=Edition(article, language), title=texts.get("title", ""),
        question=texts.get("question", ""), checked_on=parts.day(texts.get("checked", "")),
        statements=Rows(
            Statement(
                row.key or f"{section}-{number}", section, row.text, row.mark or Mark.UNSURE,
                Rows(
                    Cited(instruments[code], place)
                    for code, place in row.places if code in instruments
                ),
            )
            for section in Section.values
            for number, row in enumerate(parts.items(texts.get(section, "")), 1)
            if row.text
        ),
    )  # fmt: skip
