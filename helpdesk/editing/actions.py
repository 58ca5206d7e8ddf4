"""Acts of the editor as people do them here: the library's own act, what colleagues are told, the audit."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.editing import access
from helpdesk.live import streams, viewing
from helpdesk.live.announcing import announce
from knowledge.articles.actions import drafting, publishing
from knowledge.articles.actions.drafting import Saved
from knowledge.articles.draft_models import Beside
from knowledge.articles.models import Article, Version


@transaction.atomic
def save_part(
    article: Article, language: str, name: str, text: str, *, seen: str, by: Any, at: datetime
) -> Saved:
    """Keep what was typed, and let colleagues see who writes where."""
    edition = access.edition(article, language)
    saved = drafting.save_part(edition, name, text, seen=seen, by=by, at=at)
    viewing.write(access.part_place(article, language, name), by=by, at=at)
    announce(streams.article(article.pk), kind="saved")
    return saved


@transaction.atomic
def settle(
    article: Article, beside: Beside, text: str | None, *, number: int, by: Any, at: datetime
) -> None:
    """Of two texts one. Raises what drafting.settle raises."""
    drafting.settle(beside, text, number=number, by=by, at=at)
    announce(streams.article(article.pk), kind="saved")


@transaction.atomic
def pair(article: Article, name: str, *, arabic: str, french: str, by: Any, at: datetime) -> None:
    """Both languages say the same. Raises what drafting.pair raises."""
    drafting.pair(article, name, arabic=arabic, french=french, by=by, at=at)
    announce(streams.article(article.pk), kind="saved")


def see(article: Article, *, by: Any, at: datetime) -> None:
    """Note that somebody has the editor open; the others are told of who is new."""
    if viewing.see(access.place(article), by=by, at=at):
        announce(streams.article(article.pk), kind="viewing")


@transaction.atomic
def publish(
    version: Version, *, by: Any, at: datetime, why: str, publish_at: datetime | None = None
) -> Version:
    """Now, or on a day. Raises what publishing.release raises."""
    done = publishing.release(version, by=by, at=at, why=why, publish_at=publish_at)
    audit("published-version", by=by, at=at, subject=version, reason=why)
    announce(streams.article(version.edition.article_id), kind="moved")
    return done
