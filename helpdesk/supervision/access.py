"""Doorways to the board, to what is steered from it, and to the figures without persons."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.accounts.models import Posting, Team, User
from helpdesk.accounts.rules import DESK
from helpdesk.accounts.scope import Scope
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Queue
from helpdesk.supervision.models import DeskNotice, FrozenFile, FrozenPeriod
from helpdesk.tickets import access as tickets
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Level

STEER = "queues.steer_desk"


def may_see_board(user: Any) -> None:
    """Raises PermissionDenied."""
    if not user.has_perm("queues.view_board"):
        raise PermissionDenied


def may_read_programme(user: Any) -> None:
    """The programme report: the one thing a partner opens. Raises PermissionDenied, Http404 without
    a posting."""
    if not user.has_perm("supervision.read_programme"):
        raise PermissionDenied
    if not Scope.of(user).reaches:
        raise Http404


def may_freeze(user: Any, *, centre: int, province: str) -> None:
    """Of a centre, for somebody who has all of it in reach; else of a province of theirs."""
    if not user.has_perm("supervision.freeze_programme"):
        raise PermissionDenied
    own = {r.province for r in Scope.of(user).reaches if r.centre == centre}
    if not own & {"", province or None}:
        raise PermissionDenied


def frozen_copies(user: Any, *, centre: int) -> list[FrozenPeriod]:
    may_read_programme(user)
    rows = FrozenPeriod.objects.visible_to(user).filter(centre=centre)
    return list(rows.for_list()[:60])


def frozen_copy(user: Any, pk: int) -> FrozenPeriod:
    may_read_programme(user)
    rows = FrozenPeriod.objects.visible_to(user).select_related("centre", "frozen_by")
    return _or_404(rows.filter(pk=pk).first())


def frozen_file(user: Any, pk: int, *, language: str, format: str) -> FrozenFile:
    copy = frozen_copy(user, pk)
    return _or_404(copy.files.filter(language=language, format=format).first())


def programme_centre(user: Any, pk: int) -> Centre:
    may_read_programme(user)
    return _or_404(Centre.objects.filter(pk__in=Scope.of(user).centres, pk=pk).first())


def programme_centres(user: Any) -> list[Centre]:
    return list(Centre.objects.filter(pk__in=Scope.of(user).centres).order_by("pk"))


def may_see_gaps(user: Any) -> None:
    """Who supervises or writes articles. Raises PermissionDenied."""
    if not (user.has_perm("queues.view_board") or user.has_perm("articles.draft_version")):
        raise PermissionDenied


def solved_ticket(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A closed ordinary request of which the user may make a draft article: restricted and sealed ones
    lend the library no word."""
    may_see_board(user)
    ticket = tickets.ticket_for(user, pk, at=at)
    is_open_to_all = ticket.level == Level.ORDINARY and ticket.is_closed
    return _or_404(ticket if is_open_to_all else None)


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
