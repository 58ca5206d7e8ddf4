"""Doorways to accounts. Unknown and forbidden are one 404; a person without any business here gets 403."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from helpdesk.accounts.chain import Verdict, verify
from helpdesk.accounts.models import Audit, Posting, Team, User
from helpdesk.accounts.querysets import AuditQuerySet, TeamQuerySet, UserQuerySet
from helpdesk.accounts.rules import may_post
from helpdesk.accounts.scope import Scope

PROVED = 1000
"""Rows of the audit that its page proves each time; `manage.py audit verify` proves all."""
MANAGE, POST, READ_AUDIT = "accounts.manage_users", "accounts.post_user", "accounts.read_audit"


def people_for(viewer: Any) -> UserQuerySet:
    """People the viewer may see; 403 for who neither manages accounts nor posts people."""
    if not (viewer.has_perm(MANAGE) or viewer.has_perm(POST)):
        raise PermissionDenied
    return User.objects.visible_to(viewer)


def person_for(viewer: Any, pk: int) -> User:
    return _or_404(people_for(viewer).filter(pk=pk).first())


def managed_person(viewer: Any, pk: int) -> User:
    """A person whose account the viewer may change."""
    require(viewer, MANAGE)
    return person_for(viewer, pk)


def skilled_person(viewer: Any, pk: int) -> User:
    """A person whose languages, themes and load the viewer may set: as who may post them."""
    person = person_for(viewer, pk)
    if not can_set_skills(viewer, person):
        raise Http404
    return person


def can_set_skills(viewer: Any, person: User) -> bool:
    """An administrator for everybody, a supervisor for who works in the own team and provinces."""
    held = person.postings.in_force(on=timezone.localdate()).select_related("team")
    return bool(
        viewer.has_perm(MANAGE) or any(can_post(viewer, row.team, row.province) for row in held)
    )


def posting_for(viewer: Any, person: User, pk: int) -> Posting:
    """One of the person's postings, if the viewer may end it."""
    posting = _or_404(person.postings.select_related("team", "user").filter(pk=pk).first())
    if not can_post(viewer, posting.team, posting.province):
        raise Http404
    return posting


def teams_for(viewer: Any) -> TeamQuerySet:
    return Team.objects.postable_by(viewer)


def can_post(viewer: Any, team: Team, province: str) -> bool:
    """An administrator in the teams of the centre, a supervisor within the own reach."""
    if viewer.has_perm(MANAGE):
        return team.centre_id in Scope.of(viewer).centres
    held = [(reach.team, reach.province) for reach in Scope.of(viewer).reaches]
    return bool(viewer.has_perm(POST)) and may_post(held, team.pk, province)


def audit_for(viewer: Any) -> AuditQuerySet:
    require(viewer, READ_AUDIT)
    return Audit.objects.visible_to(viewer)


def chain_state(viewer: Any) -> Verdict:
    """Whether the newest rows of the audit still fit their chain, of every centre: it is one."""
    require(viewer, READ_AUDIT)
    newest = list(Audit.objects.order_by("-pk")[: PROVED + 1])[::-1]
    if len(newest) <= PROVED:
        return verify(newest)
    return verify(newest[1:], start=newest[0].chained)


def require(viewer: Any, permission: str) -> None:
    if not viewer.has_perm(permission):
        raise PermissionDenied


def _or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
