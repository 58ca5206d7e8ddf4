"""What any page of the desk may show of the telephone: lazy, one question while nothing rings."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from telephony.ringing import Telephone, telephone_of


def telephone(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; empty away from the desk and for who takes no calls."""
    if not request.path.startswith("/desk/") or not hasattr(request, "user"):
        return {}
    return {"telephone": SimpleLazyObject(lambda: of(request))}


def of(request: HttpRequest) -> Telephone | None:
    """The telephone of this request, read at most once."""
    user: Any = request.user
    if not user.is_authenticated or not user.has_perm("tickets.handle_ticket"):
        return None
    kept = getattr(request, "wasl_telephone", None)
    if kept is None:
        kept = telephone_of(user, at=timezone.now())
        request.wasl_telephone = kept  # type: ignore[attr-defined]
    return kept
