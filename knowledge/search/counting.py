"""What becomes of answers that are suggested: numbers of the day, and which of two equals goes first.

Nothing of who it was, nor of what was asked, is looked at or kept.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.db import DatabaseError, transaction
from django.utils import timezone

from knowledge.search.models import Act, Place, SuggestionCount
from knowledge.uncounted import is_uncounted

WEIGHTS = {Act.OPENED: 1, Act.INSERTED: 3, Act.REFUSED: -3, Act.PASSED: -1}
"""What one of each says of an answer's use. Being shown says nothing."""
PLACES = 4
"""Decimals of a score that count: engines differ in what follows."""
log = logging.getLogger("wasl.search")


def count(act: Act, answers: Iterable[tuple[str, str]], *, place: Place, at: datetime) -> None:
    """One more for each (topic, language). A count that fails is lost: it must never cost the page."""
    if is_uncounted():
        return
    rows: dict[str, list[str]] = defaultdict(list)
    for topic, language in dict.fromkeys(answers):
        rows[language].append(topic[:40])
    for language, topics in rows.items():
        key = {"act": act, "language": language, "place": place, "day": timezone.localdate(at)}
        try:
            with transaction.atomic():
                _add(topics, key)
        except DatabaseError:
            log.warning("a suggestion was not counted", exc_info=True)


def _add(topics: list[str], key: dict[str, object]) -> None:
    """One question on most days; the first of a day begins its row, if nobody else just did."""
    if SuggestionCount.objects.one_more(topics, **key) == len(topics):
        return
    known = set(
        SuggestionCount.objects.filter(topic__in=topics, **key).values_list("topic", flat=True)
    )
    new = [SuggestionCount(topic=topic, times=1, **key) for topic in topics if topic not in known]
    SuggestionCount.objects.bulk_create(new, ignore_conflicts=True)


def useful_first(ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The same (topic, score), the best first; of those with the same score the more useful one.

    Without a record of use nothing moves. The database is asked only where scores are the same.
    """
    alike = [list(row) for _score, row in groupby(ranked, key=lambda one: round(one[1], PLACES))]
    equal = [topic for row in alike if len(row) > 1 for topic, _score in row]
    if not equal:
        return list(ranked)
    use: dict[str, int] = defaultdict(int)
    for topic, act, times in SuggestionCount.objects.filter(topic__in=equal).by_act():
        use[topic] += WEIGHTS.get(act, 0) * times
    return [pair for row in alike for pair in sorted(row, key=lambda one: -use[one[0]])]
