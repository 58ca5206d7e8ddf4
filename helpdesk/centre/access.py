"""Doorways to the centre's set-up, and to its logo."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.centre.models import Centre, Logo
from helpdesk.centre.querysets import ChangeQuerySet


def centre_for(user: Any) -> Centre:
    """The centre whose details the user may change."""
    if not user.has_perm("centre.change_centre"):
        raise PermissionDenied
    return own_centre(user)


def own_centre(user: Any) -> Centre:
    """Where the user works; of somebody who practises, the real one."""
    centre = Centre.objects.worked_in_by(user).select_related("practice_of").first()
    if centre is None:
        raise Http404
    return centre.practice_of or centre


def history_of(centre: Centre) -> ChangeQuerySet:
    found: ChangeQuerySet = centre.changes.of(centre)
    return found


def logo(digest: str) -> bytes:
    """The picture with this digest: everybody may see it. 404 when it is no longer shown."""
    row = Logo.objects.filter(digest=digest).first()
    if row is None:
        raise Http404
    return bytes(row.png)
