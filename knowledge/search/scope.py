"""Questions that are not about associations, by words that nobody uses of an association.

Only clear cases: a personal matter named, and no word of associations beside it. What is not caught is
answered by an advisor, who sends the person on.
"""

from functools import lru_cache

from knowledge.search.analysis import stems_of

PERSONAL = (
    "طلاق الطلاق طلقني نطلق زواج الزواج نفقة النفقة حضانة الحضانة إرث الإرث الورث فيزا الفيزا تأشيرة "
    "باسبور رخصة السياقة talaq tla9 nafa9a divorce divorcer mariage héritage succession visa passeport"
)
OURS = (
    "جمعية الجمعية جمعيات جمعيتنا المكتب مكتب الوصل منخرط الرئيس jam3iya jm3iya association bureau "
    "récépissé président adhérent"
)


def is_elsewhere(text: str) -> bool:
    """Whether the question is a personal matter, outside what the centre answers."""
    asked = set(stems_of(text[:2_000]))
    return bool(asked & _stems(PERSONAL)) and not asked & _stems(OURS)


@lru_cache(maxsize=2)
def _stems(words: str) -> frozenset[str]:
    return frozenset(stems_of(words.replace("رخصة السياقة", "السياقة")))
