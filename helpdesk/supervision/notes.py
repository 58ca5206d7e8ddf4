"""Notices over somebody's pages, kept for seconds, because every page of the desk asks for them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.cache import cache

from helpdesk.accounts.scope import Scope
from helpdesk.supervision.models import DeskNotice

KEPT = 10
"""Seconds until a notice written by another process shows, where processes share no cache."""
MOST = 3


def standing(user: Any, *, at: datetime) -> list[DeskNotice]:
    """Those of the user's teams that stand now and were not put away."""
    key = _key(user)
    found: list[DeskNotice] | None = cache.get(key)
    if found is None:
        rows = DeskNotice.objects.visible_to(user).not_over(at=at).for_eyes_of(user)
        found = list(rows)
        cache.set(key, found, KEPT)
    return [one for one in found if one.starts_at <= at < one.ends_at][:MOST]


def forget(team: int) -> None:
    """A notice to this team was written or ended."""
    cache.set(_team_key(team), uuid4().hex, None)


def forget_own(user: Any) -> None:
    """The person put one away."""
    cache.delete(_key(user))


def _key(user: Any) -> str:
    teams = sorted({reach.team for reach in Scope.of(user).reaches})
    marks = cache.get_many([_team_key(team) for team in teams])
    seen = ".".join(f"{team}-{marks.get(_team_key(team), '')}" for team in teams)
    return f"desk-notices:{user.pk}:{seen}"


def _team_key(team: int) -> str:
    return f"desk-notices-of:{team}"
