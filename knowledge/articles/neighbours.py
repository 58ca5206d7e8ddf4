"""Articles to read next: those that lean on the same places of the law, then those of the theme."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from knowledge.articles.models import Citation, Version

SAME_THEME = 2
"""What standing on the same shelf counts, in statements that cite the same place."""
ENOUGH = 5
"""Statements beyond which sharing a place says no more: art. 5 is cited everywhere."""
MOST = 4


def neighbours(version: Any, shelf: Iterable[Any], *, most: int = MOST) -> list[Any]:
    """Up to `most` other versions of the shelf (current ones in the same language), nearest first."""
    shared = _shared(version)
    theme = version.edition.article.theme_id
    scored = [
        (
            min(shared[other.pk], ENOUGH) + SAME_THEME * (other.edition.article.theme_id == theme),
            other,
        )
        for other in shelf
        if other.edition_id != version.edition_id and other.edition.article.applies
    ]
    near = sorted(
        (pair for pair in scored if pair[0]),
        key=lambda pair: (-pair[0], pair[1].edition.article.topic),
    )
    return [other for _, other in near[:most]]


def _shared(version: Any) -> Counter[int]:
    """How many statements of each other current version cite a place that this one cites."""
    places = {
        (citation.instrument_id, citation.place)
        for statement in version.statements.all()
        for citation in statement.citations.all()
        if citation.instrument.kind != "source"
    }
    rows = Citation.objects.filter(
        instrument_id__in={instrument for instrument, _ in places},
        statement__version__in=Version.objects.current().in_language(version.edition.language),
    ).values_list("statement__version_id", "instrument_id", "place")
    return Counter(pk for pk, instrument, place in rows if (instrument, place) in places)
