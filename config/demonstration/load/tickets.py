"""The tickets of the load and everything written in them, in batches."""

import gc
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from config.demonstration import wording
from config.demonstration.cast import lay_cast, lay_centre
from config.demonstration.load.people import people, words
from config.demonstration.load.rows import Batch, Desk
from config.demonstration.load.writing import Numbers
from config.demonstration.telling import KEY
from config.installation.actions import first_centre
from helpdesk.queues.models import Queue
from helpdesk.tickets.models import Entry, Ticket
from knowledge.articles import citing
from knowledge.articles.models import Article
from telephony.models import Call

BATCH = 5000
YEARS = 3
TOKEN = "demo"
"""Begins the reply token of every ticket made here; real tokens are hexadecimal."""


def has_real_tickets() -> bool:
    """Whether any ticket is of neither the demonstration nor the load."""
    told = Entry.objects.filter(number=1, key__startswith=KEY).values("ticket")
    called = Call.objects.filter(key__startswith=KEY, ticket__isnull=False).values("ticket")
    real = Ticket.objects.exclude(reply_token__startswith=TOKEN).exclude(pk__in=told)
    return bool(real.exclude(pk__in=called).exists())


@transaction.atomic
def tickets(count: int, *, seed: int, at: datetime, since: datetime | None = None) -> int:
    """Add so many tickets of the three years before `at`, or of so many those opened after `since`; how many.

    Needs the library.
    """
    at = at.replace(microsecond=0)
    if not Article.objects.exists():
        raise CommandError("There is no library yet: run `manage.py setup` first.")
    # The numbers already given out are part of the seed: a second load differs from the first.
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rng = Random(f"{seed}:{newest}")
    desk = _desk(at=at)
    numbers = Numbers()
    with _no_collecting():
        moments = _moments(count, Random(seed), at=at) if since else []
        first = bisect_left(moments, since) if since else 0
        callers = people(desk.centre, numbers, tickets=count - first, rng=rng, at=at)
        moments = moments or _moments(count, rng, at=at)
        for start in range(first, count, BATCH):
            batch = Batch(desk, callers, rng, at, numbers)
            for place in range(start, min(start + BATCH, count)):
                batch.add(moments[place], age=1 - place / count)
            batch.write()
    numbers.give_back()
    return count - first


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Hundreds of thousands of small rows without a cycle: looking for cycles is a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _desk(*, at: datetime) -> Desk:
    centre = lay_centre(at=at) if settings.DEMO else first_centre(at=at)
    users = lay_cast(centre, at=at)
    queue = Queue.objects.filter(team__centre=centre).order_by("rank", "pk").first()
    assert queue is not None
    articles = {a.topic: a for a in Article.objects.all()}
    said: dict[tuple[str, str], Any] = {}
    for topic in (row["code"] for row in words()["topic"]):
        for language in ("ar", "fr"):
            written = wording.answer([topic], language)
            version = written.quotes[0].version
            keys = written.quotes[0].statements
            said[topic, language] = (written, citing.frozen(version, keys=keys))
    return Desk(
        centre=centre, queue=queue, said=said,
        advisors=tuple(users[name].pk for name in ("amina", "salma", "brahim")),
        themes={topic: article.theme_id for topic, article in articles.items()},
        four_eyes=frozenset(topic for topic, article in articles.items() if article.four_eyes),
    )  # fmt: skip


def _moments(count: int, rng: Random, *, at: datetime) -> list[datetime]:
    """Times of opening, in order: working hours of three years, more of them lately."""
    span = YEARS * 365
    found = []
    for _ in range(count):
        days = int(span * (1 - rng.random() ** 0.7))
        second = rng.randrange(8 * 3600, 18 * 3600)
        day = (at - timedelta(days=days + 1)).replace(hour=0, minute=0, second=0)
        found.append(day + timedelta(seconds=second))
    return sorted(found)
