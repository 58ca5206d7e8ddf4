"""Doorways to the article editor: for those who write and review, of every article at once.

No records of its own: `knowledge.articles` holds drafts and versions. Unknown and forbidden are one answer.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404

from helpdesk.live import viewing
from knowledge.articles import working
from knowledge.articles.draft_models import Beside
from knowledge.articles.models import Article, Edition, Instrument, Theme, Upkeep, Version
from knowledge.articles.rules import Mark
from knowledge.articles.working import Desk

WRITE, REVIEW = "articles.draft_version", "articles.review_version"
MOST_ACTS = 100


def may_write(user: Any) -> None:
    """Write drafts, read what is not published. Raises PermissionDenied."""
    if not user.has_perm(WRITE):
        raise PermissionDenied


def may_review(user: Any) -> None:
    """Publish what others wrote. Raises PermissionDenied."""
    if not user.has_perm(REVIEW):
        raise PermissionDenied


def desks(user: Any) -> list[Desk]:
    """Every article, also one that no reader has seen yet."""
    may_write(user)
    articles = list(Article.objects.select_related("theme").order_by("theme__rank", "topic"))
    found = working.overview(articles)
    return [found[article.pk] for article in articles]


def article(user: Any, topic: str) -> Article:
    may_write(user)
    found = Article.objects.select_related("theme").filter(topic=topic).first()
    if found is None:
        raise Http404
    return found


def desk(user: Any, topic: str, *, paired: bool = True) -> Desk:
    """Both languages; `paired=False` where nothing is said of what drifted."""
    return working.desk(article(user, topic), paired=paired)


def known_language(language: str) -> str:
    if language not in working.LANGUAGES:
        raise Http404
    return language


def edition(found: Article, language: str) -> Edition:
    """The edition to write in; a language that has none yet begins here."""
    return Edition.objects.get_or_create(article=found, language=known_language(language))[0]


def versions(found: Article) -> list[Version]:
    """Every version of both languages, the newest first; also those that came back from review."""
    rows = Version.objects.filter(edition__article=found).select_related(
        "edition", "author", "released_by"
    )
    return list(rows.order_by("edition__language", "-number"))


def version(desk: Desk, language: str, number: int) -> Version:
    """One version with its statements, whatever became of it."""
    work = desk[known_language(language)]
    if work.shown is not None and work.shown.number == number:
        return work.shown
    rows = Version.objects.whole().filter(edition__article=desk.article, number=number)
    row = rows.filter(edition__language=language).first()
    if row is None:
        raise Http404
    return row


def history(found: Article) -> list[Upkeep]:
    return list(Upkeep.objects.of_article(found)[:MOST_ACTS])


def themes() -> list[Theme]:
    return list(Theme.objects.asked())


def place(found: Article) -> str:
    """Where colleagues see that somebody has the editor open."""
    return f"article:{found.pk}"


def part_place(found: Article, language: str, name: str) -> str:
    return f"{place(found)}:{language}:{name}"


def writing(found: Article, *, but: Any, at: datetime) -> dict[tuple[str, str], list[Any]]:
    """Who else writes in which part now: (language, part) -> people."""
    others: dict[tuple[str, str], list[Any]] = {}
    for seen_at, viewer in viewing.viewers_under(f"{place(found)}:", but=but, at=at):
        _kind, _pk, language, name = seen_at.split(":")
        if viewer.writes:
            others.setdefault((language, name), []).append(viewer.user)
    return others


def instruments() -> dict[str, Instrument]:
    """Every text and source by its code, texts by date."""
    rows = Instrument.objects.order_by(F("day").asc(nulls_last=True), "number")
    return {text.code: text for text in rows}


def citable(found: Mapping[str, Instrument]) -> list[tuple[str, str]]:
    """(code, name) of the texts of law among them, in the language of the page."""
    return [(text.code, text.name) for text in found.values() if text.kind != "source"]


def marks() -> list[tuple[str, str]]:
    return [(mark.value, str(mark.label)) for mark in Mark]


def desk_of(found: Article) -> Desk:
    return working.desk(found)


def beside(found: Article, language: str, pk: str) -> Beside | None:
    """A second text of that edition that nobody settled yet."""
    rows = Beside.objects.filter(
        part__draft__edition__article=found, part__draft__edition__language=language,
        settled_at=None,
    )  # fmt: skip
    return rows.select_related("part").filter(pk=pk).first() if _is_number(pk) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 15
