"""The doorways to the library: which articles and versions a reader may open."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.utils import timezone

from knowledge.articles.models import Feedback, Instrument, Statement, Theme, Version
from knowledge.articles.querysets import VersionQuerySet
from knowledge.articles.rules import State
from knowledge.articles.themes import OUTSIDE


def current_version(topic: str, *, language: str) -> Version | None:
    """The version that readers see today, with its statements and citations."""
    found = Version.objects.current().in_language(language).whole()
    return found.filter(edition__article__topic=topic).first()


def past_version(topic: str, number: int, *, language: str) -> Version | None:
    """A version that was published once: an answer given from it stays readable as it was."""
    found = Version.objects.in_language(language).whole()
    return found.filter(
        edition__article__topic=topic, number=number, published_at__isnull=False
    ).first()


def has_edition(topic: str, *, language: str) -> bool:
    """Whether readers of that language can open the topic."""
    found = Version.objects.current().in_language(language)
    return found.filter(edition__article__topic=topic).exists()


def shelf(*, language: str) -> VersionQuerySet:
    """All that readers of a language can open, by theme."""
    found = Version.objects.current().in_language(language)
    return found.select_related("edition__article__theme").order_by(
        "edition__article__theme__rank", "edition__article__topic"
    )


def articles_by_theme(*, language: str) -> dict[str, int]:
    """{code of a theme: articles that readers of the language can open}."""
    found = Version.objects.current().in_language(language)
    rows = found.values_list("edition__article__theme__code").annotate(n=Count("pk"))
    return dict(rows.order_by())


def whole_shelf(*, language: str) -> list[Version]:
    """The same with statements and citations, for the copy of the library."""
    found = Version.objects.current().in_language(language).whole()
    return list(found.order_by("edition__article__theme__rank", "edition__article__topic"))


def newest(*, language: str, most: int = 30) -> list[Version]:
    """What was published last."""
    return list(Version.objects.newest(language)[:most])


def asked_most(*, language: str, first: int = 5) -> list[Version]:
    """The answers to the questions expected most, in their order."""
    found = shelf(language=language).exclude(edition__article__asked_rank=None)
    found = found.applying(on=timezone.localdate())
    return list(found.order_by("edition__article__asked_rank")[:first])


def successor(version: Version) -> Version | None:
    """What to read instead of an article that is over: its current version, in the same language if any."""
    article = version.edition.article
    if article.successor_id is None or not article.is_over:
        return None
    found = Version.objects.current().filter(edition__article=article.successor_id)
    rows = {v.edition.language: v for v in found.select_related("edition__article")}
    return rows.get(version.edition.language) or next(iter(rows.values()), None)


def themes() -> list[Theme]:
    """The shelves of the library, in their order; not the theme of refusals."""
    return list(Theme.objects.shelved())


def asked_themes() -> list[Theme]:
    """The themes an association can ask about, in their order."""
    return list(Theme.objects.asked())


def texts() -> list[Instrument]:
    """The register: every legal text, by date."""
    return list(Instrument.objects.texts())


def text(code: str) -> Instrument | None:
    """One legal text with what it does to others and they to it."""
    found = (
        Instrument.objects.texts()
        .select_related("ended_by")
        .prefetch_related("acts__to", "acted_on__by")
    )
    return found.filter(code=code).first()


def citing(text: Instrument, *, by: Any, language: str) -> list[Statement]:
    """Everything that readers see today and that leans on the text; what is unsure only to staff."""
    return list(Statement.objects.readable_by(by).citing(text, language))


def theme(code: str) -> Theme | None:
    """A theme by its letter, large or small; not the one of refusals."""
    return Theme.objects.filter(code=code.upper()).exclude(code=OUTSIDE).first()


def reads_spoken(user: Any) -> bool:
    """The lines to read aloud and what is not certain are for the people who answer."""
    return bool(user.has_perm("articles.read_unsure"))


def is_counted(user: Any) -> bool:
    """Reading by those who work here is no use of the library."""
    return not (user.is_authenticated and user.is_of_staff)


def may_read_opinions(user: Any) -> None:
    """Who writes, reviews or supervises. Raises PermissionDenied."""
    if not (user.has_perm("articles.draft_version") or user.has_perm("queues.view_board")):
        raise PermissionDenied


def opinions_by_topic() -> list[dict[str, Any]]:
    """Counts of each article and language, the least useful first."""
    return list(Feedback.objects.by_topic())


def opinions_with_words(*, most: int = 200) -> list[Feedback]:
    """What readers wrote, the newest first."""
    return list(Feedback.objects.with_words()[:most])


def is_retired(version: Version) -> bool:
    """A newer version has taken its place."""
    return version.state == State.RETIRED


def last_published() -> datetime | None:
    """When something that readers see was published last."""
    found = Version.objects.current().aggregate(last=Max("published_at"))
    return found["last"]


def published_after(moment: datetime, *, most: int) -> list[Version]:
    """What readers see and was published since, the oldest first; all of one moment together."""
    rows = Version.objects.published_after(moment).select_related("edition__article")
    times = list(rows.order_by("published_at").values_list("published_at", flat=True)[:most])
    if not times:
        return []
    return list(rows.filter(published_at__lte=times[-1]).order_by("published_at", "pk"))
