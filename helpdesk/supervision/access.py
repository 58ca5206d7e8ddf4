"""Doorways to the board, to what is steered from it, and to the figures without persons."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.accounts.models import Posting, Team, User
from helpdesk.accounts.rules import DESK
from helpdesk.accounts.scope import Scope
from helpdesk.queues.models import Queue
from helpdesk.supervision.models import DeskNotice

STEER = "queues.steer_desk"


def may_see_board(user: Any) -> None:
    """Raises PermissionDenied."""
    if not user.has_perm("queues.view_board"):
        raise PermissionDenied


def may_see_figures(user: Any) -> None:
    """Raises PermissionDenied."""
    if not (user.has_perm("queues.view_figures") or user.has_perm("queues.view_board")):
        raise PermissionDenied


def works_here(user: Any) -> None:
    """Somebody of the staff, whatever they do. Raises PermissionDenied."""
    if not user.is_of_staff:
        raise PermissionDenied


def may_steer(user: Any) -> None:
    """Pause queues, move advisors, write to the desk. Raises PermissionDenied."""
    if not user.has_perm(STEER):
        raise PermissionDenied


def steered_queue(user: Any, pk: int) -> Queue:
    """A queue of the user's own teams."""
    may_steer(user)
    return _or_404(Queue.objects.filter(team__in=_teams(user), pk=pk).first())


def steered_queues(user: Any) -> list[Queue]:
    may_steer(user)
    return list(Queue.objects.filter(team__in=_teams(user)).select_related("team"))


def steered_teams(user: Any) -> list[Team]:
    may_steer(user)
    return list(Team.objects.filter(pk__in=_teams(user)).order_by("pk"))


def steered_advisor(user: Any, pk: int, *, on: date) -> User:
    """Somebody posted to one of the user's teams that day."""
    may_steer(user)
    posted = User.objects.filter(
        postings__in=_postings(user, on=on), is_active=True, pk=pk
    ).in_role(*DESK)  # fmt: skip
    return _or_404(posted.first())


def notices(user: Any, *, at: datetime) -> list[DeskNotice]:
    """Those of the user's teams that are shown now or will be."""
    may_steer(user)
    rows = DeskNotice.objects.visible_to(user).not_over(at=at)
    return list(rows.select_related("by", "team"))


def steered_notice(user: Any, pk: int, *, at: datetime) -> DeskNotice:
    may_steer(user)
    rows = DeskNotice.objects.visible_to(user).not_over(at=at)
    return _or_404(rows.filter(pk=pk).first())


def shown_notice(user: Any, pk: int, *, at: datetime) -> DeskNotice:
    """One that stands over the person's pages now."""
    works_here(user)
    return _or_404(DeskNotice.objects.visible_to(user).now(at=at).filter(pk=pk).first())


def _teams(user: Any) -> set[int]:
    return {reach.team for reach in Scope.of(user).reaches}


def _postings(user: Any, *, on: date) -> Any:
    return Posting.objects.in_force(on=on).filter(team__in=_teams(user))


def _or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
