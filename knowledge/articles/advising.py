"""What an advisor needs of the library while somebody is on the line."""

from collections.abc import Sequence

from knowledge.articles import register
from knowledge.articles.models import Article, Citation, Statement, Theme, Version
from knowledge.articles.rules import Section


def themes(held: Theme | None = None) -> list[Theme]:
    """What a request can be filed under: those in use, and the one it has (`held`)."""
    rows = list(Theme.objects.in_use())
    return rows if held is None or held in rows else [*rows, held]


def intake(topics: Sequence[str]) -> list[str]:
    """Codes of the facts that these topics need, in order, once each."""
    found = dict(Article.objects.filter(topic__in=topics).values_list("topic", "intake"))
    return list(dict.fromkeys(code for topic in topics for code in found.get(topic, ())))


def current(topics: Sequence[str]) -> dict[tuple[str, str], Version]:
    """{(topic, language): the version readers see now}, with its theme."""
    rows = Version.objects.current().filter(edition__article__topic__in=topics)
    found = rows.select_related("edition__article__theme")
    return {(v.edition.article.topic, v.edition.language): v for v in found}


def spoken(topic: str, language: str) -> list[str]:
    """The sentences to read aloud of a topic's current version; none when it has none."""
    rows = Statement.objects.filter(
        section=Section.SPOKEN,
        version__current_of__article__topic=topic,
        version__current_of__language=language,
    )
    return list(rows.order_by("rank").values_list("text", flat=True))


def cited(topic: str, language: str, *, most: int = 3) -> list[register.Cited]:
    """The texts behind the short answer and the spoken lines, to name them on the telephone."""
    rows = Citation.objects.filter(
        statement__section__in=(Section.IN_SHORT, Section.SPOKEN),
        statement__version__current_of__article__topic=topic,
        statement__version__current_of__language=language,
    ).exclude(instrument__kind="source")
    pairs = {
        (row.instrument, row.place): None
        for row in rows.select_related("instrument").order_by("statement__rank", "rank")
    }
    return [register.cited(text, [place], language)[0] for text, place in list(pairs)[:most]]
