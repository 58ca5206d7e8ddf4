"""What the page of somebody at the desk is given to come into a call of the public network."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from telephony import access, providers
from telephony.providers.twilio import passes
from telephony.providers.twilio.line import PublicLine


@never_cache
@require_POST
def coming(request: HttpRequest, pk: int) -> HttpResponse:
    """{"pass", "seconds", "claim"}: for one's own end of a call that is there, and for nobody else's."""
    leg = access.own_leg(request.user, pk)
    line = providers.of(leg.call)
    if not isinstance(line, PublicLine) or not leg.call.has_voice:
        raise Http404
    try:
        token = passes.pass_for(request.user)
    except passes.NoPass:
        return JsonResponse({"problem": "off"}, status=503)
    return JsonResponse({"pass": token, "seconds": passes.SECONDS, "claim": line.pass_for(leg)})


app_name = "public_line"
urlpatterns = [path("", coming, name="coming")]
