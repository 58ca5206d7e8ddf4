"""The number beside « Reviews » in the top bar; read when a template asks, for who sees reviews."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from helpdesk.upkeep import badge


def reviews(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; empty away from the desk."""
    if not request.path.startswith("/desk/") or not hasattr(request, "user"):
        return {}

    def read() -> int:
        user = request.user
        return badge.due_for(user, on=timezone.localdate()) if user.is_authenticated else 0

    return {"reviews_due": SimpleLazyObject(read)}
