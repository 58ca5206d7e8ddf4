"""Sweep: owners hear that a review is due, supervisors that it is late or has no owner, both that an
article is no longer in force. By the notices, on a working morning; each once."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.hours.timetables import next_working_morning
from helpdesk.notices.actions import write
from knowledge.articles.actions.reviewing import stamp_told
from knowledge.articles.models import Article, Version
from knowledge.articles.validity import LATE

BATCH = 50


def tell_reviews(*, at: datetime) -> int:
    """How many articles were told of. Harmless when repeated: a stamp and the notice's key see to it."""
    today = timezone.localtime(at).date()
    due = Article.objects.review_by(today).filter(review_told_at=None)
    late = Article.objects.review_by(today - LATE).filter(late_told_at=None)
    over = Article.objects.over(on=today).filter(end_told_at=None)
    return (
        _tell(due, "review-due", "review_told_at", _owner_or_supervisors, at=at)
        + _tell(late, "review-late", "late_told_at", _supervisors, at=at)
        + _tell(over, "validity-ended", "end_told_at", _owner_and_supervisors, at=at)
    )


def _tell(
    articles: Iterable[Article], kind: str, stamp: str,
    readers: Callable[[Article], list[User]], *, at: datetime,
) -> int:  # fmt: skip
    told = 0
    for article in list(articles.select_related("owner")[:BATCH]):  # type: ignore[attr-defined]
        if not stamp_told(article, stamp, at=at):
            continue
        for reader in readers(article):
            _write(article, kind, reader, at=at)
        told += 1
    return told


def _write(article: Article, kind: str, reader: User, *, at: datetime) -> None:
    day = _day(article, kind, at=at)
    write(
        key=f"{kind}:{article.pk}:{day.isoformat()}:{reader.pk}", channel="email", kind=kind,
        address=reader.email, language=reader.language, at=at,
        due_at=next_working_morning(at=at) or at + timedelta(hours=12),
        subject_kind="article", subject_id=article.pk,
        context={
            "name": reader.shown_name, "due": day, "titles": [_title(article, reader.language)],
            "link": f"{settings.PUBLIC_URL}{reverse('upkeep:article', args=[article.topic])}",
        },
    )  # fmt: skip


def _day(article: Article, kind: str, *, at: datetime) -> date:
    """The day that the notice is about: of the review, or the last one in force."""
    day = article.in_force_until if kind == "validity-ended" else article.review_on
    return day or timezone.localtime(at).date()


def _title(article: Article, language: str) -> str:
    rows = Version.objects.current().filter(edition__article=article)
    titles = dict(rows.values_list("edition__language", "title"))
    return str(titles.get(language) or next(iter(titles.values()), article.topic))


def _owner(article: Article) -> list[User]:
    owner: Any = article.owner
    return [owner] if owner and owner.is_active and owner.email else []


def _supervisors(article: Article) -> list[User]:
    found = User.objects.filter(is_active=True).exclude(email="").in_role("supervisor")
    return list(found.order_by("pk"))


def _owner_or_supervisors(article: Article) -> list[User]:
    return _owner(article) or _supervisors(article)


def _owner_and_supervisors(article: Article) -> list[User]:
    return list({user.pk: user for user in _owner(article) + _supervisors(article)}.values())
