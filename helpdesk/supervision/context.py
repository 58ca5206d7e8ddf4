"""What stands over every page of the desk: notices that were not put away. Read when a template asks."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from helpdesk.supervision import notes
from helpdesk.supervision.models import DeskNotice


def notices(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; empty away from the desk."""
    if not request.path.startswith("/desk/") or not hasattr(request, "user"):
        return {}

    def read() -> list[DeskNotice]:
        user = request.user
        return notes.standing(user, at=timezone.now()) if user.is_authenticated else []

    return {"desk_notices": SimpleLazyObject(read)}
