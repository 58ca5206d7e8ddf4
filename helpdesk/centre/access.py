"""The doorway to the centre's own page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.centre.models import Centre


def centre_for(user: Any) -> Centre:
    """The centre whose details the user may change."""
    if not user.has_perm("centre.change_centre"):
        raise PermissionDenied
    centre = Centre.objects.worked_in_by(user).first()
    if centre is None:
        raise Http404
    return centre
