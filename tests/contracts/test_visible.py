"""One truth about who sees a request: the rule said in words, the list, the doorway and the search agree.

Hypothesis makes worlds: postings with teams, provinces and dates, requests of every level, grants.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import Posting, Team, User
from helpdesk.accounts.rules import DESK, Role
from helpdesk.centre.models import Centre
from helpdesk.tickets.access import ticket_for
from helpdesk.tickets.models import Grant, Ticket
from tests import make

pytestmark = pytest.mark.django_db
PROVINCES = ["", "07.351", "07.431"]
WORLDS, MANY = 300, int(os.environ.get("MANY_WORLDS", "1000"))
READING = DESK


@dataclass(frozen=True)
class Held:
    """A posting: days from today it begins and ends."""

    team: int
    province: str
    begins: int
    ends: int | None


@dataclass(frozen=True)
class Asked:
    team: int
    province: str
    level: int
    is_assigned: bool
    is_own: bool
    grant: int | None
    """None: no grant; 0: without end; else minutes from now until its end."""


POSTINGS = st.builds(
    Held, st.integers(0, 2), st.sampled_from(PROVINCES), st.sampled_from([-9, 0, 1]),
    st.sampled_from([None, -1, 0, 5]),
)  # fmt: skip
TICKETS = st.builds(
    Asked, st.integers(0, 2), st.sampled_from(PROVINCES), st.sampled_from([0, 1, 2]),
    st.booleans(), st.booleans(), st.sampled_from([None, None, 0, 30, -30]),
)  # fmt: skip
ROLES = st.sets(st.sampled_from(list(Role)), max_size=2)


class Ground:
    """What every world shares: two teams of one centre, one of another, one person at the desk."""

    def __init__(self) -> None:
        lay_groups()
        first = make.team()
        abroad = Centre.objects.create(slug="abroad", name_ar="آ", name_fr="A")
        self.teams = [
            first,
            make.other_team(),
            Team.objects.create(centre=abroad, name_ar="آ", name_fr="A"),
        ]
        self.groups = {group.name: group for group in Group.objects.all()}
        self.user = make.user("somebody")
        self.person = make.person(user=self.user)
        self.giver = make.user("giver")


@pytest.fixture(scope="module")
def ground(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Ground]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Ground()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lay(ground: Ground, roles: set[Role], postings: list[Held], asked: list[Asked]) -> list[Ticket]:
    today, now = timezone.localdate(), timezone.now()
    ground.user.groups.set([ground.groups[role.value] for role in roles])
    Posting.objects.bulk_create(
        Posting(
            user=ground.user, team=ground.teams[held.team], province=held.province,
            starts_on=today + timedelta(held.begins),
            ends_on=None if held.ends is None else today + timedelta(held.ends),
        )
        for held in postings
    )  # fmt: skip
    tickets = Ticket.objects.bulk_create(
        Ticket(
            centre=ground.teams[one.team].centre,
            team=ground.teams[one.team],
            channel="web",
            language="ar",
            subject="x",
            province=one.province,
            level=one.level,
            opened_at=now,
            moved_at=now,
            assignee=ground.user if one.is_assigned else None,
            person=ground.person if one.is_own else None,
        )
        for one in asked
    )
    Grant.objects.bulk_create(
        Grant(
            ticket=ticket, user=ground.user, given_by=ground.giver, given_at=now, reason="x",
            ends_at=now + timedelta(minutes=one.grant) if one.grant else None,
        )
        for ticket, one in zip(tickets, asked, strict=True)
        if one.grant is not None
    )  # fmt: skip
    return tickets


def may_read(roles: set[Role], postings: list[Held], one: Asked) -> bool:
    """The rule of docs/rights.md, said a second time and without a query."""
    in_force = [held for held in postings if held.begins <= 0 and held.ends in (None, 0, 5)]
    if not in_force or not roles & READING:
        return one.is_own
    in_scope = any(
        held.team == one.team and (not held.province or one.province in ("", held.province))
        for held in in_force
    )
    if one.level == 2:
        level = one.grant is not None and one.grant >= 0
    elif one.level == 1:
        level = one.is_assigned or bool(roles & {Role.SENIOR, Role.SUPERVISOR})
    else:
        level = True
    return in_scope and level


def check(ground: Ground, roles: set[Role], postings: list[Held], asked: list[Asked]) -> None:
    with undone():
        tickets = lay(ground, roles, postings, asked)
        user = User.objects.get(pk=ground.user.pk)
        rule = {
            t.pk for t, one in zip(tickets, asked, strict=True) if may_read(roles, postings, one)
        }
        assert set(Ticket.objects.visible_to(user).values_list("pk", flat=True)) == rule
        assert {t.pk for t in tickets if _opens(user, t)} == rule
        assert Ticket.objects.visible_to(user).count() == len(rule)


def _opens(user: User, ticket: Ticket) -> bool:
    try:
        return ticket_for(user, ticket.pk, at=timezone.now()) == ticket
    except Http404:
        return False


worlds = given(roles=ROLES, postings=st.lists(POSTINGS, max_size=3),
               asked=st.lists(TICKETS, min_size=1, max_size=4))  # fmt: skip
QUIET = {
    "suppress_health_check": list(HealthCheck),
    "database": None,
}


@pytest.mark.long
@worlds
@settings(max_examples=WORLDS, derandomize=True, **QUIET)
def test_rule_list_and_doorway_agree(ground, roles, postings, asked):
    check(ground, roles, postings, asked)


@pytest.mark.full
@worlds
@settings(max_examples=MANY, **QUIET)
def test_they_agree_in_many_worlds(ground, roles, postings, asked):
    check(ground, roles, postings, asked)
