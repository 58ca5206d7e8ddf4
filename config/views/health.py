"""`/healthz`: can this process serve, and can its database save."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.live.actions import save_draft
from telephony.providers.hook.applying import events_set_aside


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` after a row was really written, else 503. Details are for staff, elsewhere.

    A second line tells that events of a telephone line wait for a person: no reason to stop serving.
    """
    try:
        save_draft(place="healthz", fields={}, at=timezone.now(), visitor="healthz")
        aside = events_set_aside()
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    more = f"line events set aside: {aside} (manage.py line_events)\n" if aside else ""
    return HttpResponse(f"ok\n{more}", content_type="text/plain")
