"""Doorways to retention: who proposes, who confirms, for the centre of the own posting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.centre.access import own_centre
from helpdesk.centre.models import Centre
from helpdesk.supervision.models import RetentionRule

SET, CONFIRM = "supervision.set_retention", "supervision.confirm_retention"


def centre_for(user: Any) -> Centre:
    if not (user.has_perm(SET) or user.has_perm(CONFIRM)):
        raise PermissionDenied
    return own_centre(user)


def set_centre(user: Any) -> Centre:
    """For who proposes days and deletes."""
    if not user.has_perm(SET):
        raise PermissionDenied
    return centre_for(user)


def proposal(user: Any, kind: str) -> RetentionRule:
    """One that waits for a second person."""
    rules = RetentionRule.objects.of(centre_for(user)).proposed()
    rule = rules.filter(kind=kind).first()
    if rule is None:
        raise Http404
    return rule
