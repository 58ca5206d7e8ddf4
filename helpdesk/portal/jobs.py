"""Sweep: organisations' programs hear of what was published in the library."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from helpdesk.notices import webhooks
from helpdesk.notices.subscriptions import Event, Subscription
from knowledge.articles import access

AT_ONCE = 50
"""Versions told in one round; the rest is still due."""


def tell_published(*, at: datetime) -> int:
    """Write a message for each version published since a subscription was last told; how many."""
    told = 0
    last = access.last_published()
    if last is None:
        return 0
    for row in Subscription.objects.running().filter(told_until__lt=last).order_by("pk"):
        if Event.PUBLISHED in row.events:
            told += _tell(row, at=at)
        else:
            Subscription.objects.filter(pk=row.pk).update(told_until=last)
    return told


@transaction.atomic
def _tell(row: Subscription, *, at: datetime) -> int:
    versions = access.published_after(row.told_until, most=AT_ONCE)
    for version in versions:
        topic, language = version.edition.article.topic, version.edition.language
        with override(language):
            page = reverse("articles:article", args=[topic])
        facts = {
            "topic": topic, "language": language, "version": version.number,
            "title": version.title, "page": f"{settings.PUBLIC_URL}{page}",
            "url": f"{settings.PUBLIC_URL}/api/v1/articles/{topic}/?lang={language}",
        }  # fmt: skip
        webhooks.write(
            row, Event.PUBLISHED, key=f"published:{version.pk}", at=at, facts=facts,
            about=("version", version.pk),
        )  # fmt: skip
    if versions:
        until = versions[-1].published_at
        Subscription.objects.filter(pk=row.pk).update(told_until=until)
    return len(versions)
