"""`/healthz`: can this process serve, and can its database save."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.live.actions import save_draft
from knowledge.search import cluster
from telephony.providers.hook.applying import events_set_aside
from telephony.providers.twilio.strays import open_strays

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` after a row was really written, else 503. Details are for staff, elsewhere.

    Further lines tell that events of a telephone line wait for a person, and that search goes without its
    cluster: no reasons to stop serving.
    """
    try:
        save_draft(place="healthz", fields={}, at=timezone.now(), visitor="healthz")
        aside, strays = events_set_aside(), open_strays()
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type=PLAIN)
    more = f"line events set aside: {aside} (manage.py line_events)\n" if aside else ""
    if strays:
        more += f"recordings without consent at Twilio: {strays}\n"
    if cluster.does_not_answer():
        more += "Elasticsearch does not answer: the index of this host does\n"
    return HttpResponse(f"ok\n{more}", content_type=PLAIN)
