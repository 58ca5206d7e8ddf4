"""The articles of an answer being written, as the composer shows them."""

from dataclasses import dataclass
from typing import Any

from helpdesk.tickets import access
from helpdesk.tickets.forms.composing import written_quotes
from knowledge.articles import citing

Quotes = dict[int, tuple[str, ...]]
"""Number of a version -> keys of the statements given; none = the whole article."""


@dataclass(frozen=True)
class Chosen:
    """An article in the composer."""

    version: Any
    keys: tuple[str, ...]
    text: str
    """Its first citation, as the chip shows it."""
    value: str
    is_current: bool
    four_eyes: bool


def chosen(user: Any, quotes: Quotes) -> list[Chosen]:
    """The articles of a composer, with what their chips show; unknown versions fall out."""
    if not quotes:
        return []
    versions = access.versions_for(user, quotes)
    return [_chip(versions[pk], keys) for pk, keys in quotes.items() if pk in versions]


def _chip(version: Any, keys: tuple[str, ...]) -> Chosen:
    statements = [s for s in version.statements.all() if not keys or s.key in keys]
    lines = [
        citing.line(citation, version.edition.language)
        for statement in statements
        for citation in statement.citations.all()
        if citation.instrument.kind != "source"
    ]
    return Chosen(
        version=version, keys=keys, text=lines[0] if lines else version.title,
        value=written_quotes({version.pk: keys})[0],
        is_current=version.pk == version.edition.current_id,
        four_eyes=version.edition.article.four_eyes,
    )  # fmt: skip
