"""How many reviews are due, for the top bar of those who see to them: asked once a minute, not once a page."""

from datetime import date
from typing import Any

from django.core.cache import cache

from helpdesk.upkeep import access
from knowledge.articles.models import Article

KEPT_SECONDS = 60
_KEY = "upkeep:due"


def due_for(user: Any, *, on: date) -> int:
    """Reviews due that day: of who writes their own and those of nobody, of who supervises all."""
    if not access.sees_reviews(user):
        return 0
    counts = cache.get(_KEY)
    if counts is None or counts[0] != on:
        owners: dict[int | None, int] = {}
        for owner in Article.objects.review_by(on).values_list("owner", flat=True):
            owners[owner] = owners.get(owner, 0) + 1
        counts = (on, owners)
        cache.set(_KEY, counts, KEPT_SECONDS)
    due: dict[int | None, int] = counts[1]
    if user.has_perm("queues.steer_desk"):
        return sum(due.values())
    return due.get(user.pk, 0) + due.get(None, 0)


def forget() -> None:
    """A review was moved: count again."""
    cache.delete(_KEY)
