"""Which rows a posting reaches: centre first, then team, then province.

`Scope.of(user)` is read once a request (kept on the user object), so that lists, search filters
and object checks all start from the same few numbers.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from helpdesk.accounts.querysets import PostingQuerySet


@dataclass(frozen=True)
class Reach:
    """One posting: a team of a centre, for one province or (empty) for all."""

    centre: int
    team: int
    province: str


@dataclass(frozen=True)
class Scope:
    user: Any
    reaches: tuple[Reach, ...]

    @classmethod
    def of(cls, user: Any) -> "Scope":
        """The user's scope today in Casablanca; an anonymous visitor's is empty."""
        kept = user.__dict__.get("_scope") if user.is_authenticated else None
        if kept is not None:
            return kept
        reaches: tuple[Reach, ...] = ()
        if user.is_authenticated and user.is_active:
            postings: PostingQuerySet = user.postings.in_force(on=timezone.localdate())
            rows = postings.values_list("team__centre_id", "team_id", "province")
            reaches = tuple(Reach(*row) for row in rows)
        scope = cls(user, reaches)
        if user.is_authenticated:
            user.__dict__["_scope"] = scope
        return scope

    @property
    def centres(self) -> frozenset[int]:
        return frozenset(reach.centre for reach in self.reaches)

    def can(self, permission: str) -> bool:
        """The permission, and at least one posting to use it in."""
        return bool(self.reaches) and self.user.has_perm(permission)

    def rows(self, *, team: str | None = "team_id", prefix: str = "") -> Q:
        """Rows of the user's centres, teams and provinces; a row without province is everybody's.

        `team` names the row's team field, None where rows have no team.
        """
        found = Q(pk__in=[])
        for reach in self.reaches:
            one = Q(**{f"{prefix}centre_id": reach.centre})
            if team:
                one &= Q(**{f"{prefix}{team}": reach.team})
            if reach.province:
                one &= Q(**{f"{prefix}province__in": ["", reach.province]})
            found |= one
        return found
