"""What of the library is searched: the published versions, without statements that are not sure.

A statement that nobody is sure of is for staff only; it must not even make a page be found.
"""

from collections.abc import Collection, Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Prefetch, Sum
from django.utils import timezone

from knowledge.articles.models import Statement, Theme, Version
from knowledge.articles.querysets import VersionQuerySet
from knowledge.search.engines.port import Document

_BATCH = 500


def stamps() -> dict[str, str]:
    """{key: stamp} of every published version."""
    rows = Version.objects.current().values_list(
        "edition__article__topic", "edition__language", "pk"
    )
    return {_key(topic, lang): str(pk) for topic, lang, pk in rows}


def fingerprint() -> tuple[int, int, int]:
    """Differs when any version was published or retired: cheap enough to ask every second."""
    found = Version.objects.current().aggregate(n=Count("pk"), last=Max("pk"), sum=Sum("pk"))
    return found["n"], found["last"] or 0, found["sum"] or 0


def documents(keys: Collection[str] | None = None) -> Iterator[Document]:
    """The published versions with these keys, or all."""
    versions = _readable().order_by("pk")
    if keys is not None:
        versions = versions.filter(
            edition__article__topic__in={key.rsplit(".", 1)[0] for key in keys}
        )
    for version in versions.iterator(chunk_size=_BATCH):
        document = _document(version)
        if keys is None or document.key in keys:
            yield document


def versions_of(topics: Collection[str]) -> dict[tuple[str, str], Version]:
    """{(topic, language): published version} with its theme and sure statements, in two queries."""
    versions = _readable().filter(edition__article__topic__in=topics)
    return {(v.edition.article.topic, v.edition.language): v for v in versions}


def headings(theme: str) -> Iterator[tuple[str, str, str]]:
    """(topic, language, title and question), for the simple search."""
    versions = Version.objects.current()
    if theme:
        versions = versions.filter(edition__article__theme__code=theme)
    fields = ("edition__article__topic", "edition__language", "title", "question")
    for topic, language, title, question in versions.order_by("pk").values_list(*fields):
        yield topic, language, f"{title}\n{question}"


def themes() -> list[tuple[str, str]]:
    """(code, name in the reader's language) of every theme that has a published article."""
    found = Theme.objects.filter(articles__editions__current__isnull=False).distinct()
    return [(theme.code, str(theme)) for theme in found]


def asked_most(lang: str, limit: int) -> list[tuple[str, str]]:
    """(topic, title) of the questions expected most."""
    versions = (
        Version.objects.current().in_language(lang).exclude(edition__article__asked_rank=None)
    ).applying(on=timezone.localdate())
    rows = versions.order_by("edition__article__asked_rank").values_list(
        "edition__article__topic", "title"
    )
    return list(rows[:limit])


def _readable() -> VersionQuerySet:
    sure = Statement.objects.readable_by(AnonymousUser()).order_by("rank")
    return (
        Version.objects.current()
        .select_related("edition__article__theme", "edition__article__successor")
        .prefetch_related(Prefetch("statements", sure))
    )


def _document(version: Version) -> Document:
    article, lang = version.edition.article, version.edition.language
    said = [statement.text for statement in version.statements.all()]
    return Document(
        key=_key(article.topic, lang),
        topic=article.topic,
        lang=lang,
        theme=article.theme.code,
        title=version.title,
        text="\n".join([version.question, *said]),
        keywords="\n".join(version.keywords),
        stamp=str(version.pk),
    )


def _key(topic: str, lang: str) -> str:
    return f"{topic}.{lang}"
