"""Saving what is being typed, a moment after the last key."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.centre.wording import clock_text
from helpdesk.live import pace
from helpdesk.live.access import owner_of
from helpdesk.live.actions import save_draft
from helpdesk.live.visitors import remember, visitor_of

PLACE = re.compile(r"^[a-z0-9][a-z0-9:._-]{0,79}$")
NOT_KEPT = ("csrfmiddlewaretoken", "password", "code", "key")


@login_not_required
@require_POST
def draft(request: HttpRequest, place: str) -> HttpResponse:
    """Keep the fields sent, for the user or for the browser; the answer says when."""
    if not PLACE.match(place):
        return JsonResponse({"error": _("There is no such place.")}, status=404)
    if wait := pace.seconds_to_wait(request, pace.DRAFT):
        answer = JsonResponse({"error": _("Too fast."), "seconds": wait}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    fields = {name: value for name, value in request.POST.items() if name not in NOT_KEPT}
    at = timezone.now()
    save_draft(place=place, fields=fields, at=at, **owner_of(request, place))
    answer = JsonResponse({"saved_at": at.isoformat(), "time": clock_text(at)})
    return remember(answer, visitor_of(request))
