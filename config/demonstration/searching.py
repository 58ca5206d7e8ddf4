"""Searches of the last weeks that the library did not answer, for the gap report of the demonstration."""

from datetime import datetime, timedelta

from knowledge.search.models import SearchRecord

SEARCHES = (
    ("تسجيل علامة تجارية للجمعية", "ar", 0, (2, 3, 5, 9, 12)),
    ("علامة تجارية للجمعيات", "ar", 0, (4, 8)),
    ("tournage avec un drone", "fr", 0, (1, 4, 6, 10)),
    ("نموذج عقد كراء ملعب", "ar", 3, (2, 7, 11)),
    ("modèle de convention avec un influenceur", "fr", 2, (3, 5, 13)),
    ("assurance du minibus", "fr", 4, (6,)),
)
"""(words, language, answers found and not opened, how many days ago)."""


def lay(*, at: datetime) -> int:
    """Once in two weeks; how many were laid."""
    first = SEARCHES[0][0]
    if SearchRecord.objects.filter(text=first, at__gt=at - timedelta(weeks=2)).exists():
        return 0
    rows = [
        SearchRecord(
            text=words, language=language, hits=hits, place="search", at=at - timedelta(days=back)
        )
        for words, language, hits, days in SEARCHES
        for back in days
    ]
    return len(SearchRecord.objects.bulk_create(rows))
