"""The register of legal texts, laid out for reading: identity, what changed it, what leans on it.

Plain data from loaded rows; no query of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from knowledge.articles import citing
from knowledge.articles.rules import INSTRUMENT_KINDS, Act

DONE_TO = {
    Act.AMENDS: _("Amended by"),
    Act.REPLACES: _("Replaced by"),
    Act.APPLIES: _("Applied by"),
    Act.PROMULGATES: _("Promulgated by"),
}
DOES = {
    Act.AMENDS: _("Amends"),
    Act.REPLACES: _("Replaces"),
    Act.APPLIES: _("Is made to apply"),
    Act.PROMULGATES: _("Promulgates"),
}


@dataclass(frozen=True)
class Cited:
    """One citation as it is copied, and as it is said on the telephone."""

    place: str
    line: str
    said: str


@dataclass
class Leaning:
    """An article that leans on the text: its statements, each with the places it cites."""

    version: Any
    statements: list[tuple[Any, str]] = field(default_factory=list)


def by_kind(texts: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """The texts under their kinds, in the order of the register."""
    rows = list(texts)
    found = [
        (str(name), [text for text in rows if text.kind == kind])
        for kind, name in INSTRUMENT_KINDS.items()
    ]
    return [(name, those) for name, those in found if those]


def relations(text: Any) -> list[tuple[str, list[Any]]]:
    """(« Amended by », texts) in both directions, what was done to it first."""
    done = _grouped(text.acted_on.all(), DONE_TO, "by")
    return done + _grouped(text.acts.all(), DOES, "to")


def is_replaced(text: Any) -> bool:
    return any(relation.does == Act.REPLACES for relation in text.acted_on.all())


def leaning(statements: Iterable[Any], text: Any, language: str) -> list[Leaning]:
    """Statements article by article, in the order given."""
    found: dict[int, Leaning] = {}
    for statement in statements:
        places = [
            citing.place(text.kind, citation.place, language)
            for citation in statement.citations.all()
            if citation.instrument_id == text.pk and citation.place
        ]
        row = found.setdefault(statement.version_id, Leaning(statement.version))
        row.statements.append((statement, " · ".join(dict.fromkeys(places))))
    return list(found.values())


def cited(text: Any, places: Iterable[str], language: str) -> list[Cited]:
    """A text's citations, each place once, as written and as said; without a place, the text."""
    return [
        Cited(
            place=citing.place(text.kind, words, language),
            line=citing.written(text, words, language),
            said=citing.said(text, words, language),
        )
        for words in dict.fromkeys(places)
    ]


def places(statements: Iterable[Any], text: Any) -> list[str]:
    """The places of the text that these statements cite, the smallest article first."""
    found = {
        citation.place
        for statement in statements
        for citation in statement.citations.all()
        if citation.instrument_id == text.pk
    }
    return sorted(found, key=_in_order)


def _in_order(words: str) -> tuple[int, str]:
    digits = "".join(c if c.isdigit() else " " for c in words).split()
    return (int(digits[0]) if digits else 0, words)


def _grouped(rows: Iterable[Any], names: Any, end: str) -> list[tuple[str, list[Any]]]:
    rows = list(rows)
    found = [
        (str(name), sorted((getattr(r, end) for r in rows if r.does == act), key=_dated))
        for act, name in names.items()
    ]
    return [(name, texts) for name, texts in found if texts]


def _dated(text: Any) -> tuple[bool, Any]:
    return (text.day is None, text.day or text.code)
