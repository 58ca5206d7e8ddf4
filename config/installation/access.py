"""Doorways of the set-up: an administrator, for the centre of the own posting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from config.installation.steps import Step, named
from helpdesk.accounts.models import Team, User
from helpdesk.accounts.querysets import UserQuerySet
from helpdesk.accounts.rules import Role
from helpdesk.centre.access import centre_for as centre_for
from helpdesk.centre.access import own_centre
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Queue

REVIEWERS = (Role.SENIOR.value, Role.EDITOR.value)


def health_for(user: Any) -> Centre:
    """The centre whose health the user may see: administrators and supervisors, of their own posting."""
    if not (user.has_perm("centre.view_health") or user.has_perm("queues.steer_desk")):
        raise PermissionDenied
    return own_centre(user)


def practice_centre(user: Any) -> Centre:
    """The real centre of somebody who may take part in its practice: the desk, and administrators."""
    if not (user.has_perm("tickets.handle_ticket") or begins(user)):
        raise PermissionDenied
    return own_centre(user)


def begins(user: Any) -> bool:
    """Whether the user begins and wipes a practice."""
    found: bool = user.has_perm("centre.change_centre")
    return found


def practice_of(centre: Centre) -> Centre | None:
    """The practice under way."""
    found: Centre | None = Centre.objects.filter(practice_of=centre).first()
    return found


def practising_in(practice: Centre) -> UserQuerySet:
    """Who takes part just now."""
    found: UserQuerySet = User.objects.filter(practising=practice).order_by("pk")
    return found


def step_named(slug: str) -> Step:
    step = named(slug)
    if step is None:
        raise Http404
    return step


def may_set_mail(centre: Centre) -> bool:
    """The mail is the installation's, so it is for its first centre to set."""
    return not Centre.objects.filter(pk__lt=centre.pk).exists()


def queues_of(centre: Centre) -> list[Queue]:
    return list(
        Queue.objects.filter(team__centre=centre).select_related("team__centre", "schedule")
    )


def team_of(centre: Centre) -> Team:
    """The first team: where newcomers are posted."""
    return Team.objects.filter(centre=centre).earliest("pk")


def reviewers_of(centre: Centre) -> UserQuerySet:
    """Who may be named: people of the centre whose role lets them sign."""
    found: UserQuerySet = User.objects.filter(
        is_active=True, postings__team__centre=centre
    ).in_role(*REVIEWERS)
    return found.order_by("username")


def staff_of(viewer: Any) -> UserQuerySet:
    found: UserQuerySet = User.objects.visible_to(viewer).for_list(on=timezone.localdate())
    return found
