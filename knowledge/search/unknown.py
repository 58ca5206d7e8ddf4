"""Words of questions that nothing knows: counted without their questions, proposed to who keeps the glossary.

A word may be somebody's name, so until it is common there is a digest in its place (rules.is_common).
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from knowledge import room
from knowledge.search import index, simple
from knowledge.search.engines.port import EngineBroken
from knowledge.search.hits import Results
from knowledge.search.models import UnknownWord, WordSetAside
from knowledge.search.rules import is_common, may_be_word

MOST_OF_A_SEARCH = 4
"""A question of more unknown words is in another language, or nonsense."""
_READ_AT_ONCE = 400


@dataclass(frozen=True)
class Proposal:
    word: str
    times: int
    days: int
    last: date


def note(results: Results, *, theme: str, at: datetime) -> int:
    """Count the unknown words of a search; how many. A search of a broken index tells nothing.

    Four statements, each by itself and in the order of the digests: two searches never wait in a ring.
    """
    words = {_digest(word): word for word in results.unknown if may_be_word(word)}
    if results.degraded or not 0 < len(words) <= MOST_OF_A_SEARCH:
        return 0
    day = timezone.localtime(at).date()
    place: dict[str, Any] = {"language": results.lang, "theme": theme[:1], "day": day}
    digests = sorted(words)
    rows = [UnknownWord(digest=digest, **place) for digest in digests]
    with room.not_needed():
        _count(rows, digests, words, place)
    return len(words)


def _count(
    rows: list[UnknownWord], digests: list[str], words: dict[str, str], place: dict[str, Any]
) -> None:
    UnknownWord.objects.bulk_create(rows, ignore_conflicts=True)
    UnknownWord.objects.filter(digest__in=digests, **place).update(searches=F("searches") + 1)
    for seen in UnknownWord.objects.counted(digests):
        if is_common(seen["times"], seen["days"]):
            UnknownWord.objects.unread().filter(digest=seen["digest"]).update(
                word=words[seen["digest"]]
            )


def proposals(*, most: int = 100) -> list[Proposal]:
    """What is searched for and still unknown, the most searched first."""
    return [row for row, _ in zip(_open(), range(most), strict=False)]


def _open() -> Iterator[Proposal]:
    aside = set(WordSetAside.objects.values_list("word", flat=True))
    known = _known()
    for row in UnknownWord.objects.proposed()[:_READ_AT_ONCE]:
        if row["word"] not in aside and not known.knows(row["word"]):
            yield Proposal(**row)


def _known() -> Any:
    try:
        return index.engine().vocabulary
    except EngineBroken:
        return simple.vocabulary()


def is_proposed(word: str) -> bool:
    return UnknownWord.objects.filter(word=word).exists() if word else False


@transaction.atomic
def set_aside(word: str, *, by: Any, at: datetime) -> bool:
    """Never propose it again; False when somebody did so before."""
    _row, made = WordSetAside.objects.get_or_create(word=word, defaults={"by": by, "at": at})
    return made


def _digest(word: str) -> str:
    made = hmac.new(settings.PEPPER.encode(), b"unknown:" + word.encode(), hashlib.sha256)
    return made.hexdigest()[:32]
