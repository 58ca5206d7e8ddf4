"""What searching leaves behind."""

from datetime import datetime

from knowledge.search.models import Place, SearchRecord
from knowledge.search.query import Results
from knowledge.search.rules import LONGEST_TEXT, cleaned

_LONGEST_INPUT = 10 * LONGEST_TEXT


def record(results: Results, *, place: str, at: datetime) -> SearchRecord | None:
    """Keep a search, without its person; nothing for an empty one. One insert.

    `place` is one of `models.Place`: search, ask, desk, call.
    """
    text = cleaned(results.text[:_LONGEST_INPUT])
    if not text:
        return None
    kept: SearchRecord = SearchRecord.objects.create(
        text=text,
        language=results.lang,
        hits=len(results.hits),
        best_topic=results.hits[0].topic if results.hits else "",
        place=Place(place),
        degraded=results.degraded,
        at=at,
    )
    return kept
