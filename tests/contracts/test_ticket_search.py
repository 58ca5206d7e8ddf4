"""Whatever is searched, nobody finds a request that the list would not show.

Worlds are those of test_visible; each is indexed, and the index is then a moment behind: levels,
teams and postings change after it was written. Hits must lie in what is visible now.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.accounts.models import Posting, User
from helpdesk.accounts.rules import Role
from helpdesk.tickets import indexed, indexing
from helpdesk.tickets.finding import tickets
from helpdesk.tickets.models import Entry, Grant, Ticket
from tests.contracts.test_visible import PROVINCES, Asked, Ground, Held, ground, lay, undone

__all__ = ["ground"]
pytestmark = pytest.mark.django_db
WORLDS, MANY, ASKED_IN_EACH = 50, 150, 20
WORDS = [
    "وصل", "نهائي", "جمعية", "banque", "compte", "quittance", "salle", "kermesse", "wasl", "النخيل",
    "Zineb", "زينب", "كريم", "0661234547", "+212661234547", "W-2026-000001", "1", "2", "(", "*",
    '"x"', "\u202eوصل",
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    yield
    indexing.engine().release()


def some_world(ground: Ground, rng: Random) -> list[Ticket]:
    """Ten to forty requests with words, of every team, level and province."""
    roles = set(rng.sample(list(Role), rng.randrange(3))) | {
        rng.choice([Role.ADVISOR, Role.SENIOR])
    }
    held = [
        Held(
            rng.randrange(3),
            rng.choice(PROVINCES),
            rng.choice([-9, -9, 0, 1]),
            rng.choice([None, None, -1, 5]),
        )
        for _ in range(rng.randrange(1, 5))
    ]
    asked = [
        Asked(
            rng.randrange(3), rng.choice(PROVINCES), rng.randrange(3), rng.random() < 0.2,
            rng.random() < 0.2, rng.choice([None, None, 0, 30, -30]),
        )
        for _ in range(rng.randrange(10, 40))
    ]  # fmt: skip
    made = lay(ground, roles, held, asked)
    for ticket in made:
        text = " ".join(rng.choices(WORDS, k=8))
        Ticket.objects.filter(pk=ticket.pk).update(subject=text[:40], last=1)
        Entry.objects.create(ticket=ticket, number=1, kind="line", at=timezone.now(), text=text)
    return made


def disturb(ground: Ground, made: list[Ticket], rng: Random) -> None:
    """What happens between two sweeps."""
    for ticket in rng.sample(made, len(made) // 3):
        change: dict[str, Any] = rng.choice(
            [{"level": 1}, {"level": 2}, {"team": rng.choice(ground.teams)}, {"assignee": None}]
        )
        Ticket.objects.filter(pk=ticket.pk).update(**change)
    if rng.random() < 0.3:
        Posting.objects.filter(user=ground.user).delete()
    if rng.random() < 0.3:
        Grant.objects.all().delete()


def check(ground: Ground, seed: int) -> int:
    """One world and its questions; how many hits there were."""
    rng, hits = Random(seed), 0
    with undone():
        made = some_world(ground, rng)
        indexing.rebuild()
        if rng.random() < 0.7:
            disturb(ground, made, rng)
        user = User.objects.get(pk=ground.user.pk)
        visible = set(Ticket.objects.visible_to(user).values_list("pk", flat=True))
        for _ in range(ASKED_IN_EACH):
            text = " ".join(rng.choices(WORDS, k=rng.randrange(1, 4)))
            found = tickets(Ticket.objects.visible_to(user), user, text, deep=rng.random() < 0.5)
            assert not found.is_simple
            keys = set(found.rows.values_list("pk", flat=True))
            assert keys <= visible, (seed, text)
            hits += len(keys)
    return hits


@pytest.mark.long
def test_hits_are_among_the_visible(ground: Ground) -> None:
    """A thousand pairs of user and question."""
    assert sum(check(ground, seed) for seed in range(WORLDS)) > WORLDS * ASKED_IN_EACH


@pytest.mark.full
def test_hits_are_among_the_visible_in_many_worlds(ground: Ground) -> None:
    assert sum(check(ground, seed) for seed in range(1000, 1000 + MANY)) > MANY


@pytest.mark.long
def test_all_that_is_visible_is_found(ground: Ground) -> None:
    """The other way round: scopes of the index hide nothing, but sealed texts."""
    for seed in range(20):
        with undone():
            some_world(ground, Random(seed))
            Ticket.objects.update(subject="tombola")
            indexing.rebuild()
            user = User.objects.get(pk=ground.user.pk)
            visible = Ticket.objects.visible_to(user)
            found = set(tickets(visible, user, "tombola").rows.values_list("pk", flat=True))
            expected = (
                set()
                if not indexed.scopes_of(scope(user))
                else set(visible.exclude(level=2).values_list("pk", flat=True))
            )
            assert found == expected, seed


def scope(user: User) -> Any:
    from helpdesk.accounts.scope import Scope

    return Scope.of(user)
