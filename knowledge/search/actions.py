"""What searching leaves behind."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core import signing

from knowledge import room
from knowledge.search import library
from knowledge.search.counting import count
from knowledge.search.hits import Hit, Results
from knowledge.search.models import Act, Place, SearchRecord
from knowledge.search.rules import LONGEST_TEXT, cleaned
from knowledge.uncounted import is_uncounted

_LONGEST_INPUT = 10 * LONGEST_TEXT
_OPENS_FOR = timedelta(hours=12)
_SALT = "wasl.search.opened"


def record(
    results: Results, *, place: str, at: datetime, theme: str = "", province: str = ""
) -> SearchRecord | None:
    """Keep a search, without its person; nothing for an empty one, or who is not counted. One insert.

    `place` is one of `models.Place`; `theme` and `province` are codes, where the page knows them.
    """
    text = cleaned(results.text[:_LONGEST_INPUT])
    if not text or is_uncounted():
        return None
    best = (results.hits + results.also)[:1]
    with room.not_needed():
        return SearchRecord.objects.create(
            text=text,
            language=results.lang,
            hits=len(results.hits) + len(results.also),
            best_topic=best[0].topic if best else "",
            place=Place(place),
            degraded=results.degraded,
            theme=theme or results.theme or (best[0].theme_code if best else ""),
            province=province,
            at=at,
        )
    return None


def suggested(hits: Iterable[Hit], *, place: Place, at: datetime) -> None:
    """These answers were shown where nobody looked for them."""
    count(Act.SHOWN, [(hit.topic, hit.lang) for hit in hits], place=place, at=at)


def opening_key(of: SearchRecord | Place | int | None) -> str:
    """What a link to an answer carries so that its opening is told: the number of the search, signed,
    for half a day; at the desk, where no search is kept, the place. It leads to no person."""
    told = of.pk if isinstance(of, SearchRecord) else of
    return signing.TimestampSigner(salt=_SALT).sign(str(told)) if told else ""


def opened(topic: str, language: str, carried: str, *, at: datetime) -> bool:
    """An answer of a search was opened: counted once a search, never for what is old or made up."""
    try:
        told = signing.TimestampSigner(salt=_SALT).unsign(carried, max_age=_OPENS_FOR)
    except signing.BadSignature:
        return False
    if not library.versions_of([topic]):
        return False
    place = told if not told.isdigit() else _first_opening(int(told))
    if not place:
        return False
    count(Act.OPENED, [(topic, language)], place=Place(place), at=at)
    return True


def _first_opening(number: int) -> str:
    """Where the search was typed; empty when something of it was opened before, or it is gone."""
    kept = SearchRecord.objects.filter(pk=number, opened=False)
    place = kept.values_list("place", flat=True).first()
    return str(place) if place is not None and kept.update(opened=True) else ""


def passed_over(number: int, topics: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """The question was sent though these answers were suggested, opened or not. Once a search."""
    kept = SearchRecord.objects.filter(pk=number, passed=False)
    place = kept.values_list("place", flat=True).first()
    if place is not None and kept.update(passed=True):
        count(Act.PASSED, topics, place=Place(place), at=at)
